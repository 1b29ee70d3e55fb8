"""Report that a task has failed."""

from __future__ import annotations

from designer.permissions import Actor, Permission, require
from executions.actions.task_tokens import answer
from executions.engine.signals import Refused


async def send_task_failure(actor: Actor, token: str, error: str | None = None, cause: str | None = None) -> None:
    """Fail the task; returns after the commit.  Raises what task_tokens.answer raises."""
    require(actor, Permission.OPERATE)
    await answer(token, lambda ask: Refused(ask, error, cause))
