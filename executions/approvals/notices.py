"""Which mails are to be sent: rows written together with what they tell; clockwork.py sends them (mail.py)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from designer.models import User
from executions.approvals.deadlines import now_ms
from executions.approvals.models import Digest, Notice, Vote, WebhookNotice
from executions.models import Approval

COLLECTED: Final = ("asked", "reminder")  # who has a digest gets them in it (digests.py)
MOST: Final = 200  # mails at once: a request that everybody may decide is no reason to write to a whole company


def to_level(approval: Approval, kind: str, people: Iterable[User]) -> None:
    """To those who are asked on the present level; a request for everybody is told to nobody in particular."""
    _to_webhook(approval, kind)
    if approval.anybody:
        return
    _write(approval, kind, people)


def to_one(approval: Approval, kind: str, person: User | None, text: str = "") -> None:
    if person is not None:
        _write(approval, kind, [person], text)


def of_end(approval: Approval) -> None:
    """To the requester, and to those who took part or were asked last, when nothing is left to decide."""
    voters = [vote.person for vote in Vote.objects.filter(approval=approval).select_related("person")]
    people = [approval.requester, *voters]
    if approval.status in ("CLOSED", "CANCELLED", "EXPIRED"):
        people += list(approval.users.all())
    kind = "decided" if approval.status in ("APPROVED", "REJECTED") else "closed"
    known = {person.pk: person for person in people if person is not None}
    Notice.objects.filter(approval=approval, sent_at=None).update(wake_at=None)  # nobody need be asked any more
    _to_webhook(approval, kind, approval.closed_reason)
    _write(approval, kind, known.values(), approval.closed_reason)


def _to_webhook(approval: Approval, kind: str, text: str = "") -> None:
    if approval.rules.get("webhook"):
        WebhookNotice.objects.create(
            approval=approval, kind=kind, text=text, level=approval.level, wake_at=now_ms())


def _write(approval: Approval, kind: str, people: Iterable[User], text: str = "") -> None:
    now, people = now_ms(), list(people)[:MOST]
    if kind in COLLECTED:
        collected = set(Digest.objects.filter(person__in=people).values_list("person_id", flat=True))
        people = [person for person in people if person.pk not in collected]
    Notice.objects.bulk_create(
        Notice(approval=approval, person=person, kind=kind, text=text, level=approval.level, wake_at=now)
        for person in people if person.email)
