"""Finding executions: filters, order and pages of the list.

Newest first.  A page goes on with its cursor, the start time and id of its last row, so that executions that start
meanwhile move nothing.  What asks for text goes through the search index, from the newest match down, until a page is
full: neither a word that every execution has nor one that none has makes it read much.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Exists, Func, OuterRef, Q, QuerySet

from designer.errors import ActionError
from designer.models import StateMachine, Tag
from executions.lists import indexing
from executions.lists.search_index import index
from executions.models import Execution, TaskToken
from executions.rest.lookup import LARGEST_ID
from executions.rest.moments import milliseconds

STATUSES: Final = ("RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED")
WAITING: Final = "WAITING"  # running, and a person has to decide
COUNT_TO: Final = 1000  # counting stops here; the pages say "1,000+"
MATCHES: Final = 2000  # matches of a text looked at together
MOST_MATCHES: Final = 200_000  # after so many that the other filters refuse, the page ends where it is
_ABOVE_ALL: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Filters:
    """What to look for; empty members are no filter.

    `statuses` of STATUSES or WAITING; `machine` is a name; `text` stands anywhere, `name`, `error` and `payload`
    (input or output) there; `version` and `revision` are numbers; `tag` is "key" or "key:value" of the machine;
    `incident` is an id.
    """

    statuses: tuple[str, ...] = ()
    machine: str = ""
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    name: str = ""
    error: str = ""
    payload: str = ""
    version: int | None = None
    revision: int | None = None
    tag: str = ""
    incident: int | None = None

    @property
    def terms(self) -> list[tuple[str, str]]:
        """What the search index is asked for."""
        asked = (("", self.text), ("name", self.name), ("error", self.error), ("payload", self.payload))
        return [(field, text) for field, text in asked if text]

    @property
    def quick(self) -> bool:
        """Whether an index of the table answers it, so that counting is cheap."""
        return not (self.terms or self.version or self.revision or self.tag or self.incident)


def find(filters: Filters) -> QuerySet[Execution]:
    """The executions that fit, whatever text is asked for, newest first."""
    return _with_status(_narrowed(filters), filters.statuses).order_by("-started_at", "-id")


def counts(filters: Filters) -> dict[str, int] | None:
    """How many there are of each status, whatever statuses `filters` asks for; COUNT_TO + 1 means "more".  None when
    that would take long."""
    if not filters.quick:
        return None
    found = _narrowed(filters)
    return {
        status: _with_status(found, (status,)).order_by()[: COUNT_TO + 1].count() for status in (*STATUSES, WAITING)
    }


def page(filters: Filters, cursor: str, limit: int) -> tuple[list[int], str | None]:
    """The ids of `limit` executions after `cursor` ("" is the beginning), and the cursor of the next page if there is
    one."""
    rows = _first(filters, cursor, limit + 1)
    if len(rows) <= limit:
        return [id for _, id in rows], None
    started_at, last = rows[limit - 1]
    return [id for _, id in rows[:limit]], f"{started_at}-{last}"


def every(filters: Filters) -> Iterator[int]:
    """The ids of all that fit, newest first."""
    if not filters.terms:
        yield from find(filters).values_list("pk", flat=True).iterator(MATCHES)
        return
    for some in _matches(filters, _ABOVE_ALL):
        yield from (id for _, id in _fitting(filters, some))


def _first(filters: Filters, cursor: str, limit: int) -> list[tuple[int, int]]:
    """(started_at, id) of the first `limit` after `cursor`."""
    after = _read_cursor(cursor) if cursor else None
    if not filters.terms:
        found = find(filters)
        if after:
            found = found.filter(Q(started_at__lt=after[0]) | Q(started_at=after[0], id__lt=after[1]))
        return list(found.values_list("started_at", "pk")[:limit])
    if after is None:
        indexing.newest(index())
    rows: list[tuple[int, int]] = []
    for some in _matches(filters, after[1] if after else _ABOVE_ALL):
        rows += _fitting(filters, some)
        if len(rows) >= limit:
            break
    return rows[:limit]


def _fitting(filters: Filters, ids: list[int]) -> list[tuple[int, int]]:
    """(started_at, id) of those of `ids` that fit, newest first; only they are looked at."""
    some: QuerySet[Any] = Execution.objects.filter(pk__in=ids).alias(
        bare_status=Bare("status"), bare_machine=Bare("machine_id"), bare_started_at=Bare("started_at"))
    found = _with_status(_narrowed(filters, some, "bare_"), filters.statuses, "bare_")
    return sorted(found.values_list("started_at", "pk"), reverse=True)


def _matches(filters: Filters, below: int) -> Iterator[list[int]]:
    """Ids in which the texts stand, some at a time, newest first; an id or an ARN finds its own execution."""
    if (exact := _exact(filters.text)) is not None:
        yield exact
        return
    size, seen = 200, 0  # few at first: a word that many have fills the page at once
    while seen < MOST_MATCHES:
        some = index().matching(filters.terms, below, size)
        if some:
            yield some
        if len(some) < size:
            return
        below, seen, size = some[-1], seen + len(some), MATCHES


def _exact(text: str) -> list[int] | None:
    """The execution whose id or ARN this is, if there is one."""
    if re.fullmatch(r"[0-9]{15,19}", text) and int(text) <= LARGEST_ID:
        return list(Execution.objects.filter(pk=int(text)).values_list("pk", flat=True)) or None
    if text.startswith("arn:"):
        return list(Execution.objects.filter(arn=text).values_list("pk", flat=True)) or None
    return None


class Bare(Func):
    """A column whose indexes the database shall not use: SQLite takes one that fits half of a million rows before it
    looks at eleven ids."""

    template = "%(expressions)s"
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)


def _narrowed(filters: Filters, found: QuerySet[Execution] | None = None, kind: str = "") -> QuerySet[Execution]:
    """`kind` "bare_" when `found` has the columns as Bare ones, under these names."""
    found = Execution.objects.all() if found is None else found
    if filters.machine:
        found = found.filter(**{f"{kind}machine__in": _machines(filters.machine)})
    if filters.since:
        found = found.filter(**{f"{kind}started_at__gte": milliseconds(filters.since)})
    if filters.until:
        found = found.filter(**{f"{kind}started_at__lt": milliseconds(filters.until)})
    if filters.version:
        found = found.filter(version_arn__endswith=f":{filters.version}")
    if filters.revision:
        found = found.filter(revision__number=filters.revision)
    if filters.incident:
        found = found.filter(failure__incident=filters.incident, failure__open=True)
    if filters.tag:
        found = found.filter(**{f"{kind}machine__in": _tagged(filters.tag)})
    return found


def _machines(name: str) -> list[int]:
    """Ids, asked for before: with them the database sees that an index fits."""
    return list(StateMachine.objects.filter(name=name).values_list("pk", flat=True))


def _tagged(tag: str) -> list[int]:
    key, colon, value = tag.partition(":")
    tags = Tag.objects.filter(key=key, value=value) if colon else Tag.objects.filter(key=key)
    return list(StateMachine.objects.filter(arn__in=tags.values("arn")).values_list("pk", flat=True))


def _with_status(found: QuerySet[Execution], statuses: tuple[str, ...], kind: str = "") -> QuerySet[Execution]:
    if not statuses:
        return found
    plain = [status for status in statuses if status != WAITING]
    wanted = Q(**{f"{kind}status__in": plain}) if len(plain) != 1 else Q(**{f"{kind}status": plain[0]})
    if WAITING in statuses:
        asked = TaskToken.objects.filter(execution=OuterRef("pk"), kind="approval", status__in=("OPEN", "STARTED"))
        wanted |= Q(**{f"{kind}status": "RUNNING"}) & Q(Exists(asked))
    return found.filter(wanted)


def _read_cursor(cursor: str) -> tuple[int, int]:
    started_at, _, execution = cursor.partition("-")
    try:
        return int(started_at), int(execution)
    except ValueError:
        message = f"'{cursor}' is no cursor of this list; ask for the first page without one."
        raise ActionError("ValidationException", message) from None
