"""Trying a connection: one GET request with it, and what came of that."""

from __future__ import annotations

import re
from concurrent.futures import TimeoutError as WaitedTooLong
from dataclasses import dataclass
from typing import Final

from designer.errors import ActionError
from designer.permissions import Actor, Permission, require
from designer.settings import CONFIG
from executions.actions import gateway
from executions.integrations.http.authorizing import authorization, forget_token
from executions.integrations.http.connections import Known, find_connection, known
from executions.integrations.http.exchange import Answer, Outgoing, SocketError, Transport
from executions.integrations.http.guard import RefusedError
from executions.integrations.http.schema import url_of
from executions.integrations.kinds import TaskError
from executions.integrations.webhook.sending import KIND, post

SECONDS: Final = 15.0
SHOWN: Final = 2_000  # characters of the answer


@dataclass(frozen=True, slots=True)
class Trial:
    """`status` is None when no answer came; `text` is the beginning of the answer, or why there is none."""

    good: bool
    status: int | None
    text: str


def try_connection(actor: Actor, name: str, endpoint: str) -> Trial:
    """Send a GET to `endpoint` as a task would (from a view's thread); a webhook gets a message."""
    require(actor, Permission.DESIGN)
    row = find_connection(actor, name)
    try:
        found = known(row.arn)
    except ValueError:
        return Trial(False, None, "The secrets were sealed under another secret key of the server; enter them again.")
    if found is None:
        raise ActionError("ResourceNotFound", f"There is no connection '{name}'.")
    gateway.engine()  # says clearly when there is none
    try:
        return gateway.from_thread(asked(found, endpoint.strip(), Transport(CONFIG.http_allow, seconds=SECONDS)),
                                   timeout=2 * SECONDS + 5)
    except WaitedTooLong:
        return Trial(False, None, "No answer came in time.")


async def asked(found: Known, endpoint: str, transport: Transport) -> Trial:
    """The request and its answer; nothing secret is in the Trial unless the other side sends it back."""
    try:
        if found.kind == KIND:
            return _told(await post(found, {"text": "A test from Statewright."}, transport), found)
        forget_token(found)  # the credentials are tried, not a token that is still good
        proof = await authorization(found, transport)
        headers = {"User-Agent": "Statewright", "Accept": "*/*"} | found.added["headers"] | proof
        answer = await transport.send(Outgoing("GET", url_of(endpoint, found.added["query"]), tuple(headers.items())))
    except TaskError as error:
        return Trial(False, None, error.cause or "")
    except (RefusedError, SocketError) as error:
        return Trial(False, None, f"{error}.")
    return _told(answer, found)


def _told(answer: Answer, found: Known) -> Trial:
    text = _without_secrets(answer.body.decode("utf-8", "replace")[:SHOWN], found)
    return Trial(answer.status // 100 == 2, answer.status, text)


def _without_secrets(text: str, found: Known) -> str:
    """An echo of the request must not show on a page what is never shown."""
    values = [*found.values.values(), *(each for more in found.added.values() for each in more.values())]
    for value in sorted((each for each in values if len(each) > 3), key=len, reverse=True):
        text = re.sub(re.escape(value), "•••", text)
    return text
