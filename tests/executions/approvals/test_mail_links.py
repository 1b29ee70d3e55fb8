"""Mails and their links: what they show, what they let through, and everything they do not."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail, signing
from django.test import Client

from executions.approvals import audit, links
from executions.approvals.deadlines import now_ms
from executions.approvals.decide import decide
from executions.approvals.levels import Level
from executions.approvals.mail import MOST_ATTEMPTS, send_due
from executions.approvals.models import MailLink, Notice, Vote
from executions.approvals.talk import delegate, withdraw
from executions.models import Approval
from tests.designer.people import actor, person, signed_in
from tests.executions.approvals.asking import ask

pytestmark = pytest.mark.django_db
FORM = {"type": "object", "properties": {"amount": {"type": "integer"}}, "required": ["amount"]}


@pytest.fixture
def ana():
    one = person("ana", "approver")
    one.email = "ana@example.com"
    one.save()
    return one


def address(index: int = -1) -> str:
    found = re.search(r"(/approvals/link/\S+/)", str(mail.outbox[index].body))
    assert found is not None
    return found[1]


def status(approval: Approval) -> str:
    return Approval.objects.get(pk=approval.pk).status


def asked(ana, **more) -> tuple[Approval, str]:
    approval = ask("Expenses", users=(ana,), **more)
    assert send_due(now_ms() + 1) == 1
    return approval, address()


def test_the_mail_says_what_it_is_about_and_the_link_decides(ana):
    approval, link = asked(ana, message="A train to Osaka", data={"amount": 32000, "purpose": "Osaka"})
    (sent,) = mail.outbox
    assert sent.to == ["ana@example.com"]
    assert sent.subject == "Please decide: Expenses"
    assert "32,000" in sent.body
    assert "Osaka" in sent.body
    html, kind = sent.alternatives[0]
    assert kind == "text/html"
    assert link in html
    nobody = Client()
    page = nobody.get(link)
    assert page.status_code == 200
    assert "data-decision-form" in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    assert nobody.post(link, {"decision": "APPROVED", "comment": "from the train"}).status_code == 302
    assert status(approval) == "APPROVED"
    vote = Vote.objects.get()
    assert (vote.person_name, vote.via, vote.comment) == ("ana", "mail", "from the train")
    after = nobody.get(link).content.decode()
    assert "Approved: Expenses" in after
    assert "data-decision-form" not in after


def test_in_japanese(ana):
    ana.language = "ja"
    ana.save()
    asked(ana)
    assert mail.outbox[0].subject.startswith("ご判断のお願い")
    assert "開くだけでは" in mail.outbox[0].body


@pytest.mark.parametrize("method", ["get", "head"])
def test_what_only_looks_decides_nothing(ana, method):
    approval, link = asked(ana)
    for _ in range(5):
        assert getattr(Client(), method)(link + "?decision=APPROVED").status_code == 200
    assert status(approval) == "WAITING"
    assert not Vote.objects.exists()
    assert MailLink.objects.get().used_at is None
    assert Client().put(link).status_code == 405


def test_a_post_from_elsewhere_decides_nothing(ana):
    approval, link = asked(ana)
    assert Client(enforce_csrf_checks=True).post(link, {"decision": "APPROVED"}).status_code == 403
    assert status(approval) == "WAITING"


def test_a_link_decides_once(ana):
    other = person("bo", "approver")
    approval, link = asked(ana, levels=(Level(users=("ana", "bo"), needed=2),))
    assert Client().post(link, {"decision": "APPROVED"}).status_code == 302
    again = Client().post(link, {"decision": "REJECTED"})
    assert again.status_code == 409
    assert "has been used" in again.content.decode()
    assert Vote.objects.count() == 1
    decide(actor(other), approval.public_id, "APPROVED")
    assert status(approval) == "APPROVED"


def test_a_form_filled_in_wrongly_does_not_use_the_link_up(ana):
    _approval, link = asked(ana, form=FORM)
    wrong = Client().post(link, {"decision": "APPROVED", "form.amount": "x", "comment": "kept"})
    assert wrong.status_code == 422
    assert "kept" in wrong.content.decode()
    assert MailLink.objects.get().used_at is None
    assert Client().post(link, {"decision": "APPROVED", "form.amount": "5"}).status_code == 302
    assert Approval.objects.get().form_data == {"amount": 5}


def forgeries(token: str, approval: Approval, ana) -> list[str]:
    value, stamp, mark = token.rsplit(":", 2)
    own = signing.dumps([approval.public_id, ana.pk, 0, "guessed"], salt=links.SALT)
    other_salt = signing.dumps([approval.public_id, ana.pk, 0, "guessed"], salt="else")
    return [token[:-1] + ("A" if token[-1] != "A" else "B"), f"{value}x:{stamp}:{mark}", f"{value}:{stamp}x:{mark}",
            "x", "a:b:c", own, other_salt, signing.dumps("x", salt=links.SALT), signing.dumps([1], salt=links.SALT),
            approval.public_id]


def test_forged_links_show_and_decide_nothing(ana):
    approval, link = asked(ana, data={"secret": "salary"})
    token = link.split("/")[-2]
    for forged in forgeries(token, approval, ana):
        for answer in (Client().get(f"/approvals/link/{forged}/"),
                       Client().post(f"/approvals/link/{forged}/", {"decision": "APPROVED"})):
            assert answer.status_code == 404
            assert "salary" not in answer.content.decode()
    assert status(approval) == "WAITING"


def test_a_link_of_one_request_opens_no_other(ana):
    first, link = asked(ana)
    second, _ = asked(ana)
    payload = signing.loads(link.split("/")[-2], salt=links.SALT)
    swapped = signing.dumps([second.public_id, *payload[1:]], salt=links.SALT)
    assert Client().post(f"/approvals/link/{swapped}/", {"decision": "APPROVED"}).status_code == 404
    assert (status(first), status(second)) == ("WAITING", "WAITING")


def test_an_expired_link(ana):
    approval, link = asked(ana)
    MailLink.objects.update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    answer = Client().post(link, {"decision": "APPROVED"})
    assert answer.status_code == 400
    assert "expired" in answer.content.decode()
    assert "data-decision-form" not in Client().get(link).content.decode()
    assert status(approval) == "WAITING"


def test_somebody_else_who_is_signed_in(ana):
    approval, link = asked(ana, data={"secret": "salary"})
    for other in (person("bo", "approver"), person("root", "administrator")):
        for answer in (signed_in(other).get(link), signed_in(other).post(link, {"decision": "APPROVED"})):
            assert answer.status_code == 403
            assert "salary" not in answer.content.decode()
    assert status(approval) == "WAITING"
    assert signed_in(ana).post(link, {"decision": "APPROVED"}).status_code == 302


def test_a_link_gives_no_more_than_its_person_has_now(ana):
    person("bo", "approver")
    approval, link = asked(ana)
    delegate(actor(ana), approval.public_id, "bo")
    assert Client().post(link, {"decision": "APPROVED"}).status_code == 403
    second, link = asked(ana)
    ana.groups.clear()
    assert Client().post(link, {"decision": "APPROVED"}).status_code == 403
    ana.is_active = False
    ana.save()
    assert Client().get(link).status_code == 403
    assert (status(approval), status(second)) == ("WAITING", "WAITING")


def test_a_link_of_an_earlier_level_does_not_decide_a_later_one(ana):
    person("bo", "approver")
    approval, link = asked(ana, levels=(Level(users=("ana", "bo")), Level(users=("ana",))), allow_same_person=True)
    decide(actor(person_named("bo")), approval.public_id, "APPROVED")
    assert Client().post(link, {"decision": "APPROVED"}).status_code == 409
    assert status(approval) == "WAITING"


def person_named(name: str):
    from designer.models import User

    return User.objects.get(username=name)


def test_step_up_asks_to_sign_in(ana):
    approval = ask("Large", users=(ana,), data={"secret": "salary"}, rules={"step_up": True})
    send_due(now_ms() + 1)
    assert "salary" not in mail.outbox[0].body
    assert "/approvals/link/" not in mail.outbox[0].body
    token = links.make_link(approval, ana)
    page = Client().get(f"/approvals/link/{token}/")
    assert "salary" not in page.content.decode()
    assert Client().post(f"/approvals/link/{token}/", {"decision": "APPROVED"}).status_code == 403
    assert status(approval) == "WAITING"


def test_too_late(ana):
    approval, link = asked(ana, started_by=person("rin", "approver"))
    withdraw(actor(person_named("rin")), approval.public_id)
    answer = Client().post(link, {"decision": "APPROVED"})
    assert answer.status_code == 409
    assert "can no longer be decided" in answer.content.decode()


def test_what_is_no_longer_current_is_not_sent(ana):
    approval = ask("Expenses", users=(ana,))
    decide(actor(ana), approval.public_id, "APPROVED")
    send_due(now_ms() + 1)
    assert [sent.subject for sent in mail.outbox] == ["Approved: Expenses"]
    assert send_due(now_ms() + 1) == 0


def test_a_mail_server_that_is_away_is_tried_again_and_given_up_at_last(ana, settings):
    settings.EMAIL_BACKEND = "tests.executions.approvals.broken_mail.Backend"
    ask("Expenses", users=(ana,))
    now = now_ms() + 1
    for attempt in range(MOST_ATTEMPTS):
        assert send_due(now) == 0
        assert Notice.objects.get().attempts == attempt + 1
        assert send_due(now) == 0
        now = Notice.objects.get().wake_at or now
    assert (Notice.objects.get().wake_at, Notice.objects.get().sent_at) == (None, None)
    assert audit.AuditEntry.objects.filter(action="mail.failed").count() == 1


def test_a_title_cannot_add_headers(ana):
    ask("Hello\r\nBcc: evil@example.com", users=(ana,))
    send_due(now_ms() + 1)
    message = mail.outbox[0].message()
    assert message["Bcc"] is None
    assert "\n" not in mail.outbox[0].subject
