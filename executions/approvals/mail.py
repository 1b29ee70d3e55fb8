"""Mails about approvals: each notice once, in the language of whom it is for, tried again when the mail server is away.

A crash between sending and noting that it was sent sends it twice; it is never lost.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from designer.people.actors import actor_of
from designer.people.preferences import language_of, time_zones
from executions.approvals import audit
from executions.approvals.levels import load
from executions.approvals.links import make_link
from executions.approvals.models import Notice
from executions.approvals.reading import readable
from executions.approvals.rights import has_right

log = logging.getLogger(__name__)

AT_ONCE: Final = 20
MOST_ATTEMPTS: Final = 10
PAUSE: Final = 30_000  # ms before the second attempt, doubled each time
ASKING: Final = ("asked", "reminder", "escalated")


def send_due(now: int) -> int:
    """Send what is due (`now` in ms since the epoch); how many mails went out."""
    sent = 0
    due = Notice.objects.filter(wake_at__lte=now).select_related(
        "approval__token__execution__machine", "approval__requester", "person").order_by("wake_at")
    for notice in due[:AT_ONCE]:
        if not _is_current(notice):
            Notice.objects.filter(pk=notice.pk).update(wake_at=None)
            continue
        try:
            message_of(notice).send()
        except Exception as error:
            _try_later(notice, now, error)
            continue
        Notice.objects.filter(pk=notice.pk).update(wake_at=None, sent_at=datetime.now(UTC))
        sent += 1
    return sent


def _is_current(notice: Notice) -> bool:
    """Whether the person can still do what the mail asks for."""
    approval, person = notice.approval, notice.person
    if not person.is_active or not person.email:
        return False
    if notice.kind not in ASKING:
        return True
    return (approval.status == "WAITING" and approval.level == notice.level
            and has_right(actor_of(person), approval))


def _try_later(notice: Notice, now: int, error: Exception) -> None:
    attempts = notice.attempts + 1
    log.warning("The mail '%s' to %s could not be sent: %s", notice.kind, notice.person.get_username(), error)
    wake_at = None if attempts >= MOST_ATTEMPTS else now + PAUSE * 2 ** (attempts - 1)
    with transaction.atomic():
        Notice.objects.filter(pk=notice.pk).update(attempts=attempts, wake_at=wake_at)
        if wake_at is None:
            audit.append(audit.SYSTEM, "mail.failed", f"approval:{notice.approval.public_id}", {
                "kind": notice.kind, "to": notice.person.get_username(), "error": str(error)[:500]})


def message_of(notice: Notice) -> EmailMultiAlternatives:
    """The mail as text and HTML, in the person's language and time zone."""
    person = notice.person
    zone = person.timezone if person.timezone in time_zones() else settings.TIME_ZONE
    with translation.override(language_of(person) or settings.LANGUAGE_CODE), timezone.override(zone):
        context = _context(notice)
        subject = " ".join(f"{context['heading']}: {notice.approval.title}".split())
        mail = EmailMultiAlternatives(
            subject, render_to_string("mail/approval.txt", context), to=[person.email],
            headers={"Auto-Submitted": "auto-generated"})
        mail.attach_alternative(render_to_string("mail/approval.html", context), "text/html")
    return mail


def _context(notice: Notice) -> dict[str, Any]:
    approval = notice.approval
    asks = notice.kind in ASKING
    step_up = bool(approval.rules.get("step_up"))
    base = settings.CONFIG.public_url
    page = base + reverse("approval", args=[approval.public_id])
    link = base + reverse("approval-link", args=[make_link(approval, notice.person)]) if asks and not step_up else page
    data = readable(approval.data)
    return {
        "approval": approval, "notice": notice, "heading": heading_of(notice), "asks": asks, "step_up": step_up,
        "link": link, "page": page, "data": data, "level": approval.level + 1, "levels": len(load(approval.plan)),
        "facts": [] if step_up else _facts(data),
    }


def heading_of(notice: Notice) -> str:
    decided = _("Approved") if notice.approval.status == "APPROVED" else _("Rejected")
    return {
        "asked": _("Please decide"), "reminder": _("Still waiting for you"),
        "escalated": _("Please decide, it is overdue"),
        "question": _("A question about your request"), "answer": _("Your question was answered"),
        "decided": decided, "closed": _("No longer to be decided"),
    }[notice.kind]


def _facts(data: Any) -> list[tuple[str, str]]:
    """The plain lines of the data; tables and lists are on the page."""
    plain = [(label, node.text) for label, node in data.body.pairs if node.text and node.kind != "prose"]
    return [*data.figures, *plain][:20]
