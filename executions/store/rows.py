"""Statements over lists of rows.

Many rows a statement, not executemany: sqlite3 and psycopg give up and take back the interpreter's lock once for
every row, and beside a busy event loop each of these costs up to a switch interval.  The numbers of rows are few
and fixed, so that prepared statements are found again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, Final, TypeVar

from django.db import connection
from django.db.backends.utils import CursorWrapper

Item = TypeVar("Item")
_SIZES: Final = (128, 32, 8, 2, 1)


class Rows:
    """A statement over a list of rows: `head` VALUES rows `tail`."""

    def __init__(self, head: str, marks: Sequence[str], tail: str = "") -> None:
        row = f"({', '.join(marks)})"
        self._texts = {size: f"{head} {', '.join([row] * size)}{tail}" for size in _SIZES}

    def run(self, cursor: CursorWrapper, rows: Sequence[Sequence[Any]]) -> None:
        for part in parts(rows):
            cursor.execute(self._texts[len(part)], list(chain.from_iterable(part)))


class Joined(Rows):
    """A statement that joins the rows as `v` (column1, …); `kinds` are the types of their columns."""

    def __init__(self, head: str, kinds: Sequence[str], tail: str) -> None:
        super().__init__(f"{head} (VALUES", [f"CAST(%s AS {kind})" for kind in kinds], f"){tail}")


class Inserts(Rows):
    """An INSERT of whole rows; COPY on PostgreSQL."""

    def __init__(self, table: str, names: Sequence[str], kinds: Sequence[str]) -> None:
        columns = f"{table} ({', '.join(names)})"
        super().__init__(f"INSERT INTO {columns} VALUES", ["%s"] * len(names))
        self._copy = f"COPY {columns} FROM STDIN (FORMAT BINARY)"
        self._kinds = kinds

    def run(self, cursor: CursorWrapper, rows: Sequence[Sequence[Any]]) -> None:
        if not rows or connection.vendor != "postgresql":
            super().run(cursor, rows)
            return
        from executions.store import postgresql

        postgresql.copy(cursor, self._copy, self._kinds, rows)


def parts(rows: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """The rows in parts of the numbers that statements are made for."""
    start = 0
    for size in _SIZES:
        while len(rows) - start >= size:
            yield rows[start:start + size]
            start += size


def cursor_for_commits() -> CursorWrapper:
    """A cursor to run these statements with; to be asked for outside a transaction."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    from executions.store import postgresql

    connection.ensure_connection()
    with connection.wrap_database_errors:
        postgresql.make_ready(connection.connection)
    return CursorWrapper(postgresql.BoundCursor(connection.connection), connection)
