"""Reading histories back, a page at a time."""

from __future__ import annotations

import json

import pytest

from executions.store import commit, events, last_event, new_id
from executions.store.writes import HistoryRow, Write
from tests.executions.store.test_commit import row

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def execution() -> int:
    """Events 1 … 300 in segments of 1, 2, 3 … events."""
    new = row("x")
    writes, first, size = [Write(new.id, new=new)], 1, 1
    while first <= 300:
        ids = range(first, min(first + size, 301))
        text = json.dumps([{"id": id, "type": "Pass"} for id in ids])
        writes.append(Write(new.id, history=HistoryRow(new.id, ids[0], ids[-1], text)))
        first, size = ids[-1] + 1, size + 1
    commit(writes)
    return new.id


@pytest.mark.parametrize("after", [0, 1, 2, 3, 150, 299, 300, 1000])
@pytest.mark.parametrize("limit", [None, 1, 7, 1000])
@pytest.mark.parametrize("reverse", [False, True])
def test_pages(execution: int, after: int, limit: int | None, reverse: bool) -> None:
    wanted = list(range(after + 1, 301))
    if reverse:
        wanted.reverse()
    found = [event["id"] for event in events(execution, after=after, limit=limit, reverse=reverse)]
    assert found == wanted[:limit]


@pytest.mark.parametrize("before", [1, 2, 150, 300, 301])
@pytest.mark.parametrize("reverse", [False, True])
def test_events_before_one(execution: int, before: int, reverse: bool) -> None:
    wanted = list(range(1, before))
    found = [event["id"] for event in events(execution, before=before, reverse=reverse)]
    assert found == (wanted[::-1] if reverse else wanted)


def test_the_newest_event(execution: int) -> None:
    assert last_event(execution) == 300
    assert last_event(new_id()) == 0


def test_an_execution_without_history() -> None:
    assert events(new_id()) == []
