"""The board: incidents with how many failures are open, and how many there were when."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Count, F, IntegerField, Q, QuerySet
from django.db.models.functions import Cast

from designer.errors import ActionError
from designer.models import User
from designer.permissions import Actor, Permission, require
from executions.incidents.models import Failure, Incident

BUCKETS: Final = 28  # of a trend
PERIODS: Final = {"day": 86_400_000, "week": 7 * 86_400_000, "month": 28 * 86_400_000}  # ms
SHOWN: Final = 200


def incidents(*, machine: str = "", text: str = "", muted: bool = False, only_open: bool = True) -> list[Incident]:
    """The incidents that fit, the one that happened last first; each with `open_count` and `all_count`."""
    found = _counted(Incident.objects.select_related("machine", "owner")).filter(muted=muted)
    if machine:
        found = found.filter(machine__name=machine)
    if text:
        found = found.filter(Q(error__icontains=text) | Q(state__icontains=text) | Q(cause__icontains=text)
                             | Q(note__icontains=text))
    if only_open:
        found = found.filter(open_count__gt=0)
    return list(found.order_by("-last_at", "-pk")[:SHOWN])


def incident(number: int) -> Incident:
    """One with its counts; IncidentDoesNotExist."""
    row: Incident | None = _counted(Incident.objects.select_related("machine", "owner")).filter(pk=number).first()
    if row is None:
        raise ActionError("IncidentDoesNotExist", f"There is no incident {number}.")
    return row


def _counted(found: QuerySet[Any]) -> QuerySet[Any]:
    counted: QuerySet[Any] = found.annotate(
        open_count=Count("failures", filter=Q(failures__open=True)), all_count=Count("failures"))
    return counted


def trends(rows: Sequence[Incident], period: str, now: int | None = None) -> dict[int, list[int]]:
    """How many failures of each incident there were in each BUCKETS-th of the period (a name of PERIODS) till `now`."""
    now = time.time_ns() // 1_000_000 if now is None else now
    width = PERIODS[period] // BUCKETS
    begin = now - BUCKETS * width
    counted = (
        Failure.objects.filter(incident__in=[row.pk for row in rows], at__gt=begin, at__lte=now)
        .annotate(bucket=Cast((F("at") - begin - 1) / width, IntegerField()))
        .values_list("incident", "bucket").annotate(count=Count("pk")))
    found: dict[int, list[int]] = defaultdict(lambda: [0] * BUCKETS)
    for number, bucket, count in counted:
        found[number][min(BUCKETS - 1, bucket)] += count
    return {row.pk: found[row.pk] for row in rows}


def change(actor: Actor, number: int, changes: dict[str, Any]) -> Incident:
    """Set `owner` (a username, or null), `note` and `muted`.  IncidentDoesNotExist, PersonDoesNotExist."""
    require(actor, Permission.OPERATE)
    row = incident(number)
    if "owner" in changes:
        row.owner = _person(changes["owner"])
    for name in ("note", "muted"):
        if name in changes:
            setattr(row, name, changes[name])
    row.save(update_fields=["owner", "note", "muted"])
    return row


def _person(username: str | None) -> User | None:
    if not username:
        return None
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise ActionError("PersonDoesNotExist", f"There is nobody called '{username}'.")
    return user
