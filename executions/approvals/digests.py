"""One mail a day with all that waits, instead of one for each request; overdue ones are still told at once.

The mail has no link that decides: it leads to the inbox, where all of them can be decided together.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from designer.errors import ActionError
from designer.models import User
from designer.people.actors import actor_of
from designer.people.preferences import language_of, time_zones
from designer.permissions import Actor, Permission, require
from executions.approvals import queries
from executions.approvals.deadlines import to_ms
from executions.approvals.models import Digest

log = logging.getLogger(__name__)

LISTED: Final = 50
AT_ONCE: Final = 10
AGAIN: Final = 10 * 60_000  # ms until a mail that could not be sent is tried again


def set_digest(actor: Actor, hour: int | None) -> None:
    """From now on one mail a day at this hour of one's own time zone; None: a mail for each request again."""
    require(actor, Permission.APPROVE)
    if hour is None:
        Digest.objects.filter(person=actor.user_id).delete()
        return
    if not 0 <= hour <= 23:
        raise ActionError("ValidationException", _("The hour must be from 0 to 23."))
    person = User.objects.get(pk=actor.user_id)
    Digest.objects.update_or_create(person=person, defaults={
        "hour": hour, "wake_at": to_ms(next_time(person, hour, datetime.now(UTC)))})


def digest_of(person_id: int) -> Digest | None:
    return Digest.objects.filter(person=person_id).first()


def next_time(person: User, hour: int, now: datetime) -> datetime:
    """The next moment at which the person's clock shows this hour."""
    zone = ZoneInfo(_zone_of(person))
    local = now.astimezone(zone)
    day = local.date() if local.hour < hour else local.date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, hour, tzinfo=zone).astimezone(UTC)


def send_due(now: datetime) -> int:
    """Send the digests that are due; how many mails went out.  Who has nothing to decide gets none."""
    sent = 0
    for digest in Digest.objects.filter(wake_at__lte=to_ms(now)).select_related("person").order_by("wake_at")[:AT_ONCE]:
        following = to_ms(next_time(digest.person, digest.hour, now))
        try:
            sent += _send(digest.person)
        except Exception as error:  # whatever the configured back end raises
            log.warning("The digest for %s could not be sent: %s", digest.person.get_username(), error)
            following = to_ms(now) + AGAIN
        Digest.objects.filter(pk=digest.pk).update(wake_at=following)
    return sent


def _send(person: User) -> int:
    if not person.is_active or not person.email:
        return 0
    keys = queries.ordered_keys(queries.inbox(actor_of(person)))
    if not keys:
        return 0
    base = settings.CONFIG.public_url
    with translation.override(language_of(person) or settings.LANGUAGE_CODE), timezone.override(_zone_of(person)):
        rows = [(approval, base + reverse("approval", args=[approval.public_id]))
                for approval in queries.of_keys(keys[:LISTED])]
        context = {"rows": rows, "total": len(keys), "inbox": base + reverse("approvals")}
        subject = _("Waiting for your decision: %(number)d") % {"number": len(keys)}
        mail = EmailMultiAlternatives(subject, render_to_string("mail/digest.txt", context), to=[person.email],
                                      headers={"Auto-Submitted": "auto-generated"})
        mail.attach_alternative(render_to_string("mail/digest.html", context), "text/html")
    mail.send()
    return 1


def _zone_of(person: User) -> str:
    return person.timezone if person.timezone in time_zones() else settings.TIME_ZONE
