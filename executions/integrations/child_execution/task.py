"""Tasks that start an execution.

    arn:aws:states:::states:startExecution                    the result tells that it has started
    arn:aws:states:::states:startExecution.sync               … what came of it, input and output as JSON text
    arn:aws:states:::states:startExecution.sync:2             … what came of it, input and output as JSON
    arn:aws:states:::states:startExecution.waitForTaskToken   started, the answer comes with the token
"""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, replace
from typing import Final

from django.db.models import QuerySet

from designer.arns import execution_arn
from designer.asl.errors import TASK_FAILED
from designer.errors import ActionError
from designer.permissions import Actor, Permission
from executions.actions import gateway
from executions.actions.start_execution import start_execution
from executions.engine.signals import Began, Replied, Stopped, Submitted
from executions.integrations.child_execution import envelope
from executions.integrations.child_execution.accounts import as_asked, at_home, foreign_account
from executions.integrations.child_execution.endings import ending_of
from executions.integrations.child_execution.schema import Child, read
from executions.integrations.kinds import Send, TaskError, TaskRequest
from executions.models import Execution
from executions.store import in_thread
from executions.store.offload import stored_form

WORKFLOW: Final = Actor(0, "workflow", frozenset(), frozenset({Permission.OPERATE}))
NAMES: Final = uuid.UUID("6f3a2f5e-0c8e-4a57-9d0e-6f5a3c1d7b42")  # of children whose name is not given
ABORTED: Final = "The Task state in AWS Step Functions execution [{}] which was managing this resource was aborted"


@dataclass(frozen=True, slots=True)
class _Running:
    """A child that was started.  `account`: the one it is shown under, "" for our own."""

    id: int
    arn: str
    started_at: int
    account: str = ""


class ChildExecutionTask:
    async def run(self, request: TaskRequest, send: Send) -> None:
        task = request.task
        child = read(task.payload)
        account = foreign_account(child.machine_arn, task.credentials)
        if account:
            child = replace(child, machine_arn=at_home(child.machine_arn))
        is_job = task.resource.is_job
        if task.resource.waits_for_token and task.submitted:
            return
        if not task.begun:
            send(Began(task.ask))
        running = replace(await _running(request, child), account=account)
        result = envelope.started(as_asked(running.arn, account), running.started_at)
        if not (is_job or task.resource.waits_for_token):
            send(Replied(task.ask, result))
            return
        if not task.submitted:
            send(Submitted(task.ask, result))
        if is_job:
            await _watch(request, running, send)


async def _running(request: TaskRequest, child: Child) -> _Running:
    """The child of this task, started if it is not there yet."""
    if request.task.begun:
        known = await in_thread(_find_again, request, child)
        if known is not None:
            return known
    starting = asyncio.ensure_future(_start(request, child))
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError as cancelled:
        # It is on its way into the database; once there, it is stopped as any other.
        running = await starting
        await _stop_if_unwanted(request, running, cancelled)
        raise


async def _start(request: TaskRequest, child: Child) -> _Running:
    name = child.name or str(uuid.uuid5(NAMES, f"{request.execution}:{request.task.ask}"))
    try:
        started = await start_execution(
            WORKFLOW, child.machine_arn, child.input, name=name, trace_header=child.trace_header,
            parent_execution=request.execution, parent_ask=request.task.ask)
    except ActionError as error:
        if error.code == "ExecutionAlreadyExists":
            known = await in_thread(_own_child, request)
            if known is not None:
                return known  # started before a crash, and ended since
        if error.code == "ServiceUnavailable":  # the database is away: the worker runs the task again
            raise
        raise _refused(error) from None
    return _Running(started.id, started.arn, started.started_at)


def _refused(error: ActionError) -> TaskError:
    name = error.code if error.code.endswith("Exception") else f"{error.code}Exception"
    return TaskError(
        f"StepFunctions.{name}",
        f"{error.message} (Service: AWSStepFunctions; Status Code: 400; Error Code: {error.code}; "
        f"Request ID: {uuid.uuid4()}; Proxy: null)")


def _own_child(request: TaskRequest) -> _Running | None:
    return _first(Execution.objects.filter(parent_id=request.execution, parent_ask=request.task.ask))


def _find_again(request: TaskRequest, child: Child) -> _Running | None:
    """The child that was started before a restart; one that was running already has another parent or none."""
    own = _own_child(request)
    if own is not None or child.name is None:
        return own
    machine = ":".join(child.machine_arn.split(":")[:7])
    return _first(Execution.objects.filter(arn=execution_arn(machine, child.name), input=stored_form(child.input)))


def _first(rows: QuerySet[Execution]) -> _Running | None:
    row = rows.order_by("-pk").values_list("pk", "arn", "started_at").first()
    return None if row is None else _Running(*row)


async def _watch(request: TaskRequest, running: _Running, send: Send) -> None:
    """Wait for the child's end; stop the child when nobody waits any more."""
    try:
        child = await ending_of(running.id)
    except asyncio.CancelledError as cancelled:
        await _stop_if_unwanted(request, running, cancelled)
        raise
    if child is None:
        raise TaskError(TASK_FAILED, f"The execution {running.arn} does not exist any more.")
    if child.status != "SUCCEEDED":
        raise TaskError(TASK_FAILED, envelope.failed(child, running.account))
    parsed = request.task.resource.suffix == ".sync:2"
    send(Replied(request.task.ask, envelope.ended(child, parsed=parsed, account=running.account)))


async def _stop_if_unwanted(request: TaskRequest, running: _Running, cancelled: asyncio.CancelledError) -> None:
    """A cancellation with a reason comes from the workflow; without one the server stops (kinds.py)."""
    if request.task.resource.is_job and cancelled.args and cancelled.args[0]:
        stopped = Stopped(None, ABORTED.format(request.execution_arn))
        await gateway.engine().deliver(running.id, stopped)
