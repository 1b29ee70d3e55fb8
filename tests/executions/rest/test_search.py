"""Searching by text, version, tag; in pages; through an index that is behind or was thrown away."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from designer.models import StateMachine, Tag
from executions.lists import indexing
from executions.lists.search_index import SearchIndex, install
from executions.models import Execution
from executions.rest import search
from executions.store import in_thread, new_id
from tests.executions.making import machine, new_execution, revise, states
from tests.executions.rest.conftest import Api, Bench

pytestmark = pytest.mark.django_db(transaction=True)
FAIL = states("F", F={"Type": "Fail", "Error": "Card.Declined", "Cause": "limit of 500 % reached"})
ECHO = states("P", P={"Type": "Pass"})


async def run(bench: Bench, row: StateMachine, input: Any, name: str) -> int:
    return (await bench.until((await bench.engine.start(new_execution(row, input, name))).id)).pk


async def names(api: Api, **query: Any) -> list[str]:
    status, answer = await api.get("executions/", **query)
    assert status == 200, answer
    return [row["name"] for row in answer["executions"]]


async def test_text_is_found_wherever_it_stands(bench: Bench, api: Api) -> None:
    echo, fail = await in_thread(machine, ECHO), await in_thread(machine, FAIL)
    await run(bench, echo, [4711], "first-run")
    await run(bench, echo, {"note": "say \"hi\" 100%"}, "second-run")
    await run(bench, fail, {"order": "A-42"}, "third-run")
    assert await names(api, q="second") == ["second-run"]
    assert await names(api, q="declined") == ["third-run"]
    assert await names(api, q="500 %") == ["third-run"]
    assert await names(api, payload="a-42") == ["third-run"]
    assert await names(api, payload="third") == []
    assert await names(api, name="run", error="limit") == ["third-run"]
    assert await names(api, q="100%") == ["second-run"]
    assert await names(api, payload="0%") == ["second-run"]
    assert await names(api, q="nowhere at all") == []
    assert await names(api, q="run", status="SUCCEEDED") == ["second-run", "first-run"]


async def test_two_characters_of_japanese(bench: Bench, api: Api) -> None:
    new = replace(new_execution(await in_thread(machine, ECHO), name="kanji"), input='"注文"')
    await bench.until((await bench.engine.start(new)).id)
    assert await names(api, payload="注文") == ["kanji"]
    assert await names(api, payload="文注") == []


async def test_versions_revisions_and_tags(bench: Bench, api: Api) -> None:
    row = await in_thread(machine, ECHO, "tagged")
    await run(bench, row, 1, "old")
    await in_thread(revise, row, ECHO)
    row = await in_thread(StateMachine.objects.get, pk=row.pk)
    await run(bench, row, 1, "new")
    await run(bench, await in_thread(machine, ECHO), 1, "other")
    await in_thread(Execution.objects.filter(name="old").update, version_arn=f"{row.arn}:3")
    await in_thread(lambda: Tag.objects.create(arn=row.arn, key="team", value="billing"))
    assert await names(api, revision=2) == ["new"]
    assert await names(api, version=3) == ["old"]
    assert await names(api, tag="team") == ["new", "old"]
    assert await names(api, tag="team:billing", revision=1) == ["old"]
    assert await names(api, tag="team:sales") == []
    _, answer = await api.get("executions/", tag="team", counts="true")
    assert answer["counts"] is None


def rows(count: int) -> list[int]:
    new = new_execution(machine(ECHO))
    made = [Execution(
        id=new_id(), arn=f"{new.arn}-{n}", account="0" * 12, region="us-east-1", name=f"run-{n}",
        machine_id=new.machine_id, revision_id=new.revision_id, role_arn=new.role_arn, input=f'"word {n % 2}"',
        started_at=1_700_000_000_000 + n, seed="s", header="{}", status="SUCCEEDED" if n % 3 else "FAILED")
        for n in range(count)]
    Execution.objects.bulk_create(made)
    return [row.pk for row in made]


def pages(filters: search.Filters, limit: int) -> list[int]:
    found, cursor = search.page(filters, "", limit)
    while cursor:
        more, cursor = search.page(filters, cursor, limit)
        found += more
    return found


def test_pages_of_a_text_leave_nothing_out(search_index: SearchIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MATCHES", 7)
    ids = rows(90)
    wanted = [id for n, id in reversed(list(enumerate(ids))) if n % 2 and n % 3]
    filters = search.Filters(text="word 1", statuses=("SUCCEEDED",))
    assert pages(filters, 4) == wanted
    assert list(search.every(filters)) == wanted


def test_an_index_that_is_behind_catches_up(search_index: SearchIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "CHUNK", 10)
    monkeypatch.setattr(indexing, "CHUNKS", 2)
    old = rows(45)
    while indexing.look(search_index):
        pass
    assert len(search_index.known(old)) == 45
    new = rows(45)
    while indexing.look(search_index):
        pass
    assert len(search_index.known(new)) == 45
    install(SearchIndex(":memory:"))  # thrown away
    again = search.index()
    while indexing.look(again):
        pass
    assert len(again.known(old + new)) == 90


async def test_what_ends_later_is_found_by_its_output(bench: Bench, api: Api, search_index: SearchIndex) -> None:
    row = await in_thread(machine, states("W", W={"Type": "Wait", "Seconds": 3600}))
    id = (await bench.engine.start(new_execution(row, name="waits"))).id
    assert await names(api, name="waits") == ["waits"]
    await api.post(f"executions/{id}/stop/", {"cause": "called off"})
    assert await names(api, error="called off") == ["waits"]


def test_what_was_removed_is_not_found(search_index: SearchIndex) -> None:
    ids = rows(3)
    indexing.newest(search_index)
    Execution.objects.filter(pk=ids[0]).delete()
    assert search.page(search.Filters(text="word"), "", 10)[0] == ids[:0:-1]
