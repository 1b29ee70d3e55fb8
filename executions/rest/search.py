"""Finding executions: filters, order and pages of the list.

Newest first.  A page goes on with its cursor, the start time and id of its last row, so that executions that start
meanwhile move nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from designer.errors import ActionError
from executions.models import Execution, TaskToken
from executions.rest.lookup import LARGEST_ID
from executions.rest.moments import milliseconds

STATUSES: Final = ("RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED")
WAITING: Final = "WAITING"  # running, and a person has to decide
COUNT_TO: Final = 1000  # counting stops here; the pages say "1,000+"


@dataclass(frozen=True, slots=True)
class Filters:
    """What to look for; empty members are no filter.  `statuses` of STATUSES or WAITING; `machine` is a name."""

    statuses: tuple[str, ...] = ()
    machine: str = ""
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None


def find(filters: Filters) -> QuerySet[Execution]:
    """The executions that fit, newest first."""
    return _with_status(_narrowed(filters), filters.statuses).order_by("-started_at", "-id")


def counts(filters: Filters) -> dict[str, int]:
    """How many there are of each status, whatever statuses `filters` asks for; COUNT_TO + 1 means "more"."""
    found = _narrowed(filters)
    return {
        status: _with_status(found, (status,)).order_by()[: COUNT_TO + 1].count() for status in (*STATUSES, WAITING)
    }


def page(found: QuerySet[Execution], cursor: str, limit: int) -> tuple[list[Execution], str | None]:
    """`limit` executions after `cursor` ("" is the beginning), and the cursor of the next page if there is one."""
    if cursor:
        started_at, execution = _read_cursor(cursor)
        found = found.filter(Q(started_at__lt=started_at) | Q(started_at=started_at, id__lt=execution))
    rows = list(found[: limit + 1])
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], f"{last.started_at}-{last.pk}"


def _narrowed(filters: Filters) -> QuerySet[Execution]:
    found = Execution.objects.all()
    if filters.machine:
        found = found.filter(machine__name=filters.machine)
    if filters.since:
        found = found.filter(started_at__gte=milliseconds(filters.since))
    if filters.until:
        found = found.filter(started_at__lt=milliseconds(filters.until))
    return found.filter(_says(filters.text)) if filters.text else found


def _says(text: str) -> Q:
    """By name, error, ARN or id."""
    says = Q(name__icontains=text) | Q(error__icontains=text) | Q(arn=text)
    number = int(text) if re.fullmatch(r"[0-9]{1,19}", text) else None
    return says if number is None or number > LARGEST_ID else says | Q(pk=number)


def _with_status(found: QuerySet[Execution], statuses: tuple[str, ...]) -> QuerySet[Execution]:
    if not statuses:
        return found
    plain = [status for status in statuses if status != WAITING]
    wanted = Q(status__in=plain) if len(plain) != 1 else Q(status=plain[0])
    if WAITING in statuses:
        asked = TaskToken.objects.filter(execution=OuterRef("pk"), kind="approval", status__in=("OPEN", "STARTED"))
        wanted |= Q(status="RUNNING") & Q(Exists(asked))
    return found.filter(wanted)


def _read_cursor(cursor: str) -> tuple[int, int]:
    started_at, _, execution = cursor.partition("-")
    try:
        return int(started_at), int(execution)
    except ValueError:
        message = f"'{cursor}' is no cursor of this list; ask for the first page without one."
        raise ActionError("ValidationException", message) from None
