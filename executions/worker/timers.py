"""All timers of all executions: one heap, one asyncio timer."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable
from typing import Final, NamedTuple

from executions.worker.clock import Clock

LONGEST_SLEEP: Final = 10.0  # seconds; a wall clock that jumps forward is noticed within this time
SLACK: Final = 1000  # stale entries that are borne before the heap is made anew


class Key(NamedTuple):
    """`timer` is "wake", "timeout", "heartbeat", or "execution" (ask 0) for the execution's own limit."""

    execution: int
    ask: int
    timer: str


class Timers:
    """Deadlines by key; `fire` is called in the loop with all keys that are due.

    A replaced or cancelled timer stays in the heap until it comes up; the dict says what counts.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, clock: Clock, fire: Callable[[list[Key]], None]) -> None:
        self._loop, self._clock, self._fire = loop, clock, fire
        self._heap: list[tuple[int, Key]] = []
        self._due: dict[Key, int] = {}
        self._handle: asyncio.TimerHandle | None = None
        self._armed_for = 0

    def __len__(self) -> int:
        return len(self._due)

    def set(self, key: Key, due: int) -> None:
        """Fire at `due` (ms since the epoch); replaces an earlier deadline of the same key."""
        if self._due.get(key) == due:
            return
        self._due[key] = due
        heapq.heappush(self._heap, (due, key))
        if len(self._heap) > 2 * len(self._due) + SLACK:
            self._heap = [(at, key) for key, at in self._due.items()]
            heapq.heapify(self._heap)
        self._arm()

    def cancel(self, execution: int, ask: int) -> None:
        """Drop all timers of an ask."""
        for timer in ("wake", "timeout", "heartbeat"):
            self._due.pop(Key(execution, ask, timer), None)

    def drop(self, key: Key) -> None:
        self._due.pop(key, None)

    def stop(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _arm(self) -> None:
        if not self._heap:
            return
        due = self._heap[0][0]
        if self._handle is not None:
            if self._armed_for <= due:
                return
            self._handle.cancel()
        self._armed_for = due
        seconds = max(0.0, (due - self._clock.now()) / 1000)
        self._handle = self._loop.call_later(min(seconds, LONGEST_SLEEP), self._wake)

    def _wake(self) -> None:
        self._handle = None
        now = self._clock.now()
        due: list[Key] = []
        while self._heap and self._heap[0][0] <= now:
            at, key = heapq.heappop(self._heap)
            if self._due.get(key) == at:
                del self._due[key]
                due.append(key)
        if due:
            self._fire(due)
        self._arm()
