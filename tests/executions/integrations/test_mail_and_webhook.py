"""The native mail and webhook tasks: what is sent, what is refused, what is answered, the callback address in them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core import mail

from executions.actions import callback_url
from executions.engine.tokens import make_token
from executions.integrations import registry
from executions.integrations.http.connections import save_connection
from executions.integrations.kinds import TaskError
from executions.integrations.mail.task import MailTask
from executions.integrations.webhook.task import WebhookTask
from executions.store import in_thread
from tests.executions.integrations.conftest import ANYBODY, Bench, Sent, request, resource
from tests.executions.integrations.test_http_task import TRANSPORT, url

__all__ = ["url"]  # a fixture
MAIL, WEBHOOK = "arn:aws:states:::mail:send", "arn:aws:states:::webhook:send"
TOKEN = make_token(1, "seed", 2)
LETTER = {"to": "ann@example.com", "subject": "注文", "text": "Thank you"}


async def run(task: Any, arn: str, payload: Any, **details: Any) -> Sent:
    sent = Sent()
    await task.run(request(arn, payload, **details), sent)
    return sent


async def failure(task: Any, arn: str, payload: Any) -> TaskError:
    with pytest.raises(TaskError) as caught:
        await run(task, arn, payload)
    return caught.value


@pytest.mark.parametrize("arn", [MAIL, f"{MAIL}.waitForTaskToken", WEBHOOK, f"{WEBHOOK}.waitForTaskToken"])
def test_they_are_found(arn: str) -> None:
    assert type(registry.find(resource(arn))).__name__ in ("MailTask", "WebhookTask")


async def test_a_mail_is_sent() -> None:
    sent = await run(MailTask(), MAIL,
                     {"To": ["ann@example.com", "bob@example.com"], "Subject": "注文", "Text": "Thank you",
                      "Html": "<b>Thank you</b>", "Cc": ["c@example.com"], "ReplyTo": "r@example.com"})
    assert sent.kinds == ["Began", "Replied"]
    letter = mail.outbox[-1]
    assert (letter.to, letter.cc, letter.reply_to) == (
        ["ann@example.com", "bob@example.com"], ["c@example.com"], ["r@example.com"])
    assert (letter.subject, letter.body) == ("注文", "Thank you")
    assert letter.alternatives[0][0] == "<b>Thank you</b>"  # type: ignore[attr-defined]
    result = sent.signals[-1].output  # type: ignore[union-attr]
    assert f"<{result['MessageId']}>" == letter.extra_headers["Message-ID"]


@pytest.mark.parametrize(("change", "said"), [
    ({"to": []}, '"to" is required'), ({"to": "nobody"}, "'nobody', which is no mail address"),
    ({"to": "a@example.com\nBcc: b@example.com"}, "no mail address"),
    ({"subject": "a\nBcc: b@example.com"}, "one line"),
    ({"subject": ""}, '"subject" must not be empty'), ({"text": None}, '"text" or "html" is required'),
    ({"from": "boss@example.com"}, '"from" is not supported'), ({"to": ["a@example.com"] * 3 + ["x"]}, "'x'"),
])
async def test_a_mail_that_is_wrong_is_not_sent(change: dict[str, Any], said: str) -> None:
    error = await failure(MailTask(), MAIL, LETTER | change)
    assert error.error == "States.Runtime"
    assert said in (error.cause or "")
    assert mail.outbox == []


async def test_a_mail_server_that_is_away(settings: Any) -> None:
    settings.EMAIL_BACKEND = "tests.executions.approvals.broken_mail.EmailBackend"
    error = await failure(MailTask(), MAIL, LETTER)
    assert error.error == "Mail.SendFailed"


async def webhook_to(url: str) -> None:
    await in_thread(lambda: save_connection(ANYBODY, "chat", kind="WEBHOOK", settings={"url": url}))


async def test_a_webhook_is_told(url: str, threads: None) -> None:
    await webhook_to(f"{url}/services/T0/secret")
    sent = await run(WebhookTask(TRANSPORT), WEBHOOK, {"connection": "chat", "text": "Order 注文 paid",
                                                       "body": {"channel": "#orders"}})
    assert sent.kinds == ["Began", "Replied"]
    result = sent.signals[-1].output  # type: ignore[union-attr]
    asked = json.loads(result["Body"])
    assert (result["StatusCode"], asked["method"], asked["path"]) == (200, "POST", "/services/T0/secret")
    assert json.loads(asked["body"]) == {"channel": "#orders", "text": "Order 注文 paid"}


@pytest.mark.parametrize(("payload", "error", "said"), [
    ({"connection": "chat"}, "States.Runtime", '"text" or "body" is required'),
    ({"text": "x"}, "States.Runtime", '"connection" is required'),
    ({"connection": "none", "text": "x"}, "Webhook.ConnectionNotFound", "no webhook connection 'none'"),
    ({"connection": "chat", "body": [1]}, "States.Runtime", '"body" must be an object'),
    ({"connection": "chat", "text": "x"}, "Webhook.StatusCode.404", "because"),
])
async def test_webhooks_that_fail(url: str, threads: None, payload: Any, error: str, said: str) -> None:
    await webhook_to(f"{url}/status/404")
    found = await failure(WebhookTask(TRANSPORT), WEBHOOK, payload)
    assert found.error == error
    assert said in (found.cause or "")


async def test_a_private_address_is_refused(threads: None) -> None:
    await webhook_to("https://169.254.169.254/latest/")
    error = await failure(WebhookTask(), WEBHOOK, {"connection": "chat", "text": "x"})
    assert (error.error, "refused" in (error.cause or "")) == ("States.Runtime", True)


async def test_a_mail_with_a_callback_address_is_answered(bench: Bench) -> None:
    """The address in the mail completes the task, once; a forged one does nothing."""
    execution = await bench.begin({"StartAt": "Ask", "States": {"Ask": {
        "Type": "Task", "Resource": f"{MAIL}.waitForTaskToken", "End": True,
        "Parameters": LETTER | {"text": "Please answer: {callbackUrl}"}}}})
    await bench.until_event(execution, "TaskSubmitted")
    found = re.search(r"/api/v1/callbacks/([^/]+)/", mail.outbox[-1].body)
    assert found is not None
    signed = found[1].replace("%3A", ":").replace("%3D", "=")
    for forged in (signed[:-1] + ("A" if signed[-1] != "A" else "B"), signed.split(":")[0], TOKEN, ""):
        with pytest.raises(Exception, match="not valid"):
            await callback_url.succeed(forged, "{}")
    history = json.dumps(await bench.history(execution))
    assert "callbacks/" not in history  # the right to answer is in no history
    await callback_url.succeed(signed, '{"accepted":true}')
    row = await bench.until(execution)
    assert (row.status, json.loads(row.output or "")) == ("SUCCEEDED", {"accepted": True})
    with pytest.raises(Exception, match="Task Timed Out"):
        await callback_url.fail(signed, {"error": "Late"})


async def test_a_webhook_with_a_callback_address_is_failed(url: str, bench: Bench, monkeypatch: Any) -> None:
    await webhook_to(f"{url}/")
    suffixes = registry.SERVICES["webhook", "send"][1]
    monkeypatch.setitem(registry.SERVICES, ("webhook", "send"), (WebhookTask(TRANSPORT), suffixes))
    execution = await bench.begin({"StartAt": "Ask", "States": {"Ask": {
        "Type": "Task", "Resource": f"{WEBHOOK}.waitForTaskToken", "End": True,
        "Parameters": {"connection": "chat", "text": "Answer here: {callbackUrl}"}}}})
    event = await bench.until_event(execution, "TaskSubmitted")
    asked = json.loads(json.loads(event["taskSubmittedEventDetails"]["output"])["Body"])
    told = json.loads(asked["body"])
    assert told["text"] == f"Answer here: {told['callbackUrl']}"
    signed = told["callbackUrl"].rstrip("/").rsplit("/", 1)[1].replace("%3A", ":").replace("%3D", "=")
    await callback_url.fail(signed, {"error": "Refused", "cause": "out of stock"})
    row = await bench.until(execution)
    assert (row.status, row.error, row.cause) == ("FAILED", "Refused", "out of stock")
