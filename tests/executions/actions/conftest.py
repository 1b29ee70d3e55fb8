"""Actions are tried on a real engine."""

from __future__ import annotations

from tests.executions.worker.conftest import bench

__all__ = ["bench"]
