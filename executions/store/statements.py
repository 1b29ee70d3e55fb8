"""The SQL of the commit: many rows a statement, the same text on SQLite and PostgreSQL.

Many rows a statement, not executemany: sqlite3 gives up and takes back the interpreter's lock once
for every row it steps over, and beside a busy event loop each of these costs up to a switch
interval.  The numbers of rows are few and fixed, so that prepared statements are found again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, Final, TypeVar

from django.db.backends.utils import CursorWrapper

from executions.models import Approval, Execution, Frame, HistorySegment, Signal, TaskToken
from executions.store.tables import APPROVAL, EXECUTION, FRAME, HISTORY, SIGNAL, TOKEN, columns

Item = TypeVar("Item")
_SIZES: Final = (128, 32, 8, 2, 1)

EXECUTION_COLUMNS: Final = columns(
    Execution, "id", "arn", "account", "region", "name", "kind", "machine", "revision", "version_arn", "alias_arn",
    "role_arn", "status", "input", "output", "error", "cause", "started_at", "stopped_at", "started_by",
    "trace_header", "parent", "parent_ask", "seed", "header", "redrive_count", "redrive_at",
)
FRAME_COLUMNS: Final = columns(Frame, "execution", "frame_id", "parent", "status", "due", "data")
HISTORY_COLUMNS: Final = columns(HistorySegment, "execution", "first_id", "last_id", "events")
TOKEN_COLUMNS: Final = columns(
    TaskToken, "token", "execution", "ask", "kind", "resource", "state", "status", "worker", "input", "opened_at",
    "closed_at",
)


class Rows:
    """A statement over a list of rows: `head` VALUES rows `tail`."""

    def __init__(self, head: str, width: int, tail: str = "") -> None:
        row = "(" + ", ".join(["%s"] * width) + ")"
        self._texts = {size: f"{head} {', '.join([row] * size)}{tail}" for size in _SIZES}

    def run(self, cursor: CursorWrapper, rows: Sequence[Sequence[Any]]) -> None:
        for part in _parts(rows):
            cursor.execute(self._texts[len(part)], list(chain.from_iterable(part)))


def _parts(rows: Sequence[Item]) -> Iterator[Sequence[Item]]:
    start = 0
    for size in _SIZES:
        while len(rows) - start >= size:
            yield rows[start:start + size]
            start += size


def _insert(table: str, names: tuple[str, ...], conflict: str = "") -> Rows:
    return Rows(f"INSERT INTO {table} ({', '.join(names)}) VALUES", len(names), conflict)


INSERT_EXECUTIONS: Final = _insert(EXECUTION, EXECUTION_COLUMNS)
INSERT_HISTORY: Final = _insert(HISTORY, HISTORY_COLUMNS)
INSERT_TOKENS: Final = _insert(TOKEN, TOKEN_COLUMNS, " ON CONFLICT DO NOTHING")
UPSERT_FRAMES: Final = _insert(
    FRAME, FRAME_COLUMNS,
    ' ON CONFLICT ("execution_id", "frame_id") DO UPDATE SET "parent" = excluded."parent",'
    ' "status" = excluded."status", "due" = excluded."due", "data" = excluded."data"',
)
CLEAR_FRAMES: Final = Rows(f'DELETE FROM {FRAME} WHERE "execution_id" IN (VALUES', 1, ")")  # noqa: S608
DELETE_SIGNALS: Final = Rows(f'DELETE FROM {SIGNAL} WHERE "id" IN (VALUES', 1, ")")  # noqa: S608

# VALUES alone gives text where every value of a column is NULL, hence the casts.
END_EXECUTIONS: Final = Rows(
    f"UPDATE {EXECUTION} AS e SET status = v.column2, output = CAST(v.column3 AS text),"  # noqa: S608
    " error = CAST(v.column4 AS text), cause = CAST(v.column5 AS text), stopped_at = v.column6, header = v.column7"
    " FROM (VALUES", 7, ") AS v WHERE e.id = v.column1",
)
CHANGE_TOKENS: Final = Rows(
    f"UPDATE {TOKEN} AS t SET status = v.column1, worker = COALESCE(CAST(v.column2 AS text), t.worker),"  # noqa: S608
    " closed_at = CAST(v.column3 AS bigint) FROM (VALUES", 4,
    ") AS v WHERE t.token = v.column4 AND t.status IN ('OPEN', 'STARTED')",
)
# wake_at = 0: approvals/clockwork.py is to tell of it at once.
CLOSE_APPROVALS: Final = Rows(
    f"UPDATE {APPROVAL} AS a SET status = 'CLOSED', closed_reason = v.column2, wake_at = 0 FROM (VALUES", 2,  # noqa: S608
    ") AS v WHERE a.token_id = v.column1 AND a.status = 'WAITING'",
)

UNDO_DECISIONS: Final = Rows(
    f"UPDATE {APPROVAL} AS a SET status = 'CLOSED', closed_reason = v.column2, decided_by_id = NULL,"  # noqa: S608
    " decided_at = NULL, comment = '', form_data = '{}', wake_at = 0 FROM (VALUES", 2,
    ") AS v WHERE a.token_id = v.column1 AND a.status NOT IN ('WAITING', 'CLOSED')",
)


def delete_frames(cursor: CursorWrapper, execution_id: int, frame_ids: Sequence[int]) -> None:
    """Delete frames of one execution; a pair list would make SQLite scan the whole table."""
    for part in _parts(frame_ids):
        marks = ", ".join(["%s"] * len(part))
        cursor.execute(
            f"DELETE FROM {FRAME} WHERE execution_id = %s AND frame_id IN ({marks})", [execution_id, *part])  # noqa: S608


def taken_names(cursor: CursorWrapper, arns: Sequence[str]) -> list[tuple[int, str, str, str, int]]:
    """(id, arn, status, input, started_at) of the executions that already have one of these ARNs."""
    found: list[tuple[int, str, str, str, int]] = []
    for start in range(0, len(arns), 500):
        part = arns[start:start + 500]
        marks = ", ".join(["%s"] * len(part))
        cursor.execute(
            f"SELECT id, arn, status, input, started_at FROM {EXECUTION} WHERE arn IN ({marks})",  # noqa: S608
            list(part),
        )
        found += cursor.fetchall()
    return found


def free_names(cursor: CursorWrapper, ids: Sequence[int], before: int) -> list[int]:
    """Take the names of those of these executions that ended before (ms since the epoch); their ids.

    They stay, under an ARN that has their id behind it.
    """
    freed: list[int] = []
    for start in range(0, len(ids), 500):
        part = ids[start:start + 500]
        marks = ", ".join(["%s"] * len(part))
        cursor.execute(
            f"UPDATE {EXECUTION} SET arn = arn || '#' || CAST(id AS text)"  # noqa: S608
            f" WHERE id IN ({marks}) AND status <> 'RUNNING' AND stopped_at < %s RETURNING id", [*part, before])
        freed += [row[0] for row in cursor.fetchall()]
    return freed


def written(cursor: CursorWrapper, execution_id: int, first_event: int) -> bool:
    """Whether the history segment that begins with this event is there: its commit was done."""
    cursor.execute(
        f"SELECT 1 FROM {HISTORY} WHERE execution_id = %s AND first_id = %s", [execution_id, first_event])  # noqa: S608
    return cursor.fetchone() is not None


assert Approval._meta.get_field("token").column == "token_id"  # noqa: S101  # named in CLOSE_APPROVALS
assert Signal._meta.pk is not None  # noqa: S101
