"""kill -9 at random moments under hundreds of running executions; `make chaos` does it for longer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.killing import kill_rounds

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(1200)]

ROUNDS = {"sqlite": 50, "postgresql": 5}
RUNNING = {"sqlite": 200, "postgresql": 100}  # at least so many run at every kill
SEED = 20260917


def test_every_acknowledged_execution_ends_once_whatever_moment_the_server_is_killed(
    tmp_path: Path, each_database: str,
) -> None:
    kill_rounds(tmp_path, ROUNDS[each_database], SEED, RUNNING[each_database])
