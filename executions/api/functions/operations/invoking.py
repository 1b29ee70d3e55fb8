"""Invoke."""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Coroutine
from typing import Any, Final

from designer.asl.jsontext import loads
from designer.errors import ActionError
from designer.permissions import Actor, Permission, require
from executions.api.functions.answering import Reply
from executions.api.functions.naming import named
from executions.integrations.functions import catalog, runtime
from executions.integrations.functions.catalog import FunctionSpec
from executions.integrations.functions.concurrency import THROTTLED
from executions.integrations.functions.deploying import not_found
from executions.integrations.functions.runtime import Result

MAX_PAYLOAD: Final = 6_291_456
MAX_EVENT: Final = 1_048_576  # of a call that nobody waits for
LOG_TAIL: Final = 4_096
_detached: set[asyncio.Task[Any]] = set()


async def invoke(actor: Actor, request: dict[str, Any]) -> Reply:
    require(actor, Permission.OPERATE)
    name = named(request)
    spec = await catalog.find(name.name, name.qualifier)
    if spec is None:
        raise not_found(name.name, name.qualifier)
    kind = request.get("InvocationType", "RequestResponse")
    payload = _payload(request.get("Payload", b""), kind)
    context = _client_context(request.get("ClientContext"))
    if kind == "DryRun":
        return Reply(b"", 204, _headers(spec))
    # A call goes on although its caller has hung up, as in AWS.
    call = _detach(runtime.current().invoke(spec, payload, client_context=context))
    if kind == "Event":
        return Reply(b"", 202, _headers(spec))
    return _reply(spec, await asyncio.shield(call), tail=request.get("LogType") == "Tail")


def _payload(text: bytes, kind: str) -> bytes:
    """JSON text; nothing is {}."""
    if len(text) > MAX_PAYLOAD:
        raise ActionError("RequestTooLargeException",
                          f"Request must be smaller than {MAX_PAYLOAD} bytes for the InvokeFunction operation")
    if kind == "Event" and len(text) > MAX_EVENT:
        raise ActionError("RequestTooLargeException", f"{len(text)} byte payload is too large for the Event invocation "
                                                      f"type (limit {MAX_EVENT} bytes)")
    if not text:
        return b"{}"
    try:
        loads(text)
    except ValueError as error:
        raise ActionError("InvalidRequestContentException", "Could not parse request body into json: Could not parse "
                                                            f"payload into json: {error}") from None
    return text


def _client_context(text: str | None) -> Any:
    if not text:
        return None
    try:
        context = loads(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        context = None
    if not isinstance(context, dict):
        raise ActionError("InvalidRequestContentException",
                          "Client context must be a valid Base64-encoded JSON object.")
    return context


def _detach(call: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
    task = asyncio.ensure_future(call)
    _detached.add(task)
    task.add_done_callback(_forget)
    return task


def _forget(task: asyncio.Task[Any]) -> None:
    _detached.discard(task)
    if not task.cancelled():
        task.exception()  # asked for, so that nobody complains that it never was: the journal has it


def _reply(spec: FunctionSpec, result: Result, *, tail: bool) -> Reply:
    outcome = result.outcome
    headers = _headers(spec)
    if tail:
        headers += ((b"x-amz-log-result", base64.b64encode(_log(spec, result))),)
    if outcome.error == THROTTLED:
        raise ActionError("TooManyRequestsException", "Rate Exceeded.")
    if outcome.error == "Lambda.ServiceException":
        raise ActionError("ServiceException", outcome.cause or "No worker could be started.")
    if outcome.error is None:
        return Reply(outcome.payload, 200, headers)
    return Reply((outcome.cause or "").encode(), 200, (*headers, (b"x-amz-function-error", b"Unhandled")))


def _headers(spec: FunctionSpec) -> tuple[tuple[bytes, bytes], ...]:
    return ((b"x-amz-executed-version", spec.version.encode()),)


def _log(spec: FunctionSpec, result: Result) -> bytes:
    """The last of what the call wrote, between the lines that Lambda writes itself."""
    number, milliseconds = result.request_id, result.outcome.duration_ms
    text = result.outcome.log
    end = "" if not text or text.endswith("\n") else "\n"
    lines = (f"START RequestId: {number} Version: {spec.version}\n{text}{end}END RequestId: {number}\n"
             f"REPORT RequestId: {number}\tDuration: {milliseconds:.2f} ms\tBilled Duration: "
             f"{-int(-milliseconds // 1)} ms\tMemory Size: {spec.memory} MB\t\n")
    return lines.encode()[-LOG_TAIL:]
