"""The task `arn:aws:states:::apigateway:invoke`: a request to an API, signed with AWS credentials where it is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from designer.asl.errors import RUNTIME
from designer.settings import CONFIG
from executions.engine.signals import Began, Replied, Submitted
from executions.integrations.apigateway.schema import Call, read
from executions.integrations.aws.clients import CLIENTS
from executions.integrations.aws.failures import SET_UP
from executions.integrations.http.exchange import Outgoing, SocketError, Transport
from executions.integrations.http.guard import RefusedError
from executions.integrations.http.schema import encoded
from executions.integrations.http.task import result_of, shown
from executions.integrations.kinds import Send, TaskError, TaskRequest
from executions.integrations.parameters import Parameters


@dataclass(frozen=True, slots=True)
class ApiGatewayTask:
    transport: Transport = field(default_factory=lambda: Transport(CONFIG.http_allow))

    async def run(self, request: TaskRequest, send: Send) -> None:
        task = request.task
        waits = task.resource.waits_for_token
        if waits and task.submitted:
            return
        call = read(task.payload)
        if not task.begun:
            send(Began(task.ask))
        region = task.resource.arn.split(":")[3] or request.machine_arn.split(":")[3]
        outgoing = await CLIENTS.in_thread(_signed, call, region) if call.signed else _plain(call)
        try:
            answer = await self.transport.send(outgoing)
        except RefusedError as error:
            raise Parameters(task.payload, tuple(task.payload)).refusal(str(error)) from None
        except SocketError as error:
            raise TaskError("ApiGateway.SdkClientException", f"Unable to execute HTTP request: {error}") from None
        if answer.status // 100 != 2:
            raise TaskError(f"ApiGateway.{answer.status}", shown(answer))
        result = result_of(answer)
        send(Submitted(task.ask, result) if waits else Replied(task.ask, result))


def _plain(call: Call) -> Outgoing:
    headers = call.headers
    if call.body is not None and not any(name.lower() == "content-type" for name, _ in headers):
        headers += (("Content-Type", "application/json"),)
    return Outgoing(call.method, call.url, headers, encoded(call.body, None))


def _signed(call: Call, region: str) -> Outgoing:
    """With Signature Version 4 for the service execute-api (in a thread: credentials may be asked for)."""
    plain = _plain(call)
    credentials = CLIENTS.credentials()
    if credentials is None:
        raise TaskError("ApiGateway.SdkClientException", SET_UP)
    asked: Any = AWSRequest(plain.method, plain.url, data=plain.body)
    for name, value in plain.headers:
        asked.headers.add_header(name, value)
    try:
        SigV4Auth(credentials, "execute-api", region).add_auth(asked)
    except ValueError as error:
        raise TaskError(RUNTIME, f"The request cannot be signed: {error}") from None
    return Outgoing(plain.method, plain.url, tuple(asked.headers.items()), plain.body)
