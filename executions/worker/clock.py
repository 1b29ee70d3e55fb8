"""The engine's clock: UTC milliseconds that never go back."""

from __future__ import annotations

import time
from collections.abc import Callable


class Clock:
    """The wall clock, carried on by monotonic time while it is set back.

    Relative waits so run on monotonic time while the process lives; when the wall clock jumps forward,
    the clock follows, and what came due meanwhile is due once.  `wall` and `steady` give nanoseconds.
    """

    def __init__(self, wall: Callable[[], int] = time.time_ns, steady: Callable[[], int] = time.monotonic_ns) -> None:
        self._wall, self._steady = wall, steady
        self._offset = wall() - steady()  # in this order: a pause between the two makes it smaller, never larger

    def now(self) -> int:
        """Milliseconds since the epoch."""
        wall, steady = self._wall(), self._steady()
        self._offset = max(self._offset, wall - steady)
        return (steady + self._offset) // 1_000_000
