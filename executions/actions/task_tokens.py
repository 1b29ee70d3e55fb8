"""What SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat share: finding who waits for a token."""

from __future__ import annotations

from collections.abc import Callable

from designer.errors import ActionError
from executions.actions import gateway
from executions.engine.signals import Signal
from executions.engine.tokens import read_token
from executions.store import in_thread, token_state


async def answer(token: str, signal: Callable[[int], Signal]) -> None:
    """Deliver `signal(ask)` to the task that waits for this token; returns after the commit.

    AccessDeniedException: the token of an approval.  InvalidToken: no token of ours.  TaskDoesNotExist:
    never given out.  TaskTimedOut: answered, timed out or cancelled, which is what AWS says for every
    token that is used up.
    """
    if read_token(token) is None:
        raise ActionError("InvalidToken", "Invalid Token: 'Invalid token'")
    engine = gateway.engine()
    task = engine.waiting(token)
    if task is not None and await engine.deliver(task[0], signal(task[1])):
        return
    state = await in_thread(token_state, token)
    if state is not None and state.kind == "approval":
        message = "This token belongs to an approval, which only the people it is addressed to can decide."
        raise ActionError("AccessDeniedException", message)
    if state is None:
        raise ActionError("TaskDoesNotExist", "Task Does Not Exist: 'Provided task does not exist'")
    raise ActionError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
