"""Delete a state machine: at once it starts nothing more, what runs is stopped, then it is removed."""

from __future__ import annotations

import logging

from designer.actions.delete_state_machine import begin_deletion, finish_deletion
from designer.models import StateMachine
from designer.permissions import Actor
from executions.actions import gateway
from executions.engine.signals import Stopped
from executions.models import Execution
from executions.store import in_thread

log = logging.getLogger(__name__)


async def delete_state_machine(actor: Actor, arn: str) -> None:
    """Delete a machine with its versions, aliases and executions; one that is not there is no error (recorded).

    The answer does not wait for much: executions are stopped, and the rows go when the last has ended
    (at the next start, should the server end before).  InvalidArn, ValidationException (labelled ARN).
    """
    machine = await in_thread(begin_deletion, actor, arn)
    if machine is None:
        return
    # A start that was under way when the machine was marked may come in late, hence again.
    for _ in range(3):
        for execution in await in_thread(_running, machine.pk):
            await gateway.engine().deliver(execution, Stopped(None, "The state machine was deleted."))
        if await in_thread(_finish, machine.pk):
            return
    log.warning("Some executions of %s do not end; it stays in deletion until the next start.", arn)


def finish_deletions() -> None:
    """Remove the machines that are being deleted and have no running execution."""
    for machine_id in StateMachine.objects.filter(status="DELETING").values_list("pk", flat=True):
        _finish(machine_id)


def _running(machine_id: int) -> list[int]:
    return list(Execution.objects.filter(machine_id=machine_id, status="RUNNING").values_list("pk", flat=True))


def _finish(machine_id: int) -> bool:
    if _running(machine_id):
        return False
    Execution.objects.filter(machine_id=machine_id).delete()
    finish_deletion(machine_id)
    return True
