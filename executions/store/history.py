"""Reading history: segments back into events as AWS answers them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection

from designer.asl.jsontext import loads
from executions.store import offload
from executions.store.tables import HISTORY

_FEW, _MANY = 2, 64  # segments read at a time: few at first, for one may hold more than is wanted, then ever more
_FORWARD = (
    f"SELECT first_id, last_id, events FROM {HISTORY} "  # noqa: S608
    "WHERE execution_id = %s AND first_id > %s AND last_id > %s ORDER BY first_id LIMIT %s"
)
_BACKWARD = (
    f"SELECT first_id, last_id, events FROM {HISTORY} "  # noqa: S608
    "WHERE execution_id = %s AND first_id < %s AND last_id > %s ORDER BY first_id DESC LIMIT %s"
)
_BEGIN = (
    f"SELECT MAX(first_id) FROM {HISTORY} WHERE execution_id = %s AND first_id <= %s"  # noqa: S608
)
_LAST = f"SELECT MAX(last_id) FROM {HISTORY} WHERE execution_id = %s"  # noqa: S608


def events(
    execution_id: int, *, after: int = 0, limit: int | None = None, reverse: bool = False, before: int | None = None,
    whole: bool = False,
) -> list[dict[str, Any]]:
    """Events of an execution in AWS's wire form (`timestamp` in seconds), by rising id.

    Only ids above `after` and, when given, below `before`; at most `limit` of them, counted from the
    side that comes first.  `reverse` gives them by falling id.  Pages of a reversed list go on with
    `before` = the smallest id seen.  Payloads that lie aside (offload.py) are cut, unless they are wanted `whole`.
    """
    found: list[dict[str, Any]] = []
    shown = offload.whole_event if whole else offload.cut_event
    for event, marked in _walk(execution_id, after, before, reverse):
        if marked:
            event = shown(execution_id, event)
        found.append(event)
        if limit is not None and len(found) >= limit:
            break
    return found


def last_event(execution_id: int) -> int:
    """The id of the newest event; 0 when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [execution_id])
        row = cursor.fetchone()
    return int(row[0] or 0)


def _walk(execution_id: int, after: int, before: int | None, reverse: bool) -> Iterator[tuple[dict[str, Any], bool]]:
    """Events as they are stored, and whether there may be marks in them."""
    for first, last, text in segments(execution_id, after, before, reverse):
        segment: list[dict[str, Any]] = loads(text)
        if first <= after or (before is not None and last >= before):
            segment = [event for event in segment if event["id"] > after and (before is None or event["id"] < before)]
        marked = offload.has_marks(text)
        yield from ((event, marked) for event in (reversed(segment) if reverse else segment))


def segments(execution_id: int, after: int, before: int | None, reverse: bool) -> Iterator[tuple[int, int, str]]:
    """(first id, last id, JSON array text) of the segments that hold wanted events, a few at a time, so that
    neither memory nor the time for a page grows with what follows it.  The AWS door hands texts on unread."""
    start, most = (before if before is not None else 1 << 62) if reverse else _begin(execution_id, after), _FEW
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_BACKWARD if reverse else _FORWARD, [execution_id, start, after, most])
            rows = cursor.fetchall()
        for row in rows:
            if not reverse and before is not None and row[0] >= before:
                return
            yield row
        if len(rows) < most:
            return
        start, most = rows[-1][0], min(2 * most, _MANY)


def _begin(execution_id: int, after: int) -> int:
    """A number just below the segment that holds the event `after` + 1, so that none before it is read."""
    if after <= 0:
        return -1
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, [execution_id, after + 1])
        row = cursor.fetchone()
    return int(row[0] or 0) - 1
