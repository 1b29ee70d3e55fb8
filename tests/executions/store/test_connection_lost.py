"""PostgreSQL ends the connection at any statement of a commit: the commit thread takes another, all is there once.

Only where the tests run on PostgreSQL (tests/acceptance/test_postgresql.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper

from executions.models import Execution, Frame, HistorySegment
from executions.store import commit, postgresql
from tests.executions.making import committed
from tests.executions.store.test_faults import everything, snapshot

pytestmark = pytest.mark.django_db(transaction=True)

COMMIT = "COMMIT"


@pytest.fixture(autouse=True)
def _on_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no connection that could be lost.")


def end_backend(pid: int) -> None:
    """As an administrator or a restart of the server does; returns when it has gone."""
    settings = connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}
    with psycopg.connect(**settings, autocommit=True) as other:
        assert other.execute("SELECT pg_terminate_backend(%s, 10000)", [pid]).fetchone() == (True,)


@contextmanager
def lost_at(index: int) -> Iterator[list[str]]:
    """The connection of the commit ends before its statement number `index`; the list tells what was asked for."""
    asked: list[str] = []
    real_execute, real_copy = postgresql.BoundCursor.execute, postgresql.copy
    real_commit = DatabaseWrapper._commit  # type: ignore[attr-defined]

    def ask(statement: str, database: psycopg.Connection[Any]) -> None:
        asked.append(statement)
        if len(asked) == index + 1:
            end_backend(database.info.backend_pid)

    def execute(self: Any, query: Any, params: Any = None, **options: Any) -> Any:
        ask(query, self.connection)
        return real_execute(self, query, params, **options)

    def copy(cursor: Any, statement: str, *args: Any) -> None:
        ask(statement, cursor.connection)
        real_copy(cursor, statement, *args)

    def commit(self: Any) -> None:
        ask(COMMIT, self.connection)
        real_commit(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postgresql.BoundCursor, "execute", execute)
        patch.setattr(postgresql, "copy", copy)
        patch.setattr(DatabaseWrapper, "_commit", commit)
        yield asked


def test_whatever_statement_the_connection_is_lost_at_all_is_there_once() -> None:
    index = 0
    while True:
        Execution.objects.all().delete()
        batch = everything()
        before = snapshot()
        with lost_at(index) as asked:
            assert asyncio.run(committed(batch())) == [None] * 4, asked
        after = snapshot()
        assert after != before
        assert HistorySegment.objects.count() == 4, asked
        assert sorted(Execution.objects.values_list("name", "status")) == [
            ("first", "RUNNING"), ("fresh", "RUNNING"), ("second", "SUCCEEDED"), ("third", "FAILED")]
        assert Frame.objects.count() == 7
        assert commit(batch(), again=True) == [None] * 4
        assert snapshot() == after, "and was known to be there"
        if len(asked) <= index:
            break
        index += 1
    assert index >= 14, "every statement and the end of the transaction had their turn"
