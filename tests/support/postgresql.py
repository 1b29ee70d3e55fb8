"""Databases of their own on the PostgreSQL server that the tests may use."""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from tests.support.environment import NAMED

ROOT = Path(__file__).resolve().parents[2]
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
    """The URL of a new database with all tables, dropped afterwards."""
    name = new_name()
    _execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(_template())))
    try:
        yield f"{URL}/{name}"
    finally:
        _drop(name)


@functools.cache
def _template() -> str:
    """The name of a database with all tables, made once: migrations take longer than all else of a server's start."""
    name = new_name()
    atexit.register(_drop, name)
    _execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    with tempfile.TemporaryDirectory() as folder:
        settings = {"DATABASE_URL": f"{URL}/{name}", "STATEWRIGHT_DATA_DIR": folder}
        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, check=True,
                       env=os.environ | settings)
    return name


def _drop(name: str) -> None:
    _execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _execute(statement: sql.Composed) -> None:
    with psycopg.connect(f"{URL}/postgres", autocommit=True) as connection:
        connection.execute(statement)
