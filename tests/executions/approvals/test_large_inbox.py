"""An inbox with very many requests: its lists begin with an index, its search is bounded and finds what it should."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import QuerySet

from designer.models import User
from designer.permissions import Actor
from executions.approvals import queries
from executions.models import Approval
from tests.designer.people import actor, person
from tests.executions.approvals.asking import ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def me() -> User:
    return person("misaki", "approver")


@pytest.fixture
def misaki(me: User) -> Actor:
    return actor(me)


def plan(approvals: QuerySet[Approval]) -> str:
    """How SQLite reads the keys of a list."""
    keys = approvals.select_related(None).prefetch_related(None).values_list("pk", flat=True)[:queries.MOST_COUNTED]
    sql, parameters = keys.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the plans are SQLite's")
def test_lists_begin_with_an_index(misaki: Actor) -> None:
    plans = {name: plan(found) for name, found in {
        "anybody": queries.for_anybody(misaki), "soon": queries.due_soon(misaki),
        "requested": queries.requested(misaki), "named": queries.named(misaki),
        "decided": queries.decided(misaki)}.items()}
    assert "USING INDEX approvals_open_to_anybody" in plans["anybody"]
    assert "USING INDEX approvals_by_due_date" in plans["soon"]
    assert "INDEX approvals_by_requester" in plans["requested"]
    assert "TEMP B-TREE" not in plans["requested"]  # read in order, not sorted
    for name, text in plans.items():
        assert "SCAN executions_approval" not in text, name


def titles(found: QuerySet[Approval]) -> list[str]:
    return [each.title for each in queries.of_keys(queries.ordered_keys(found))]


def test_search_finds_by_text_and_by_names(misaki: Actor, me: User) -> None:
    ask("Lamp for room 7", users=(me,), message="from Osaka")
    ask("Desk", users=(me,), machine_name="furniture")
    ask("Lamp for somebody else", users=(person("other", "approver"),))
    mine = queries.inbox(misaki)
    assert titles(queries.search(mine, ["lamp"])) == ["Lamp for room 7"]
    assert titles(queries.search(mine, ["OSAKA", "room"])) == ["Lamp for room 7"]
    assert titles(queries.search(mine, ["desk", "furniture"])) == ["Desk"]
    assert titles(queries.search(mine, ["lamp", "furniture"])) == []
    assert titles(queries.search(mine, [])) == ["Desk", "Lamp for room 7"]


def test_names_of_machines_are_looked_for_among_the_newest(
        misaki: Actor, me: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "SEARCHED", 1)
    ask("Old", users=(me,), machine_name="furniture-a")
    ask("New", users=(me,), machine_name="furniture-b")
    assert titles(queries.search(queries.inbox(misaki), ["furniture"])) == ["New"]
    assert titles(queries.search(queries.inbox(misaki), ["old"])) == ["Old"]  # its text is, however old it is
