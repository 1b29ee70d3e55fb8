"""A database that fails at any statement: afterwards all is as before, or as after, never between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, DatabaseError, OperationalError, connection, connections

from executions.engine.run import Header
from executions.models import Approval, Execution, Frame, HistorySegment, Payload, Signal, TaskToken
from executions.store import commit, new_id
from executions.store.writes import (
    ApprovalClosing,
    Ending,
    ExecutionRow,
    HistoryRow,
    TokenChange,
    TokenRow,
    Write,
)
from executions.worker.encode import frame_row, header_row
from tests.executions.store.test_commit import begun, frame, row
from tests.support.statements import each_statement

pytestmark = pytest.mark.django_db(transaction=True)

TABLES = (Execution, Frame, HistorySegment, Payload, TaskToken, Approval, Signal)


def snapshot() -> list[list[str]]:
    """Every row of every table that a commit writes."""
    return [sorted(repr(found) for found in table.objects.values_list()) for table in TABLES]


def everything() -> Callable[[], list[Write]]:
    """Rows to begin with, and a batch that uses every statement of the commit on them."""
    first, second, third = begun("first"), begun("second"), begun("third")
    commit([Write(first.id, opened=[_token(first, "a"), _token(first, "b", kind="approval")])])
    Approval.objects.create(token_id="b", public_id="b", title="b")
    signal = Signal.objects.create(execution_id=first.id, body={})
    fresh = row("fresh", id=new_id())
    ended = Ending("SUCCEEDED", "1", None, None, 9, "{}")
    large = f'"{"x" * 300_000}"'

    def batch() -> list[Write]:
        return [
            Write(first.id, frames=[frame_row(first.id, frame(7))], removed=[2], history=segment(first),
                  opened=[_token(first, "c")], changed=[TokenChange("SUCCEEDED", None, 5, "a")],
                  approvals=[ApprovalClosing("b", "why", True)], consumed=[signal.pk]),
            Write(second.id, ending=ended._replace(output=large), keep_frames=False, history=segment(second)),
            Write(third.id, ending=ended._replace(status="FAILED"), removed=[0], history=segment(third)),
            Write(fresh.id, new=fresh, frames=[frame_row(fresh.id, frame(1)), header_row(fresh.id, Header())],
                  history=segment(fresh)),
        ]

    return batch


def segment(owner: ExecutionRow) -> HistoryRow:
    return HistoryRow(owner.id, 1, 2, "[]")


def _token(owner: ExecutionRow, token: str, kind: str = "activity") -> TokenRow:
    return TokenRow(token, owner.id, 1, kind, "arn", "S", "OPEN", "", "{}", 1)


@contextmanager
def failing_at(index: int, error: Exception) -> Iterator[list[str]]:
    """The statement number `index` of this connection fails; the list tells what was asked for until then."""
    asked: list[str] = []

    def ask(statement: str) -> None:
        asked.append(statement)
        if len(asked) == index + 1:
            raise error

    with each_statement(ask):
        yield asked


@pytest.mark.parametrize("error", [OperationalError("database or disk is full"), DatabaseError("refused")])
def test_a_failure_at_any_statement_leaves_all_as_before(error: Exception) -> None:
    batch = everything()
    before = snapshot()
    index = 0
    while True:
        with failing_at(index, error) as asked:
            try:
                commit(batch())
            except DatabaseError:
                assert snapshot() == before, asked[-1]
            else:
                break
        index += 1
    assert index >= 15, "every statement of the store had its turn"
    assert snapshot() != before


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
def test_a_failure_of_the_commit_itself_leaves_all_before_or_after(done: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = everything()
    before = snapshot()
    database: Any = connections[DEFAULT_DB_ALIAS]
    real, failures = database._commit, [OperationalError("server closed the connection unexpectedly")]

    def broken() -> None:
        if not failures or done:
            real()
        if failures:
            raise failures.pop()

    monkeypatch.setattr(database, "_commit", broken)
    with pytest.raises(OperationalError):
        commit(batch())
    between = snapshot()
    assert (between == before) is not done
    assert commit(batch(), again=True) == [None] * 4
    after = snapshot()
    assert after != before
    assert after == between or not done


def test_a_full_disk_leaves_all_as_before_and_goes_on_when_there_is_room() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("The size of a database is limited by SQLite's own means.")
    first = begun("first")
    large = Write(first.id, history=HistoryRow(first.id, 1, 1, f'[{{"x":"{"x" * _more_than_is_free()}"}}]'))
    before = snapshot()
    with _no_more_pages(), pytest.raises(OperationalError, match="full"):
        commit([large])
    assert snapshot() == before
    assert commit([large]) == [None]
    assert HistorySegment.objects.count() == 1


def _more_than_is_free() -> int:
    """Bytes, of which the free pages that the database has already hold too few."""
    with connection.cursor() as cursor:
        return int(cursor.execute("PRAGMA freelist_count").fetchone()[0] + 100) * 4096


@contextmanager
def _no_more_pages() -> Iterator[None]:
    with connection.cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages + 10}")
        try:
            yield
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")
