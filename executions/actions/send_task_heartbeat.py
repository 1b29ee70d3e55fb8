"""Report that a task is still worked on."""

from __future__ import annotations

from designer.permissions import Actor, Permission, require
from executions.actions.task_tokens import answer
from executions.engine.signals import Beat


async def send_task_heartbeat(actor: Actor, token: str) -> None:
    """Start the task's heartbeat clock anew.  Raises what task_tokens.answer raises."""
    require(actor, Permission.OPERATE)
    await answer(token, Beat)
