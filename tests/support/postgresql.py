"""Databases of their own on the PostgreSQL server that the tests may use."""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from tests.support.environment import NAMED

_NAMED = urlsplit(NAMED["DATABASE_URL"])
URL = f"postgres://{_NAMED.netloc}" if _NAMED.scheme.startswith("postgres") else "postgres://postgres@127.0.0.1:5432"


def require_postgresql() -> None:
    """Skip in one line where there is no server; fail where there has to be one (REQUIRE_SERVICES=1)."""
    try:
        psycopg.connect(f"{URL}/postgres", connect_timeout=3).close()
    except psycopg.OperationalError:
        if os.environ.get("REQUIRE_SERVICES") == "1":
            raise
        pytest.skip(f"PostgreSQL does not answer at {urlsplit(URL).hostname}.")


def new_name() -> str:
    return f"statewright_{uuid.uuid4().hex[:12]}"


@contextlib.contextmanager
def database() -> Iterator[str]:
    """The URL of a new database, dropped afterwards."""
    name = new_name()
    _execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield f"{URL}/{name}"
    finally:
        _execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _execute(statement: sql.Composed) -> None:
    with psycopg.connect(f"{URL}/postgres", autocommit=True) as connection:
        connection.execute(statement)
