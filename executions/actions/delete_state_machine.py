"""Delete a state machine: at once it starts nothing more, what runs is stopped, then it is removed."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from designer.actions.delete_state_machine import begin_deletion, finish_deletion
from designer.models import StateMachine
from designer.permissions import Actor
from executions.actions import gateway
from executions.engine.signals import Stopped
from executions.models import Execution
from executions.store import in_thread

log = logging.getLogger(__name__)

AT_ONCE: Final = 200  # executions removed in one transaction, so that the engine's commits come in between


async def delete_state_machine(actor: Actor, arn: str) -> None:
    """Delete a machine with its versions, aliases and executions; one that is not there is no error (recorded).

    The answer does not wait for much: executions are stopped, and the rows go when the last has ended
    (at the next start, should the server end before).  InvalidArn, ValidationException (labelled ARN).
    """
    machine = await in_thread(begin_deletion, actor, arn)
    if machine is None:
        return
    await _end(machine.pk)


async def finish_deletions() -> None:
    """Go on with the deletions that the server's end interrupted."""
    for machine_id in await in_thread(_in_deletion):
        await _end(machine_id)


async def _end(machine_id: int) -> None:
    engine = gateway.engine()
    # A start that was under way when the machine was marked may come in late, hence again.
    for _ in range(3):
        running = await in_thread(_running, machine_id)
        stops = [engine.deliver(id, Stopped(None, "The state machine was deleted.")) for id in running]
        await asyncio.gather(*stops, return_exceptions=True)
        if await in_thread(_finish, machine_id):
            return
    log.warning("Some executions of the machine %d do not end; it stays in deletion until the next start.", machine_id)


def _in_deletion() -> list[int]:
    return list(StateMachine.objects.filter(status="DELETING").values_list("pk", flat=True))


def _running(machine_id: int) -> list[int]:
    return list(Execution.objects.filter(machine_id=machine_id, status="RUNNING").values_list("pk", flat=True))


def _finish(machine_id: int) -> bool:
    if _running(machine_id):
        return False
    executions = Execution.objects.filter(machine_id=machine_id)
    while some := list(executions.values_list("pk", flat=True)[:AT_ONCE]):
        Execution.objects.filter(pk__in=some).delete()
    finish_deletion(machine_id)
    return True
