"""Tasks that call an AWS service.

    arn:aws:states:::SERVICE:ACTION                       optimized: the answer, with the SDK's metadata
    arn:aws:states:::SERVICE:ACTION.sync                  a job is started and waited for
    arn:aws:states:::SERVICE:ACTION.waitForTaskToken      the call is made, the answer comes with the token
    arn:aws:states:::aws-sdk:SERVICE:ACTION[.waitForTaskToken]    any action of any service
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from designer.asl.errors import TASK_FAILED
from designer.asl.jsontext import dumps
from executions.engine.signals import Began, Replied, Submitted
from executions.integrations.aws.calling import call, look, submitted_output
from executions.integrations.aws.clients import CLIENTS
from executions.integrations.aws.failures import error_code, failure
from executions.integrations.aws.jobs import JOBS, Job, filled, state_of
from executions.integrations.aws.services import Called, called_by
from executions.integrations.kinds import Send, TaskError, TaskRequest
from executions.store import in_thread

log = logging.getLogger(__name__)

FIRST_LOOK: Final = 0.3  # seconds until a job is looked at for the first time; then ever more seldom
LONGEST_PAUSE: Final = 20.0
GROWTH: Final = 1.5
PATIENCE: Final = 8  # looks in a row that may fail before the task does
_NOT_FOUND: Final = ("NotFound", "NoSuch", "DoesNotExist")
_detached: set[asyncio.Task[Any]] = set()


class AwsTask:
    async def run(self, request: TaskRequest, send: Send) -> None:
        task = request.task
        called = called_by(task.resource)
        if called is None:  # the registry asks first
            raise TaskError(TASK_FAILED, f"There is no action '{task.resource.action}' of {task.resource.service}.")
        waits, is_job = task.resource.waits_for_token, task.resource.is_job
        if task.submitted and waits:
            return
        known = await in_thread(submitted_output, request) if task.submitted else None
        if known is None:
            known, described = await self._submit(called, request, send)
            if not (waits or is_job):
                send(Replied(task.ask, described))
                return
            if not task.submitted:
                send(Submitted(task.ask, described))
        if is_job:
            await _Watch(called, request, known).until_done(send)

    async def _submit(self, called: Called, request: TaskRequest, send: Send) -> tuple[dict[str, Any], dict[str, Any]]:
        """Make the call.  A job that lands when nobody waits any more is stopped."""
        loop, ask = asyncio.get_running_loop(), request.task.ask
        said = request.task.begun

        def began() -> None:
            if not said:
                loop.call_soon_threadsafe(send, Began(ask))

        calling = asyncio.ensure_future(CLIENTS.in_thread(call, called, request, began))
        if not request.task.resource.is_job:
            return await calling
        try:
            return await asyncio.shield(calling)
        except asyncio.CancelledError as cancelled:
            if not calling.done() and _is_unwanted(cancelled):
                _detach(_stop_when_landed(called, request, calling))
            raise


class _Watch:
    """A job that was started: looked at, with longer and longer pauses, until it is done."""

    def __init__(self, called: Called, request: TaskRequest, result: dict[str, Any]) -> None:
        resource = request.task.resource
        self._called, self._request = called, request
        self._job: Job = JOBS[resource.service, resource.action]
        self._values = {"params": request.task.payload, "result": result}

    async def until_done(self, send: Send) -> None:
        """Send the job's description when it has ended well; States.TaskFailed with it when not."""
        try:
            state, found = await self._ended()
        except asyncio.CancelledError as cancelled:
            if _is_unwanted(cancelled):
                _detach(self.stop())
            raise
        if state == "bad":
            raise TaskError(TASK_FAILED, dumps(found))
        send(Replied(self._request.task.ask, found))

    async def _ended(self) -> tuple[str, Any]:
        pause, failed = FIRST_LOOK, 0
        arguments = filled(self._job.arguments, self._values)
        while True:
            await asyncio.sleep(pause)
            pause = min(pause * GROWTH, LONGEST_PAUSE)
            try:
                answer = await CLIENTS.in_thread(look, self._called, self._job.look, arguments, self._request)
            except (ClientError, BotoCoreError) as error:
                if self._job.gone and isinstance(error, ClientError) and _is_missing(error):
                    return "good", self._values["result"]
                failed += 1
                if failed >= PATIENCE:
                    raise failure(self._called, error, self._model()) from None
                continue
            failed = 0
            state = state_of(self._job, answer)
            if state != "running":
                return state, self._found(answer)

    def _found(self, answer: Any) -> Any:
        return filled(f"{{{self._job.found}}}", answer)

    def _model(self) -> Any:
        return CLIENTS.client(self._called.service, self._request.machine_arn.split(":")[3]).meta.service_model

    async def stop(self) -> None:
        """End the job; what it answers is of no interest any more."""
        if self._job.stop is None:
            return
        arguments = filled(self._job.stop_arguments, self._values)
        try:
            await CLIENTS.in_thread(look, self._called, self._job.stop, arguments, self._request)
        except Exception as error:
            log.warning("The job of %s could not be stopped: %s", self._request.task.resource.arn, error)


async def _stop_when_landed(called: Called, request: TaskRequest, calling: asyncio.Future[Any]) -> None:
    try:
        result, _ = await calling
    except (TaskError, asyncio.CancelledError):
        return
    await _Watch(called, request, result).stop()


def _is_unwanted(cancelled: asyncio.CancelledError) -> bool:
    """A cancellation with a reason comes from the workflow; without one the server stops (kinds.py)."""
    return bool(cancelled.args and cancelled.args[0])


def _is_missing(error: ClientError) -> bool:
    return any(word in error_code(error) for word in _NOT_FOUND)


def _detach(work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.get_running_loop().create_task(work)
    _detached.add(task)
    task.add_done_callback(_detached.discard)
