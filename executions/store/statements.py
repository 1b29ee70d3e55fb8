"""The SQL of the commit, the same text on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db.backends.utils import CursorWrapper

from executions.models import Approval, Execution, Frame, HistorySegment, Payload, Signal, TaskToken
from executions.store.rows import Inserts, Joined, Rows, parts
from executions.store.tables import APPROVAL, EXECUTION, FRAME, HISTORY, PAYLOAD, SIGNAL, TOKEN, columns, kinds

_EXECUTION: Final = (
    "id", "arn", "account", "region", "name", "kind", "machine", "revision", "version_arn", "alias_arn", "role_arn",
    "status", "input", "output", "error", "cause", "started_at", "stopped_at", "started_by", "trace_header", "parent",
    "parent_ask", "seed", "header", "redrive_count", "redrive_at",
)
_HISTORY: Final = ("execution", "first_id", "last_id", "events")
_FRAME: Final = columns(Frame, "execution", "frame_id", "parent", "status", "due", "data")
_PAYLOAD: Final = columns(Payload, "execution", "digest", "text")
_TOKEN: Final = columns(
    TaskToken, "token", "execution", "ask", "kind", "resource", "state", "status", "worker", "input", "opened_at",
    "closed_at",
)


def _insert(table: str, names: tuple[str, ...], conflict: str) -> Rows:
    return Rows(f"INSERT INTO {table} ({', '.join(names)}) VALUES", ["%s"] * len(names), conflict)


INSERT_EXECUTIONS: Final = Inserts(EXECUTION, columns(Execution, *_EXECUTION), kinds(Execution, *_EXECUTION))
INSERT_HISTORY: Final = Inserts(HISTORY, columns(HistorySegment, *_HISTORY), kinds(HistorySegment, *_HISTORY))
INSERT_PAYLOADS: Final = _insert(PAYLOAD, _PAYLOAD, " ON CONFLICT DO NOTHING")
INSERT_TOKENS: Final = _insert(TOKEN, _TOKEN, " ON CONFLICT DO NOTHING")
UPSERT_FRAMES: Final = _insert(
    FRAME, _FRAME,
    ' ON CONFLICT ("execution_id", "frame_id") DO UPDATE SET "parent" = excluded."parent",'
    ' "status" = excluded."status", "due" = excluded."due", "data" = excluded."data"',
)
CLEAR_FRAMES: Final = Joined(f'DELETE FROM {FRAME} WHERE "execution_id" IN', ["bigint"], "")  # noqa: S608
DELETE_SIGNALS: Final = Joined(f'DELETE FROM {SIGNAL} WHERE "id" IN', ["bigint"], "")  # noqa: S608

END_EXECUTIONS: Final = Joined(
    f"UPDATE {EXECUTION} AS e SET status = v.column2, output = v.column3, error = v.column4,"  # noqa: S608
    " cause = v.column5, stopped_at = v.column6, header = v.column7 FROM",
    ["bigint", "text", "text", "text", "text", "bigint", "text"], " AS v WHERE e.id = v.column1",
)
CHANGE_TOKENS: Final = Joined(
    f"UPDATE {TOKEN} AS t SET status = v.column1, worker = COALESCE(v.column2, t.worker),"  # noqa: S608
    " closed_at = v.column3 FROM", ["text", "text", "bigint", "text"],
    " AS v WHERE t.token = v.column4 AND t.status IN ('OPEN', 'STARTED')",
)
# wake_at = 0: approvals/clockwork.py is to tell of it at once.
CLOSE_APPROVALS: Final = Joined(
    f"UPDATE {APPROVAL} AS a SET status = 'CLOSED', closed_reason = v.column2, wake_at = 0 FROM",  # noqa: S608
    ["text", "text"], " AS v WHERE a.token_id = v.column1 AND a.status = 'WAITING'",
)

UNDO_DECISIONS: Final = Joined(
    f"UPDATE {APPROVAL} AS a SET status = 'CLOSED', closed_reason = v.column2, decided_by_id = NULL,"  # noqa: S608
    " decided_at = NULL, comment = '', form_data = '{}', wake_at = 0 FROM",
    ["text", "text"], " AS v WHERE a.token_id = v.column1 AND a.status NOT IN ('WAITING', 'CLOSED')",
)


def delete_frames(cursor: CursorWrapper, execution_id: int, frame_ids: Sequence[int]) -> None:
    """Delete frames of one execution; a pair list would make SQLite scan the whole table."""
    for part in parts(frame_ids):
        marks = ", ".join(["%s"] * len(part))
        cursor.execute(
            f"DELETE FROM {FRAME} WHERE execution_id = %s AND frame_id IN ({marks})", [execution_id, *part])  # noqa: S608


def taken_names(cursor: CursorWrapper, arns: Sequence[str]) -> list[tuple[int, str, str, str, int]]:
    """(id, arn, status, input, started_at) of the executions that already have one of these ARNs."""
    found: list[tuple[int, str, str, str, int]] = []
    for part in parts(arns):
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
    for part in parts(ids):
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
