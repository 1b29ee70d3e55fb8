"""Token buckets: how many starts and state transitions are taken on (quotas.md section 4)."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from designer.errors import ActionError
from executions.actions.limits import limits
from executions.engine.effects import StartTask
from executions.engine.step import Step
from executions.worker.slot import Slot

STANDARD, EXPRESS = "STANDARD", "EXPRESS"
SHORTEST_PAUSE: Final = 0.005  # seconds


class Bucket:
    """`rate` tokens a second flow in, `burst` find room; it may be emptied below zero and then fills from there."""

    def __init__(self, rate: int, burst: int, steady: Callable[[], float] = time.monotonic) -> None:
        self.rate, self.burst = rate, burst or rate
        self._steady = steady
        self._level, self._at = float(self.burst), steady()

    def level(self) -> float:
        now = self._steady()
        self._level = min(float(self.burst), self._level + (now - self._at) * self.rate)
        self._at = now
        return self._level

    def spend(self, tokens: int) -> None:
        self._level -= tokens

    def take(self) -> bool:
        """One token, if there is one."""
        if self.level() < 1:
            return False
        self.spend(1)
        return True

    def wait(self) -> float:
        """Seconds until there is a token."""
        return max(SHORTEST_PAUSE, (1 - self.level()) / self.rate)


def _bucket(rate: int, burst: int) -> Bucket | None:
    return Bucket(rate, burst) if rate else None


class Gate:
    """Lets starts in, as the limits say; `refused` counts those that the buckets had no token for."""

    def __init__(self) -> None:
        self._limits = limits()
        self._buckets: dict[str, Bucket | None] = {}
        self.refused = 0
        self._fill()

    def _fill(self) -> None:
        now = self._limits
        self._buckets = {
            STANDARD: _bucket(now.start_rate, now.start_burst),
            EXPRESS: _bucket(now.express_start_rate, now.express_start_burst)}

    def admit(self, kind: str, running: int) -> None:
        """Raises ActionError: ExecutionLimitExceeded, ThrottlingException."""
        if limits() is not self._limits:
            self._limits = limits()
            self._fill()
        most = self._limits.open_executions
        if most and running >= most:
            message = (f"The maximum number of running executions ({most}) has been reached. Running executions must "
                       "end or be stopped before a new execution can be started.")
            raise ActionError("ExecutionLimitExceeded", message)
        bucket = self._buckets.get(kind)
        if bucket is not None and not bucket.take():
            self.refused += 1
            raise ActionError("ThrottlingException", "Rate exceeded")


class Pace:
    """Holds Standard executions back while the bucket of state transitions is empty.

    `queue` puts one back among those that are ready.  `throttled` counts (AWS's ExecutionThrottled).
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, queue: Callable[[Slot], None]) -> None:
        self._loop, self._queue = loop, queue
        self._limits = limits()
        self._bucket = _bucket(self._limits.transition_rate, self._limits.transition_burst)
        self._held: deque[Slot] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self.throttled = 0

    def holds(self, slot: Slot) -> bool:
        """Whether this one has to wait; it is queued again when there is room."""
        if limits() is not self._limits:
            self._limits = limits()
            self._bucket = _bucket(self._limits.transition_rate, self._limits.transition_burst)
        bucket = self._bucket
        if bucket is None or slot.run.kind == EXPRESS or bucket.level() >= 1:
            return False
        self.throttled += 1
        slot.queued = True
        self._held.append(slot)
        if self._timer is None:
            self._timer = self._loop.call_later(bucket.wait(), self._release)
        return True

    def budget(self, most: int) -> int:
        """How many transitions a step may make now."""
        return most if self._bucket is None else max(1, min(most, int(self._bucket.level())))

    def spend(self, slot: Slot, step: Step) -> None:
        """Count what a step has done: states entered, and tasks that were tried again."""
        if self._bucket is None or slot.run.kind == EXPRESS:
            return
        entered = [event["type"] for event in step.events if event["type"].endswith("StateEntered")]
        tries = sum(isinstance(effect, StartTask) for effect in step.effects)
        self._bucket.spend(len(entered) + max(0, tries - entered.count("TaskStateEntered")))

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _release(self) -> None:
        """All try again; those that come too late are held once more, behind nobody who came after them."""
        self._timer = None
        held, self._held = self._held, deque()
        for slot in held:
            slot.queued = False
            self._queue(slot)
