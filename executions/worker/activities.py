"""Activity tasks that wait for a worker, and workers that wait for a task."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, defaultdict, deque
from dataclasses import dataclass
from typing import Final

MAX_POLLERS: Final = 1000  # of one activity (quotas.md section 4)
Ask = tuple[int, int]  # execution, ask


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

    A task that nobody waits for any more is withdrawn; one that was handed over this very moment is for the
    caller to skip, who knows what still waits.
    """

    def __init__(self) -> None:
        self._tasks: defaultdict[str, OrderedDict[Ask, Waiting]] = defaultdict(OrderedDict)
        self._queued: dict[Ask, str] = {}  # the activity in whose queue a task is
        self._pollers: defaultdict[str, deque[asyncio.Future[Waiting]]] = defaultdict(deque)

    def offer(self, activity: str, task: Waiting) -> None:
        """Give the task to the worker that has waited longest, or keep it."""
        if not self._hand_over(activity, task):
            self._keep(activity, task)

    def give_back(self, activity: str, task: Waiting) -> None:
        """A worker went away before it had the task: it is the next to go out."""
        if not self._hand_over(activity, task):
            self._keep(activity, task)
            self._tasks[activity].move_to_end((task.execution, task.ask), last=False)

    def withdraw(self, execution: int, ask: int) -> None:
        """Nobody waits for this task any more."""
        activity = self._queued.get((execution, ask))
        if activity is not None:
            self._remove(activity, (execution, ask))

    def _keep(self, activity: str, task: Waiting) -> None:
        self._tasks[activity][task.execution, task.ask] = task
        self._queued[task.execution, task.ask] = activity

    def _remove(self, activity: str, ask: Ask) -> None:
        tasks = self._tasks[activity]
        del tasks[ask], self._queued[ask]
        if not tasks:
            del self._tasks[activity]

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
            ask, task = next(iter(tasks.items()))
            self._remove(activity, ask)
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
