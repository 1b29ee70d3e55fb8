"""What all tests share; their settings are in tests/support/environment.py.

Tests that start the real server (`acceptance`) run on both databases, one module after the other, unless they say
`one_database`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.postgresql import database, require_postgresql
from tests.support.server import Server, running_servers

DATABASES = ("sqlite", "postgresql")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Both databases for each module of the acceptance tests."""
    marks = {mark.name for mark in metafunc.definition.iter_markers()}
    if "acceptance" in marks and "one_database" not in marks:
        metafunc.parametrize("each_database", DATABASES, indirect=True, scope="module")


@pytest.fixture(scope="module", autouse=True)
def each_database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The kind of database of the servers of this module."""
    kind: str = getattr(request, "param", "sqlite")
    if kind == "sqlite":
        yield kind
    else:
        require_postgresql()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Server, "make_database", staticmethod(database))
            yield kind
    if hasattr(request, "param"):
        # A fixture that keeps a server for the module and does not ask for `each_database` would lend it to the
        # other database's tests, too.
        assert not running_servers(), "a server outlives its database: let its fixture take `each_database`"
