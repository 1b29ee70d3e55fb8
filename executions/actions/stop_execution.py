"""Stop an execution."""

from __future__ import annotations

from designer import arns
from designer.errors import ActionError
from designer.permissions import Actor, Permission, require
from executions.actions import gateway
from executions.engine.signals import Stopped
from executions.models import Execution
from executions.store import in_thread


async def stop_execution(actor: Actor, arn: str, error: str | None = None, cause: str | None = None) -> int:
    """Stop a Standard execution; answers its stop time (ms since the epoch) after the commit.

    One that has ended already stays as it ended, and its own stop time is answered.  InvalidArn,
    ExecutionDoesNotExist.
    """
    require(actor, Permission.OPERATE)
    arns.parse(arn, arns.EXECUTION)
    execution = await in_thread(_find, arn)
    if execution is None:
        raise ActionError("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'")
    await gateway.engine().deliver(execution, Stopped(error, cause))
    return await in_thread(_stopped_at, execution)


def _find(arn: str) -> int | None:
    return Execution.objects.filter(arn=arn).values_list("pk", flat=True).first()


def _stopped_at(execution: int) -> int:
    stopped = Execution.objects.values_list("stopped_at", flat=True).get(pk=execution)
    if stopped is None:
        raise ActionError("InternalFailure", "The execution did not stop; see the server's log.")
    return stopped
