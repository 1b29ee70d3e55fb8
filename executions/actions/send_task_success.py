"""Report that a task has succeeded."""

from __future__ import annotations

from designer.errors import ActionError
from designer.permissions import Actor, Permission, require
from executions.actions.limits import limits
from executions.actions.payloads import parse, too_large
from executions.actions.task_tokens import answer
from executions.engine.signals import Replied


async def send_task_success(actor: Actor, token: str, output: str) -> None:
    """Complete the task with `output` (JSON text); returns after the commit.

    InvalidOutput, and what task_tokens.answer raises.
    """
    require(actor, Permission.OPERATE)
    if too_large(output):
        raise _invalid(f"The output is larger than {limits().largest_payload} bytes.")
    value, problem = parse(output)
    if problem is not None:
        raise _invalid(problem)
    await answer(token, lambda ask: Replied(ask, value))


def _invalid(reason: str) -> ActionError:
    return ActionError("InvalidOutput", f"Invalid Output: '{reason}'")
