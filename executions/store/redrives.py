"""Redrives and Map Runs: their part of the commit, for the few executions that have one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db.backends.utils import CursorWrapper

from executions.models import MapRun, Redrive
from executions.store.tables import EXECUTION, columns
from executions.store.writes import MapRunRow, Write

_REOPEN: Final = (
    f"UPDATE {EXECUTION} SET status = 'RUNNING', output = NULL, error = NULL, cause = NULL, stopped_at = NULL,"  # noqa: S608
    " redrive_count = %s, redrive_at = %s WHERE id = %s"
)
_REDRIVE: Final = (
    f'INSERT INTO "{Redrive._meta.db_table}"'  # noqa: S608
    f" ({', '.join(columns(Redrive, 'execution', 'count', 'at', 'client_token', 'started_by', 'revision'))})"
    " VALUES (%s, %s, %s, %s, %s, %s)"
)
_PIN: Final = f"UPDATE {EXECUTION} SET revision_id = %s, version_arn = NULL, alias_arn = NULL WHERE id = %s"  # noqa: S608
_KEPT: Final = frozenset({"arn", "execution_id", "frame_id", "started_at", "redrive_at"})
_MAP_RUN: Final = (
    f'INSERT INTO "{MapRun._meta.db_table}" AS known ({", ".join(MapRunRow._fields)})'  # noqa: S608
    f" VALUES ({', '.join(['%s'] * len(MapRunRow._fields))}) ON CONFLICT (arn) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in MapRunRow._fields if name not in _KEPT)
    + ", redrive_at = COALESCE(excluded.redrive_at, known.redrive_at)"
)


def write(cursor: CursorWrapper, writes: Sequence[Write]) -> None:
    """Before executions end and after they are inserted: one may be redriven and fail in the same step."""
    for write in writes:
        if write.reopening is not None:
            number, at, token, user, revision = write.reopening
            cursor.execute(_REOPEN, [number, at, write.execution])
            cursor.execute(_REDRIVE, [write.execution, number, at, token, user, revision])
            if revision is not None:
                cursor.execute(_PIN, [revision, write.execution])
        for row in write.map_runs:
            cursor.execute(_MAP_RUN, list(row))
