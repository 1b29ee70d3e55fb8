"""Callback addresses: whoever has one answers one task with a POST, without an access key.

A task token alone is not enough to answer: it stands in histories, which people see who may not operate.  The
signature, made with the server's secret key, is what gives the right.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

from django.core import signing

from designer.errors import ActionError
from designer.permissions import Actor, Permission, require
from designer.settings import CONFIG
from executions.actions.send_task_failure import send_task_failure
from executions.actions.send_task_success import send_task_success
from executions.engine.tokens import read_token

SALT: Final = "task-callbacks"
LONGEST: Final = 366 * 24 * 3600  # seconds, as long as a task may wait
CALLER: Final = Actor(0, "callback", frozenset(), frozenset({Permission.OPERATE}))


def make_callback_url(actor: Actor, token: str) -> str:
    """The address that answers the task of `token`; good as long as the task waits.  InvalidToken."""
    require(actor, Permission.OPERATE)
    return signed_url(token)


def signed_url(token: str) -> str:
    """As make_callback_url, for an integration that hands it to whom its task asks."""
    if read_token(token) is None:
        raise ActionError("InvalidToken", "Invalid Token: 'Invalid token'")
    signed = signing.TimestampSigner(salt=SALT).sign(token)
    return f"{CONFIG.public_url}/api/v1/callbacks/{quote(signed, safe='')}/"


async def succeed(signed: str, output: str) -> None:
    """Complete the task; CallbackNotFound for what was not signed here, else as send_task_success."""
    await send_task_success(CALLER, _token(signed), output)


async def fail(signed: str, given: Any) -> None:
    """Fail the task with the `error` and `cause` of an object; both may be absent."""
    given = given if isinstance(given, dict) else {}
    error, cause = (None if given.get(name) is None else str(given[name]) for name in ("error", "cause"))
    await send_task_failure(CALLER, _token(signed), error and error[:256], cause and cause[:32_768])


def _token(signed: str) -> str:
    try:
        return signing.TimestampSigner(salt=SALT).unsign(signed, max_age=LONGEST)
    except signing.BadSignature:
        raise ActionError("CallbackNotFound", "This callback address is not valid.") from None
