"""Redrive an execution on another revision of its machine: the bug is mended, and the run goes on."""

from __future__ import annotations

from designer.errors import ActionError
from designer.permissions import Actor, Permission, require
from executions.actions.redrive_execution import redrive_execution
from executions.actions.redrive_plan import Plan, plan_redrive
from executions.approvals import audit
from executions.models import Execution
from executions.store import in_thread


async def redrive_on_revision(actor: Actor, arn: str, number: int) -> int:
    """Pin it to the revision `number` of its machine and let it run again there; the time of the redrive (ms).

    ExecutionDoesNotExist, RevisionDoesNotExist, ExecutionNotRedrivable, and RevisionDoesNotFit when a state that would
    run again is not there, or no longer what it was (engine/compatibility.py).
    """
    require(actor, Permission.OPERATE)
    plan = await in_thread(_fitting, arn, number)
    at = await redrive_execution(actor, arn, revision=plan.revision.pk)
    await in_thread(_tell, actor, arn, plan)
    return at


def _fitting(arn: str, number: int) -> Plan:
    execution = Execution.objects.filter(arn=arn).values_list("pk", flat=True).first()
    if execution is None:
        raise ActionError("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'")
    plan = plan_redrive(execution, number)
    if plan.reason is not None:
        raise ActionError("ExecutionNotRedrivable", plan.reason)
    if not plan.possible:
        first = next((f"{one.state}: {one.reason}" for one in plan.outlook.obstacles), plan.problem)
        raise ActionError("RevisionDoesNotFit", f"The execution cannot go on under revision {number}. {first}")
    return plan


def _tell(actor: Actor, arn: str, plan: Plan) -> None:
    """The redrive's own row says so, too; this is for whoever reads the log."""
    audit.append(actor.name, "execution.redriven_on_revision", arn, {
        "from": plan.pinned, "to": plan.revision.number, "states": [place.state for place in plan.outlook.places[:50]]})
