"""Activity tasks that wait for a worker, and workers that wait for a task."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Final

MAX_POLLERS: Final = 1000  # of one activity (quotas.md section 4)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An activity task that nobody has taken yet.  `input` is JSON text."""

    execution: int
    ask: int
    token: str
    input: str


class TooManyPollersError(Exception):
    """More than MAX_POLLERS workers poll one activity at once."""


class Activities:
    """One queue an activity, first come, first served, on both sides.

    Cancelled tasks are left in the queue and skipped by the caller, who knows what still waits.
    """

    def __init__(self) -> None:
        self._tasks: defaultdict[str, deque[Waiting]] = defaultdict(deque)
        self._pollers: defaultdict[str, deque[asyncio.Future[Waiting]]] = defaultdict(deque)

    def offer(self, activity: str, task: Waiting) -> None:
        """Give the task to the worker that has waited longest, or keep it."""
        if not self._hand_over(activity, task):
            self._tasks[activity].append(task)

    def give_back(self, activity: str, task: Waiting) -> None:
        """A worker went away before it had the task: it is the next to go out."""
        if not self._hand_over(activity, task):
            self._tasks[activity].appendleft(task)

    def _hand_over(self, activity: str, task: Waiting) -> bool:
        pollers = self._pollers.get(activity)
        while pollers:
            poller = pollers.popleft()
            if not poller.done():
                poller.set_result(task)
                return True
        return False

    async def take(self, activity: str, wait: float) -> Waiting | None:
        """The next task, or None after `wait` seconds."""
        tasks = self._tasks.get(activity)
        if tasks:
            task = tasks.popleft()
            if not tasks:
                del self._tasks[activity]
            return task
        if wait <= 0:
            return None
        return await self._poll(activity, wait)

    async def _poll(self, activity: str, wait: float) -> Waiting | None:
        pollers = self._pollers[activity]
        if len(pollers) >= MAX_POLLERS:
            raise TooManyPollersError(activity)
        poller: asyncio.Future[Waiting] = asyncio.get_running_loop().create_future()
        pollers.append(poller)
        try:
            await asyncio.wait([poller], timeout=wait)
        except asyncio.CancelledError:
            if poller.done():
                self.give_back(activity, poller.result())
            raise
        finally:
            self._leave(activity, poller)
        return poller.result() if poller.done() and not poller.cancelled() else None

    def _leave(self, activity: str, poller: asyncio.Future[Waiting]) -> None:
        pollers = self._pollers.get(activity)
        if not poller.done():
            poller.cancel()
            if pollers and poller in pollers:
                pollers.remove(poller)
        if pollers is not None and not pollers:
            self._pollers.pop(activity, None)
