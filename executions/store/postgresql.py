"""What the commit asks of psycopg: parameters sent beside the statement, statements prepared once, COPY.

Django's own cursor writes parameters into the text of the statement, which costs more than all the rest for a text of
history; pages go on with it.  Imported only where the database is PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, Final, Self

from django.db.backends.utils import CursorWrapper
from psycopg import Connection, RawCursor
from psycopg.abc import Buffer, Params, Query
from psycopg.adapt import Dumper
from psycopg.copy import LibpqWriter

# A prepared statement keeps its first plan.  The commit finds its rows by key whatever the tables' sizes are, so none
# of its plans may read a whole table because that was small, or never analysed, when the plan was made.
_BY_KEY: Final = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in (
    ("enable_seqscan", "off"), ("enable_hashjoin", "off"), ("enable_mergejoin", "off"),
    ("plan_cache_mode", "force_generic_plan"), ("jit", "off"),
))
# Where the server was built with it, and the columns do not say otherwise: its own way costs more than all the rest of
# a commit of long histories.
_COMPRESSION: Final = ("SELECT set_config(name, 'lz4', false) FROM pg_settings"
                       " WHERE name = 'default_toast_compression' AND 'lz4' = ANY(enumvals)")
_PREPARED: Final = 200  # statements that a connection keeps: each text in each number of rows


class _Number(Dumper):
    """A number without a type of its own: psycopg would choose one by its size, and each makes another statement."""

    def dump(self, obj: Any) -> Buffer:
        return b"%d" % obj


class BoundCursor(RawCursor[tuple[Any, ...]]):
    """Sends parameters beside the statement; all without a type, as texts and NULL are anyway."""

    def __init__(self, connection: Connection[tuple[Any, ...]]) -> None:
        super().__init__(connection)
        self.adapters.register_dumper(int, _Number)

    def execute(self, query: Query, params: Params | None = None, **options: Any) -> Self:
        """Execute a statement with a mark %s for each parameter, and no other percent sign."""
        return super().execute(_numbered(str(query)), params, **options)

    def executemany(self, query: Query, params_seq: Iterable[Params], **options: Any) -> None:
        """Execute a statement with such marks for each of the parameters."""
        super().executemany(_numbered(str(query)), params_seq, **options)


@lru_cache(2 * _PREPARED)
def _numbered(statement: str) -> bytes:
    """With PostgreSQL's own marks $1, $2, …: psycopg's cursors for %s take long texts apart at each execution."""
    first, *others = statement.split("%s")
    return "".join([first, *chain.from_iterable((f"${n}", part) for n, part in enumerate(others, 1))]).encode()


class _Gathered(LibpqWriter):
    """Hands all rows over at once: each time psycopg waits for the server, a busy event loop takes its turn first."""

    def __init__(self, cursor: BoundCursor) -> None:
        super().__init__(cursor)
        self._parts: list[Buffer] = []

    def write(self, data: Buffer) -> None:
        self._parts.append(bytes(data))

    def finish(self, exc: BaseException | None = None) -> None:
        if exc is None:
            super().write(b"".join(self._parts))
        super().finish(exc)


def make_ready(connection: Connection[Any]) -> None:
    """Set a new connection up for commits; outside a transaction, whose end could take it back."""
    if connection.prepare_threshold is None:  # as Django leaves it
        connection.execute(f"SELECT {_BY_KEY}")
        connection.execute(_COMPRESSION)
        connection.prepared_max = _PREPARED
        connection.prepare_threshold = 0


def copy(cursor: CursorWrapper, statement: str, kinds: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY rows of columns of these types."""
    bound = cursor.cursor
    with cursor.db.wrap_database_errors, bound.copy(statement, writer=_Gathered(bound)) as target:
        target.set_types(kinds)
        for row in rows:
            target.write_row(row)
