"""The webhook of a request: told when people are asked and how it ended, tried again, never with data or a right."""

from __future__ import annotations

from typing import Any

import pytest

from executions.approvals import notices, webhooks
from executions.approvals.models import AuditEntry, WebhookNotice
from executions.integrations.approval.schema import read
from executions.integrations.http.connections import save_connection
from executions.integrations.http.exchange import Answer, Outgoing, SocketError, Transport
from executions.models import Approval
from tests.designer.people import person
from tests.executions.approvals.asking import ask
from tests.executions.integrations.conftest import ANYBODY

pytestmark = pytest.mark.django_db
URL = "https://hooks.example.com/services/T0/secret"


class Asked(Transport):
    """Answers with `status` (0: not at all) and keeps what it was sent."""

    __slots__ = ()
    status = 200
    sent: list[Outgoing] = []

    async def send(self, outgoing: Outgoing) -> Answer:
        Asked.sent.append(outgoing)
        if not Asked.status:
            raise SocketError("nobody there")
        return Answer(Asked.status, "said so", {}, b"ok")


@pytest.fixture
def request_(monkeypatch: pytest.MonkeyPatch) -> Approval:
    monkeypatch.setattr(Asked, "status", 200)
    Asked.sent.clear()
    save_connection(ANYBODY, "chat", kind="WEBHOOK", settings={"url": URL})
    made = ask("A lamp", users=(person("tanaka", "approver"),), data={"salary": 7_000_000})
    made.rules = {**made.rules, "webhook": "chat"}
    made.save()
    return made


def due(now: int | None = None) -> int:
    return webhooks.send_due(10**13 if now is None else now, Asked())


def test_it_is_told_who_is_asked_and_how_it_ended(request_: Approval) -> None:
    notices.to_level(request_, "asked", request_.users.all())
    assert due() == 1
    request_.status = "APPROVED"
    request_.save()
    notices.of_end(request_)
    assert due() == 1
    assert due() == 0  # once each
    assert [each.url for each in Asked.sent] == [URL] * 2
    asked, decided = [each.body.decode() for each in Asked.sent]
    assert "Please decide: A lamp" in asked
    assert f"/approvals/{request_.public_id}/" in asked
    assert "Approved: A lamp" in decided
    assert "7000000" not in asked + decided


def test_without_a_webhook_nothing_is_written(request_: Approval) -> None:
    plain = ask("A desk", users=(person("suzuki", "approver"),))
    notices.to_level(plain, "asked", plain.users.all())
    assert not WebhookNotice.objects.exists()


@pytest.mark.parametrize("status", [0, 404, 500])
def test_it_is_tried_again_and_given_up_at_last(
        request_: Approval, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    monkeypatch.setattr(Asked, "status", status)
    notices.to_level(request_, "asked", request_.users.all())
    first = WebhookNotice.objects.get().wake_at
    assert first is not None
    assert due(first) == 0
    again = WebhookNotice.objects.get()
    assert (again.attempts, again.wake_at) == (1, first + webhooks.PAUSE)
    for number in range(webhooks.MOST_ATTEMPTS - 1):
        due(10**13 * (number + 1))
    assert WebhookNotice.objects.get().wake_at is None
    assert len(Asked.sent) == webhooks.MOST_ATTEMPTS
    entry = AuditEntry.objects.get(action="webhook.failed")
    assert URL not in entry.details


def test_a_connection_that_is_gone(request_: Approval) -> None:
    request_.rules = {**request_.rules, "webhook": "none"}
    request_.save()
    notices.to_level(request_, "asked", request_.users.all())
    assert due() == 0
    assert Asked.sent == []
    assert WebhookNotice.objects.get().attempts == 1


def test_the_parameter() -> None:
    assert read({"title": "T", "webhook": "chat"}).rules["webhook"] == "chat"
    rules: dict[str, Any] = read({"title": "T"}).rules
    assert "webhook" not in rules
