"""THE AWS DOOR: a small ASGI application beside Django's views, since it is the hot path.

    wants(scope)                          whether a request is for this door
    application(scope, receive, send)     answers it

What is answered: AWS JSON 1.0 (`X-Amz-Target: AWSStepFunctions.<Operation>` at `POST /`), GetCallerIdentity of
STS (query protocol), the Lambda API (functions/), and a clear refusal of what is not there.  The way of a request:
read the body, see who asks (SigV4), check the request against AWS's model, call the operation, answer.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from designer.asl.jsontext import loads
from designer.config import LOOPBACK
from designer.errors import ActionError
from designer.permissions import Actor
from designer.settings import CONFIG
from designer.signing import SignedRequest, join_headers
from executions.actions.limits import limits
from executions.api import identity
from executions.api.answers import Answer, failure, new_request_id, success
from executions.api.caller import caller_of
from executions.api.functions import entry
from executions.api.model import ServiceModel
from executions.api.operations import OPERATIONS
from executions.api.waiting import ClientGone, unless_gone

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

# AWS takes 1 MB in all; twice that lets a definition that is too long get the error that says so.
MAX_BODY: Final = 2 * 1024 * 1024
MODEL: Final = ServiceModel("stepfunctions")
_PREFIX: Final = f"{MODEL.target_prefix}."
_TRACED: Final = frozenset({"StartExecution", "StartSyncExecution"})
_log = logging.getLogger("statewright.api")


def wants(scope: Scope) -> bool:
    """Whether an HTTP request is for this door: an AWS target, the Lambda API, a form at `POST /` or presigned."""
    if scope["type"] != "http":
        return False
    path: str = scope["path"]
    return (entry.wants(path) or (path == "/" and (scope["method"] == "POST"
                                                   or b"X-Amz-Signature=" in scope["query_string"]))
            or any(name == b"x-amz-target" for name, _ in scope["headers"]))


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request; whatever happens, the answer is AWS's, with a request id."""
    request_id = new_request_id()
    try:
        answer = await _answer(scope, receive)
    except ActionError as error:
        answer = failure(error)
    except ClientGone:
        return
    except Exception:
        _log.exception("Request %s failed", request_id)
        message = f"The request failed here; the server's log says why, under the request id {request_id}."
        answer = failure(ActionError("InternalFailure", message))
    await _send(send, answer, request_id)


async def _answer(scope: Scope, receive: Receive) -> Answer:
    headers = join_headers((name.decode("latin-1").lower(), value.decode("latin-1"))
                           for name, value in scope["headers"])
    check_origin(headers)
    raw_path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    head = scope["method"], raw_path, scope["query_string"].decode("latin-1"), headers
    of_lambda = entry.wants(scope["path"])
    most = await entry.most_bytes(SignedRequest(*head, b"")) if of_lambda else _most_bytes()
    request = SignedRequest(*head, await _body(receive, headers, most))
    if of_lambda:
        return await entry.answer(request)
    if "x-amz-target" not in headers:
        return await identity.answer(request)
    return await _operate(request, await caller_of(request, "states"), receive)


async def _operate(signed: SignedRequest, actor: Actor, receive: Receive) -> Answer:
    """Call the operation that the target names."""
    name = _operation_name(signed)
    request = MODEL.validate(name, _parsed(signed.body))
    if name in _TRACED and "x-amzn-trace-id" in signed.headers:
        request["traceHeader"] = signed.headers["x-amzn-trace-id"][:256]  # wins over the member
    operation = OPERATIONS.get(name)
    if operation is None:
        message = f"AWS has the operation {name}, but this version of Statewright does not offer it yet."
        raise ActionError("UnsupportedOperation", message)
    called = operation.call(actor, request)
    return success(await (unless_gone(called, receive) if operation.waits else called))


def _operation_name(signed: SignedRequest) -> str:
    target = signed.headers["x-amz-target"]
    name = target.removeprefix(_PREFIX)
    if not target.startswith(_PREFIX) or name not in MODEL.operations:
        message = f"There is no operation '{target}'; X-Amz-Target must be {_PREFIX} and the name of an operation."
        raise ActionError("UnknownOperationException", message)
    if signed.method != "POST":
        raise ActionError("UnknownOperationException", f"Operations are asked for by POST, not by {signed.method}.")
    return name


def _parsed(body: bytes) -> Any:
    try:
        return loads(body or b"{}")
    except ValueError as error:
        raise ActionError("SerializationException", f"The body of the request is not JSON: {error}") from None


def _most_bytes() -> int:
    return max(MAX_BODY, 2 * limits().largest_payload)  # JSON in JSON: quotes are escaped


async def _body(receive: Receive, headers: Mapping[str, str], most: int) -> bytes:
    """The whole body; RequestEntityTooLargeException before too much of it is in memory."""
    announced = headers.get("content-length", "0")
    if announced.isascii() and announced.isdigit() and (len(announced) > 18 or int(announced) > most):
        raise _too_large(most)
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        part = message.get("body", b"")
        size += len(part)
        if size > most:
            raise _too_large(most)
        parts.append(part)
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)


def _too_large(most: int) -> ActionError:
    return ActionError("RequestEntityTooLargeException", f"A request has at most {most} bytes.")


def check_origin(headers: Mapping[str, str]) -> None:
    """Refuse what a web page of somebody else's sends: browsers say where a request comes from.

    Without this, any page could ask a server on loopback whose signatures are switched off.
    """
    origin = headers.get("origin")
    if origin is None:
        return
    said = urlsplit(origin)
    ours = said.hostname in LOOPBACK | {CONFIG.host, urlsplit(CONFIG.public_url).hostname}
    if not ours or said.netloc.lower() != headers.get("host", "").lower():
        message = f"Requests from web pages of '{origin}' are not accepted here."
        raise ActionError("AccessDeniedException", message)


async def _send(send: Send, answer: Answer, request_id: str) -> None:
    headers = [
        (b"content-type", answer.content_type),
        (b"content-length", str(len(answer.body)).encode()),
        (b"x-amzn-requestid", request_id.encode()),
    ]
    if answer.error:
        headers.append((b"x-amzn-errortype", answer.error.encode()))
    headers += answer.headers
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
