"""Messages about approvals to the webhook that a request names (Slack and its like), as mail.py sends mails.

The message has no data of the request and no right in it: its link leads to the sign-in.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from designer.settings import CONFIG
from executions.approvals import audit
from executions.approvals.models import WebhookNotice
from executions.integrations.http.exchange import SocketError, Transport
from executions.integrations.http.guard import RefusedError
from executions.integrations.webhook.sending import post, webhook

log = logging.getLogger(__name__)

AT_ONCE: Final = 3  # in one round, so that those that do not answer hold up no deadline for long
MOST_ATTEMPTS: Final = 8
PAUSE: Final = 30_000  # ms before the second attempt, doubled each time
SECONDS: Final = 5.0


class NotTakenError(Exception):
    """The webhook did not take the message; the text says why."""


def send_due(now: int, transport: Transport | None = None) -> int:
    """Send what is due (`now` in ms since the epoch); how many messages were taken."""
    transport = transport or Transport(CONFIG.http_allow, seconds=SECONDS)
    due = WebhookNotice.objects.filter(wake_at__lte=now).select_related("approval__requester").order_by("wake_at")
    taken = 0
    for notice in due[:AT_ONCE]:
        try:
            _send(notice, transport)
        except NotTakenError as error:
            _try_later(notice, now, error)
            continue
        WebhookNotice.objects.filter(pk=notice.pk).update(wake_at=None)
        taken += 1
    return taken


def _send(notice: WebhookNotice, transport: Transport) -> None:
    name = notice.approval.rules.get("webhook", "")
    try:
        found = webhook(name)
        if found is None:
            raise NotTakenError(f"There is no webhook connection '{name}'.")
        answer = asyncio.run(post(found, message_of(notice), transport))
    except (RefusedError, SocketError, ValueError) as error:
        raise NotTakenError(str(error)) from None
    if answer.status // 100 != 2:
        raise NotTakenError(f"It answered {answer.status} {answer.reason}.")


def message_of(notice: WebhookNotice) -> dict[str, Any]:
    """`text` for Slack and its like, and the same in fields for programs."""
    approval = notice.approval
    with translation.override(settings.LANGUAGE_CODE):
        url = CONFIG.public_url + reverse("approval", args=[approval.public_id])
        heading = {
            "asked": _("Please decide"), "reminder": _("Still waiting"), "escalated": _("Overdue"),
            "decided": _("Approved") if approval.status == "APPROVED" else _("Rejected"),
            "closed": _("No longer to be decided")}[notice.kind]
    text = f"{heading}: {approval.title}" + (f" – {notice.text}" if notice.text else "")
    return {"text": f"{text}\n{url}", "kind": notice.kind, "approval": approval.public_id, "title": approval.title,
            "status": approval.status, "level": notice.level + 1, "url": url}


def _try_later(notice: WebhookNotice, now: int, error: NotTakenError) -> None:
    attempts = notice.attempts + 1
    log.warning("The webhook of '%s' was not told: %s", notice.approval.title, error)
    wake_at = None if attempts >= MOST_ATTEMPTS else now + PAUSE * 2 ** (attempts - 1)
    with transaction.atomic():
        WebhookNotice.objects.filter(pk=notice.pk).update(attempts=attempts, wake_at=wake_at)
        if wake_at is None:
            audit.append(audit.SYSTEM, "webhook.failed", f"approval:{notice.approval.public_id}", {
                "kind": notice.kind, "error": str(error)[:500]})
