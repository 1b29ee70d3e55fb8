"""Every statement of this thread's connection, COPY as well, as it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from executions.store import postgresql


@contextmanager
def each_statement(ask: Callable[[str], None]) -> Iterator[None]:
    """`ask` is called with each statement before it is executed; what it raises is what the statement ends with."""
    real = postgresql.copy

    def execute(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        ask(sql)
        return execute(sql, params, many, context)

    def copy(cursor: Any, statement: str, *args: Any) -> None:  # passes by Django's wrappers
        ask(statement)
        real(cursor, statement, *args)

    with connection.execute_wrapper(execute), pytest.MonkeyPatch.context() as patch:
        patch.setattr(postgresql, "copy", copy)
        yield
