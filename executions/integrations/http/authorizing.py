"""What a connection adds to a request: a password, a key, or a token that is asked for and kept while it is good."""

from __future__ import annotations

import base64
import time
from typing import Any, Final
from urllib.parse import urlencode

from designer.asl.errors import RUNTIME
from designer.asl.jsontext import loads
from executions.integrations.http.connections import Known
from executions.integrations.http.exchange import Outgoing, SocketError, Transport
from executions.integrations.http.guard import RefusedError
from executions.integrations.http.schema import FORM
from executions.integrations.kinds import TaskError

RENEW_SECONDS: Final = 60.0  # a token is asked for anew this long before it ends
USUAL_SECONDS: Final = 300.0  # for how long a token is kept that does not say how long it is good
KEPT: Final = 200
_PREFIX: Final = "Events.ConnectionResource."

_tokens: dict[tuple[str, str], tuple[float, str]] = {}


async def authorization(known: Known, transport: Transport) -> dict[str, str]:
    """The headers that prove who asks.  TaskError when no token can be had."""
    values = known.values
    if known.kind == "BASIC":
        pair = f"{values['username']}:{values['password']}".encode()
        return {"Authorization": "Basic " + base64.b64encode(pair).decode("ascii")}
    if known.kind == "API_KEY":
        return {values["apiKeyName"]: values["apiKeyValue"]}
    if known.kind == "WEBHOOK":
        raise TaskError(f"{_PREFIX}InvalidConnectionType", "A webhook's connection is for webhook:send tasks only.")
    return {"Authorization": f"Bearer {await _token(known, transport)}"}


def forget_token(known: Known) -> None:
    """The token was refused: the next request asks for another."""
    _tokens.pop((known.arn, known.changed), None)


async def _token(known: Known, transport: Transport) -> str:
    key = (known.arn, known.changed)
    kept = _tokens.get(key)
    if kept is not None and kept[0] > time.monotonic():
        return kept[1]
    token, seconds = await _asked_for(known, transport)
    if len(_tokens) >= KEPT:
        _tokens.clear()
    _tokens[key] = (time.monotonic() + max(seconds - RENEW_SECONDS, 0), token)
    return token


async def _asked_for(known: Known, transport: Transport) -> tuple[str, float]:
    """RFC 6749, section 4.4: the client proves who it is by Basic authentication."""
    values = known.values
    pair = base64.b64encode(f"{values['clientId']}:{values['clientSecret']}".encode()).decode("ascii")
    body = urlencode({"grant_type": "client_credentials", **known.added["body"]}).encode()
    outgoing = Outgoing(values["httpMethod"], values["authorizationEndpoint"], (
        ("Authorization", f"Basic {pair}"), ("Content-Type", FORM), ("Accept", "application/json")), body)
    try:
        answer = await transport.send(outgoing)
    except RefusedError as error:
        raise TaskError(RUNTIME, f"The connection's authorization endpoint is refused: {error}.") from None
    except SocketError as error:
        raise _failed("InternalError", str(error)) from None
    if answer.status // 100 != 2:
        raise _failed("AccessDenied", f"The authorization endpoint answered {answer.status} {answer.reason}")
    return _read(answer.body)


def _read(body: bytes) -> tuple[str, float]:
    try:
        found: Any = loads(body)
    except ValueError:
        found = None
    token = found.get("access_token") if isinstance(found, dict) else None
    if not isinstance(token, str) or not token or not token.isascii() or not token.isprintable():
        raise _failed("AccessDenied", "The authorization endpoint's answer holds no access_token")
    seconds = found.get("expires_in", USUAL_SECONDS)
    return token, float(seconds) if isinstance(seconds, int | float) else USUAL_SECONDS


def _failed(kind: str, why: str) -> TaskError:
    return TaskError(_PREFIX + kind, f"{why}.")
