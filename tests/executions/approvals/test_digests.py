"""One mail a day with all that waits: chosen on a page, sent at the hour of the person, once, if there is any."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core import mail

from designer.models import User
from executions.approvals import digests, notices
from executions.approvals.models import Digest, Notice
from tests.designer.people import actor, person, signed_in
from tests.executions.approvals.asking import ask

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def misaki() -> User:
    made = person("misaki", "approver")
    made.email, made.timezone, made.language = "misaki@example.com", "Asia/Tokyo", "ja"
    made.save()
    return made


def test_it_is_chosen_and_given_up_on_the_page(misaki: User) -> None:
    client = signed_in(misaki)
    assert client.post("/approvals/away/", {"do": "digest", "hour": "8"}).status_code == 302
    assert Digest.objects.get().hour == 8
    assert 'value="8" selected' in client.get("/approvals/away/").content.decode()
    client.post("/approvals/away/", {"do": "digest", "hour": ""})
    assert not Digest.objects.exists()


@pytest.mark.parametrize(("now", "hour", "following"), [
    ("2026-11-25T12:00+00:00", 8, "2026-11-26T08:00+09:00"),
    ("2026-11-25T22:00+00:00", 8, "2026-11-26T08:00+09:00"),
    ("2026-11-25T23:30+00:00", 8, "2026-11-27T08:00+09:00"),
])
def test_the_hour_is_that_of_the_person(misaki: User, now: str, hour: int, following: str) -> None:
    found = digests.next_time(misaki, hour, datetime.fromisoformat(now))
    assert found == datetime.fromisoformat(following)


def test_requests_are_collected_and_told_together_once(misaki: User) -> None:
    digests.set_digest(actor(misaki), 8)
    for title in ("Lamp", "Desk"):
        request = ask(title, users=(misaki,))
        for kind in ("asked", "reminder", "escalated"):
            notices.to_level(request, kind, [misaki])
    assert {notice.kind for notice in Notice.objects.all()} == {"escalated"}  # what is overdue is told at once
    assert digests.send_due(NOON) == 0  # not yet
    Digest.objects.update(wake_at=0)
    assert digests.send_due(NOON) == 1
    assert digests.send_due(NOON) == 0
    letter = mail.outbox[0]
    assert letter.subject == "決裁待ち: 2 件"
    assert "Lamp" in letter.body
    assert "/approvals/" in letter.body
    assert "/link/" not in letter.body  # nothing in it decides
    assert Digest.objects.get().wake_at == digests.to_ms(datetime.fromisoformat("2026-11-26T08:00+09:00"))


def test_who_has_nothing_to_decide_gets_no_mail(misaki: User) -> None:
    digests.set_digest(actor(misaki), 8)
    Digest.objects.update(wake_at=0)
    assert digests.send_due(NOON) == 0
    assert mail.outbox == []


def test_a_mail_server_that_is_away(misaki: User, settings) -> None:
    settings.EMAIL_BACKEND = "tests.executions.approvals.broken_mail.EmailBackend"
    digests.set_digest(actor(misaki), 8)
    ask("Lamp", users=(misaki,))
    Digest.objects.update(wake_at=0)
    assert digests.send_due(NOON) == 0
    assert Digest.objects.get().wake_at == digests.to_ms(NOON) + digests.AGAIN
