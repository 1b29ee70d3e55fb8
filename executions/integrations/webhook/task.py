"""The task `arn:aws:states:::webhook:send`, and its form that waits for the answer to a callback address."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from designer.asl.errors import RUNTIME
from designer.settings import CONFIG
from executions.actions.callback_url import signed_url
from executions.engine.signals import Began, Replied, Submitted
from executions.integrations.http.connections import Known
from executions.integrations.http.exchange import Answer, SocketError, Transport
from executions.integrations.http.guard import RefusedError
from executions.integrations.kinds import Send, TaskError, TaskRequest
from executions.integrations.parameters import Parameters, lowered
from executions.integrations.webhook.sending import post, webhook
from executions.store import in_thread

FIELDS: Final = ("connection", "text", "body")
PLACEHOLDER: Final = "{callbackUrl}"
SHOWN: Final = 8_192


@dataclass(frozen=True, slots=True)
class WebhookTask:
    transport: Transport = field(default_factory=lambda: Transport(CONFIG.http_allow))

    async def run(self, request: TaskRequest, send: Send) -> None:
        task = request.task
        waits = task.resource.waits_for_token
        if waits and task.submitted:
            return
        given = Parameters(lowered(task.payload, FIELDS), FIELDS, whole=task.payload)
        body = _body(given, signed_url(task.token) if waits and task.token else None)
        found = await _connection(given.text("connection", required=True) or "")
        if not task.begun:
            send(Began(task.ask))
        try:
            answer = await post(found, body, self.transport)
        except RefusedError as error:
            raise TaskError(RUNTIME, f"The address of the webhook is refused: {error}.") from None
        except SocketError as error:
            raise TaskError("Webhook.Socket", f"{error}.") from None
        result = _result(answer)
        send(Submitted(task.ask, result) if waits else Replied(task.ask, result))


def _body(given: Parameters, url: str | None) -> dict[str, Any]:
    body, text = given.values.get("body"), given.text("text")
    if body is None and text is None:
        raise given.refusal(f"{given.name('text')} or \"body\" is required but was missing")
    if body is not None and not isinstance(body, dict):
        raise given.refusal(f"{given.name('body')} must be an object")
    whole = dict(body or {})
    if text is not None:
        whole["text"] = text if url is None else text.replace(PLACEHOLDER, url)
    return whole if url is None else whole | {"callbackUrl": url}


async def _connection(name: str) -> Known:
    try:
        found = await in_thread(webhook, name)
    except ValueError:
        raise TaskError("Webhook.ConnectionNotFound", "The connection was sealed under another secret key of the "
                        "server; enter its address again.") from None
    if found is None:
        raise TaskError("Webhook.ConnectionNotFound", f"There is no webhook connection '{name}'.")
    return found


def _result(answer: Answer) -> dict[str, Any]:
    text = answer.body.decode("utf-8", "replace")[:SHOWN].replace("\x00", "")
    if answer.status // 100 != 2:
        raise TaskError(f"Webhook.StatusCode.{answer.status}", text or answer.reason)
    return {"StatusCode": answer.status, "Body": text}
