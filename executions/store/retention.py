"""Removing executions that ended long ago: their history first, in small transactions.

Each transaction holds the database's write lock for a few milliseconds only, so that commits come in between; a
removal that is broken off goes on with the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import connection, transaction

from executions.models import Execution, Invocation, TaskToken
from executions.store.tables import EXECUTION, FRAME, HISTORY, PAYLOAD

ROWS: Final = 200  # history segments, frames, tokens or invocations that one transaction removes
PAYLOADS: Final = 2  # large payloads, of up to some MiB each
EXECUTIONS: Final = 50  # executions that one transaction removes

_ENDED: Final = f"SELECT id FROM {EXECUTION} WHERE machine_id = %s AND kind = %s AND started_at < %s" \
    " AND status <> 'RUNNING' AND stopped_at < %s ORDER BY started_at LIMIT %s"  # noqa: S608
_BEYOND: Final = f"SELECT id FROM {EXECUTION} WHERE kind = 'EXPRESS' AND status <> 'RUNNING'" \
    " ORDER BY id DESC LIMIT 1 OFFSET %s"  # noqa: S608
_OLDEST: Final = f"SELECT id FROM {EXECUTION} WHERE kind = 'EXPRESS' AND status <> 'RUNNING' AND id <= %s" \
    " ORDER BY id LIMIT %s"  # noqa: S608


def ended_before(machine_id: int, kind: str, before: int, limit: int = EXECUTIONS) -> list[int]:
    """Executions of a machine that ended before (ms since the epoch), oldest first."""
    return _ids(_ENDED, machine_id, kind, before, before, limit)


def beyond_newest_express(count: int) -> int | None:
    """The id from which down there are more ended Express executions than `count`; None when there are not."""
    found = _ids(_BEYOND, count)
    return found[0] if found else None


def express_up_to(id: int, limit: int = EXECUTIONS) -> list[int]:
    """Ended Express executions up to this id, oldest first."""
    return _ids(_OLDEST, id, limit)


def _ids(statement: str, *args: int | str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(args))
        return [row[0] for row in cursor.fetchall()]


def remove_some(ids: Sequence[int]) -> bool:
    """One transaction towards removing these ended executions; False when they are gone."""
    if not ids:
        return False
    with transaction.atomic():
        ended = list(Execution.objects.filter(pk__in=ids).exclude(status="RUNNING").values_list("pk", flat=True))
        if not ended:
            return False
        if _remove_rows(HISTORY, "first_id", ended, ROWS) or _remove_rows(FRAME, "frame_id", ended, ROWS):
            return True
        if _remove_rows(PAYLOAD, "digest", ended, PAYLOADS):
            return True
        for model in (TaskToken, Invocation):
            if some := list(model._default_manager.filter(execution__in=ended).values_list("pk", flat=True)[:ROWS]):
                model._default_manager.filter(pk__in=some).delete()
                return True
        Execution.objects.filter(pk__in=ended).delete()
    return False


def _remove_rows(table: str, key: str, ids: Sequence[int], most: int) -> int:
    """Remove at most `most` rows of these executions; how many."""
    marks = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table} WHERE (execution_id, {key}) IN"  # noqa: S608
            f" (SELECT execution_id, {key} FROM {table} WHERE execution_id IN ({marks}) LIMIT %s)", [*ids, most])
        return int(cursor.rowcount)
