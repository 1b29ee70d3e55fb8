"""Running task effects: one asyncio task per StartTask, through the integration of its resource."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from django.db import InterfaceError, OperationalError

from designer.asl.errors import RUNTIME, TASK_FAILED
from designer.asl.jsontext import dumps
from designer.asl.model import Resource
from designer.errors import ActionError
from executions.engine.effects import StartTask
from executions.engine.signals import Refused, Replied, Signal
from executions.integrations.kinds import Integration, Send, TaskError, TaskRequest
from executions.worker.activities import Activities, Waiting
from executions.worker.slot import Slot

log = logging.getLogger(__name__)

Find = Callable[[Resource], Integration | None]
# (execution, signal) -> resolves after the commit: was it waited for?
Deliver = Callable[[int, Signal], "asyncio.Future[bool]"]

PAUSE: Final = 1.0  # seconds before a task is run again that the database was away for
STOP_SECONDS: Final = 5.0  # how long `stop` waits for integrations to put their work away


class Tasks:
    """What runs now, by execution and ask."""

    def __init__(self, loop: asyncio.AbstractEventLoop, find: Find, deliver: Deliver, activities: Activities) -> None:
        self._loop, self._find, self._deliver, self._activities = loop, find, deliver, activities
        self._running: dict[tuple[int, int], asyncio.Task[None]] = {}
        self._all: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._all)

    def start(self, slot: Slot, task: StartTask) -> None:
        run = slot.run
        request = TaskRequest(run.id, run.arn, run.machine_arn, task)
        running = self._loop.create_task(self._run(slot, request), name=f"{run.arn} {task.state}")
        self._running[run.id, task.ask] = running
        self._all.add(running)
        running.add_done_callback(lambda done: self._ended((run.id, task.ask), done))

    def cancel(self, execution: int, ask: int, reason: str) -> None:
        """Nobody waits any more.  A task that was answered may come to its own end: a function that sends its
        token back itself is not killed for it."""
        self._activities.withdraw(execution, ask)
        running = self._running.pop((execution, ask), None)
        if running is not None and reason != "answered":
            running.cancel(reason)  # integrations see it in the CancelledError; `stop` gives none

    async def stop(self) -> None:
        """Cancel everything; what runs is run again after the next start."""
        running = list(self._all)
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running, timeout=STOP_SECONDS)

    def _ended(self, key: tuple[int, int], done: asyncio.Task[None]) -> None:
        self._all.discard(done)
        if self._running.get(key) is done:
            del self._running[key]

    async def _run(self, slot: Slot, request: TaskRequest) -> None:
        task = request.task
        answered = False

        def send(signal: Signal) -> asyncio.Future[bool]:
            nonlocal answered
            answered = answered or isinstance(signal, Replied | Refused)
            return self._deliver(request.execution, signal)

        refusal = await self._try(slot, request, send)
        if refusal is None and not answered and task.token is None:
            log.error("The integration of %s ended without an answer.", task.resource.arn)
            refusal = Refused(task.ask, RUNTIME, f"The integration of '{task.resource.arn}' ended without an answer.")
        if refusal is not None:
            self._deliver(request.execution, refusal)
        elif task.resource.kind == "activity" and not task.begun and self._is_wanted(request):
            waiting = Waiting(request.execution, task.ask, task.token or "", dumps(task.payload))
            self._activities.offer(task.resource.arn, waiting)

    async def _try(self, slot: Slot, request: TaskRequest, send: Send) -> Refused | None:
        """As `_attempt`; a database that is away is no failure of the task, which is run again as after a crash."""
        while True:
            try:
                return await self._attempt(request, send)
            except (OperationalError, InterfaceError, ActionError) as error:
                if isinstance(error, ActionError) and error.code != "ServiceUnavailable":
                    return _internal(request.task, error)
                log.warning("The task %s of %s is run again: %s", request.task.state, request.execution_arn, error)
            await asyncio.sleep(PAUSE)
            request = replace(request, task=slot.as_it_is(request.task))

    def _is_wanted(self, request: TaskRequest) -> bool:
        """Whether somebody waits for the task that runs here."""
        return self._running.get((request.execution, request.task.ask)) is asyncio.current_task()

    async def _attempt(self, request: TaskRequest, send: Send) -> Refused | None:
        """Run the integration; how it failed, or None."""
        task = request.task
        try:
            integration = self._find(task.resource)
            if integration is None:
                cause = f"The resource '{task.resource.arn}' is not supported by this installation."
                return Refused(task.ask, RUNTIME, cause)
            await integration.run(request, send)
        except TaskError as error:
            return Refused(task.ask, error.error, error.cause, error.stage, error.timed_out)
        except (OperationalError, InterfaceError, ActionError):
            raise
        except Exception as error:
            return _internal(task, error)
        return None


def _internal(task: StartTask, error: Exception) -> Refused:
    log.error("The integration of %s failed.", task.resource.arn, exc_info=error)
    return Refused(task.ask, TASK_FAILED, f"Internal error of the integration: {type(error).__name__}: {error}")
