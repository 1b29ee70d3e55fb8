"""Delete a state machine in two steps: at once it takes no new work; its rows go when no execution runs.

The executions' side (ending what runs, removing what has ended) is executions.actions.delete_state_machine,
which calls these two.
"""

from __future__ import annotations

from django.db import transaction

from designer.errors import ActionError
from designer.machines import unlabelled
from designer.models import Alias, Draft, Revision, StateMachine, Version
from designer.noting import note
from designer.permissions import Actor, Permission, require
from designer.tags import remove_tags


@transaction.atomic
def begin_deletion(actor: Actor, arn: str) -> StateMachine | None:
    """Mark the machine DELETING and drop its versions and aliases; None when there is no such machine.

    InvalidArn; ValidationException for a qualified ARN.
    """
    require(actor, Permission.DESIGN)
    parsed = unlabelled(arn)
    if parsed.qualifier is not None:
        message = f"'{arn}' is the ARN of a version or alias; use the ARN of the state machine itself."
        raise ActionError("ValidationException", message)
    machine = StateMachine.objects.select_for_update().filter(arn=parsed.text).first()
    if machine is None:
        return None
    if machine.status != "DELETING":
        note(actor, "machine.deleted", machine.arn)
    machine.status = "DELETING"
    machine.save(update_fields=["status"])
    Alias.objects.filter(machine=machine).delete()
    Version.objects.filter(machine=machine).delete()
    remove_tags(machine.arn)
    return machine


@transaction.atomic
def finish_deletion(machine_id: int) -> None:
    """Remove the rows of a machine whose executions are gone."""
    machine = StateMachine.objects.select_for_update().filter(pk=machine_id, status="DELETING").first()
    if machine is None:
        return
    machine.current = None
    machine.save(update_fields=["current"])
    Draft.objects.filter(machine=machine).delete()
    Revision.objects.filter(machine=machine).delete()
    machine.delete()
