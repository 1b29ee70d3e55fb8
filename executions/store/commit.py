"""The one transaction: many executions' steps, all of them or none.

What is told, started or answered after a step waits for this commit.  A write whose execution name is
already taken is left out and reported; every other failure rolls the whole batch back, and the
caller (the worker) decides whether to try again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from django.db import transaction
from django.db.backends.utils import CursorWrapper

from executions.engine.run import RUNNING
from executions.store import redrives, statements
from executions.store.offload import Aside, whole
from executions.store.rows import cursor_for_commits
from executions.store.writes import ExecutionRow, Taken, Write

NAMES_KEPT: Final = 90 * 24 * 3600 * 1000  # ms after its end that an execution's name is taken (quotas.md section 2)


def commit(writes: Sequence[Write], *, again: bool = False) -> list[Taken | None]:
    """Write all in one transaction; for each write None, or who has the name already.

    `again` is for a batch whose last commit may or may not have happened (the connection broke while
    it was answered): what is found written is then left alone.
    """
    with cursor_for_commits() as cursor, transaction.atomic():
        outcomes = _taken(cursor, writes)
        fresh = [write for write, taken in zip(writes, outcomes, strict=True) if taken is None]
        if again:
            fresh = [write for write in fresh if not _done(cursor, write)]
        _write(cursor, fresh)
    return outcomes


def _taken(cursor: CursorWrapper, writes: Sequence[Write]) -> list[Taken | None]:
    arns = [write.new.arn for write in writes if write.new]
    if not arns:
        return [None] * len(writes)
    owners = {row[1]: _known(*row) for row in statements.taken_names(cursor, arns)}
    if any(owner.status != RUNNING for owner in owners.values()):
        started = min(write.new.started_at for write in writes if write.new)
        for id in statements.free_names(cursor, [owner.id for owner in owners.values()], started - NAMES_KEPT):
            owners = {arn: owner for arn, owner in owners.items() if owner.id != id}
    outcomes: list[Taken | None] = []
    for write in writes:
        owner = owners.get(write.new.arn) if write.new else None
        # The same id is the same start, committed before its answer was lost.
        outcomes.append(owner if owner and owner.id != write.execution else None)
        if write.new:
            owners.setdefault(write.new.arn, _owner(write.new))
    return outcomes


def _known(id: int, arn: str, status: str, input: str, started_at: int) -> Taken:
    return Taken(id, arn, status, whole(id, input), started_at)


def _owner(row: ExecutionRow) -> Taken:
    return Taken(row.id, row.arn, row.status, row.input, row.started_at)


def _done(cursor: CursorWrapper, write: Write) -> bool:
    return write.history is not None and statements.written(cursor, write.execution, write.history.first_id)


def _write(cursor: CursorWrapper, writes: Iterable[Write]) -> None:
    """The order matters: parents before what refers to them, frames cleared after they were written."""
    aside = Aside()
    writes = [aside.write(write) for write in writes]
    statements.INSERT_EXECUTIONS.run(cursor, [_inserted(write.new, write) for write in writes if write.new])
    statements.INSERT_PAYLOADS.run(cursor, aside.rows)
    redrives.write(cursor, writes)
    statements.END_EXECUTIONS.run(
        cursor, [(write.execution, *write.ending) for write in writes if write.ending and not write.new])
    statements.UPSERT_FRAMES.run(cursor, [row for write in writes if write.keep_frames for row in write.frames])
    for write in writes:
        if write.removed and write.keep_frames:
            statements.delete_frames(cursor, write.execution, write.removed)
    statements.CLEAR_FRAMES.run(
        cursor, [(write.execution,) for write in writes if not write.keep_frames and not write.new])
    statements.INSERT_HISTORY.run(cursor, [write.history for write in writes if write.history])
    statements.INSERT_TOKENS.run(cursor, [row for write in writes for row in write.opened])
    statements.CHANGE_TOKENS.run(cursor, [row for write in writes for row in write.changed])
    closings = [row for write in writes for row in write.approvals]
    statements.CLOSE_APPROVALS.run(cursor, [(row.token, row.reason) for row in closings])
    statements.UNDO_DECISIONS.run(cursor, [(row.token, row.reason) for row in closings if row.late])
    statements.DELETE_SIGNALS.run(cursor, [(id,) for write in writes for id in write.consumed])


def _inserted(row: ExecutionRow, write: Write) -> ExecutionRow:
    """A new execution; one that ended in its first step is written as it ended."""
    return row if write.ending is None else row._replace(**write.ending._asdict())
