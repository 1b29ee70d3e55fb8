"""The task `arn:aws:states:::http:invoke`: one request to an HTTPS endpoint."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from designer.asl.errors import RUNTIME
from designer.asl.jsontext import loads
from designer.settings import CONFIG
from executions.engine.signals import Began, Replied
from executions.integrations.http.authorizing import authorization, forget_token
from executions.integrations.http.connections import Known, known
from executions.integrations.http.exchange import Answer, Outgoing, SocketError, Transport
from executions.integrations.http.guard import RefusedError
from executions.integrations.http.schema import Call, encoded, read, url_of
from executions.integrations.kinds import Send, TaskError, TaskRequest
from executions.integrations.parameters import Parameters
from executions.store import in_thread

RANGE: Final = "bytes=0-262144"
NO_TEXT: Final = ("application/octet-stream", "image/", "video/", "audio/")
MAX_CAUSE: Final = 32_768


@dataclass(frozen=True, slots=True)
class HttpTask:
    transport: Transport = field(default_factory=lambda: Transport(CONFIG.http_allow))

    async def run(self, request: TaskRequest, send: Send) -> None:
        task = request.task
        call = read(task.payload)
        connection = await self._connection(call)
        outgoing = _outgoing(call, connection, request, {})  # says what is wrong before anything is asked
        if not task.begun:
            send(Began(task.ask))
        if connection is not None:
            outgoing = _outgoing(call, connection, request, await authorization(connection, self.transport))
        try:
            answer = await self.transport.send(outgoing)
        except RefusedError as error:
            raise _refusal(request, str(error)) from None
        except SocketError as error:
            raise TaskError("States.Http.Socket", f"{error}.") from None
        if connection is not None and answer.status == 401:
            forget_token(connection)
        if answer.status // 100 != 2:
            raise TaskError(f"States.Http.StatusCode.{answer.status}", shown(answer))
        send(Replied(task.ask, result_of(answer)))

    async def _connection(self, call: Call) -> Known | None:
        if call.connection is None:
            return None
        try:
            found = await in_thread(known, call.connection)
        except ValueError:
            raise TaskError("Events.ConnectionResource.InvalidConnectionState",
                            "The connection was sealed under another secret key of the server; enter its secrets "
                            "again.") from None
        if found is None:
            raise TaskError("Events.ConnectionResource.ResourceNotFound",
                            f"The connection {call.connection} does not exist.")
        return found


def _outgoing(call: Call, connection: Known | None, request: TaskRequest, proof: dict[str, str]) -> Outgoing:
    """The request; what the connection adds wins over the state's own."""
    added = connection.added if connection is not None else {"headers": {}, "query": {}, "body": {}}
    body = call.body
    if added["body"] and connection is not None and connection.kind != "OAUTH_CLIENT_CREDENTIALS":
        if body is not None and not isinstance(body, dict):
            raise _refusal(request, "The request body must be an object, since the connection adds fields to it")
        body = {**(body or {}), **added["body"]}
    region = request.machine_arn.split(":")[3]
    headers = {"User-Agent": f"Amazon|StepFunctions|HttpInvoke|{region}", "Range": RANGE}
    if body is not None and not any(name.lower() == "content-type" for name in call.headers):
        headers["Content-Type"] = "application/json" if not isinstance(body, str) else "text/plain;charset=utf-8"
    for more in (call.headers, added["headers"], proof):
        lowered = {name.lower() for name in more}
        headers = {name: value for name, value in headers.items() if name.lower() not in lowered} | more
    url = url_of(call.endpoint, call.query | added["query"])
    return Outgoing(call.method, url, tuple(headers.items()), encoded(body, call.form))


def result_of(answer: Answer) -> dict[str, Any]:
    """The result of a task that asked; TaskError when the answer is no text."""
    return {"Headers": answer.headers, "ResponseBody": _body(answer), "StatusCode": answer.status,
            "StatusText": answer.reason}


def _body(answer: Answer) -> Any:
    """JSON is parsed, other text is a string; TaskError when it is no text at all."""
    kind = next(iter(answer.headers.get("content-type", [])), "").lower()
    try:
        if kind.startswith(NO_TEXT):
            raise ValueError
        text = answer.body.decode("utf-8")
    except ValueError:
        raise TaskError(RUNTIME, "The response body is not text and cannot be handed on "
                                 f"(its content type is '{kind}').") from None
    try:
        return loads(text)
    except ValueError:
        return text


def shown(answer: Answer) -> str:
    """The cause that an answer with a bad status is."""
    return answer.body.decode("utf-8", "replace")[:MAX_CAUSE].replace("\x00", "") or answer.reason


def _refusal(request: TaskRequest, problem: str) -> TaskError:
    payload = request.task.payload
    return Parameters(payload, tuple(payload)).refusal(problem)
