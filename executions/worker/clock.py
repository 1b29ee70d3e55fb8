"""The engine's clock: UTC milliseconds that never go back."""

from __future__ import annotations

import time


class Clock:
    """The wall clock, carried on by monotonic time while it is set back.

    Relative waits so run on monotonic time while the process lives; when the wall clock jumps forward,
    the clock follows, and what came due meanwhile is due once.
    """

    def __init__(self) -> None:
        self._offset = self._measure()

    @staticmethod
    def _measure() -> int:
        return time.time_ns() - time.monotonic_ns()

    def now(self) -> int:
        """Milliseconds since the epoch."""
        self._offset = max(self._offset, self._measure())
        return (time.monotonic_ns() + self._offset) // 1_000_000
