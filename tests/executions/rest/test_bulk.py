"""Stopping and redriving a whole result, and filters that are kept."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from designer.models import StateMachine
from executions.approvals.models import AuditEntry
from executions.lists import bulk
from executions.store import in_thread
from tests.executions.live.conftest import person
from tests.executions.making import OPERATOR, machine, new_execution, revise, states
from tests.executions.rest.conftest import Api, Bench

WAIT = states("W", W={"Type": "Wait", "Seconds": 3600})
BROKEN = states("P", P={"Type": "Pass", "Parameters": {"x.$": "$.missing"}})


async def begin(bench: Bench, definition: dict[str, Any], count: int, name: str = "m") -> list[str]:
    row = await in_thread(machine, definition, name)
    return [str((await bench.engine.start(new_execution(row, {"n": n}))).id) for n in range(count)]


async def finished(api: Api, number: int) -> dict[str, Any]:
    while (state := (await api.get(f"executions/bulk/{number}/"))[1])["status"] == "RUNNING":
        await asyncio.sleep(0.01)
    return dict(state)


async def test_the_whole_result_is_stopped_and_put_back(bench: Bench, api: Api) -> None:
    ids = await begin(bench, WAIT, 5)
    other = await begin(bench, WAIT, 1, "other")
    query = {"machine": "m"}
    _, preview = await api.post("executions/bulk/preview/", {"kind": "STOP", "query": query})
    assert (preview["total"], preview["machines"], len(preview["examples"])) == (5, {"m": 5}, 5)
    status, action = await api.post("executions/bulk/", {"kind": "STOP", "query": query, "cause": "no longer"})
    assert (status, action["total"]) == (202, 5)
    state = await finished(api, action["id"])
    assert (state["status"], state["succeeded"], state["failed"]) == ("DONE", 5, 0)
    rows = [await bench.row(int(id)) for id in ids]
    assert {(row.status, row.cause) for row in rows} == {("ABORTED", "no longer")}
    assert (await bench.row(int(other[0]))).status == "RUNNING"
    _, undoing = await api.post(f"executions/bulk/{action['id']}/undo/")
    assert (await finished(api, undoing["id"]))["succeeded"] == 5
    assert {(await bench.row(int(id))).status for id in ids} == {"RUNNING"}
    assert (await api.get(f"executions/bulk/{action['id']}/"))[1]["undone"]
    assert await in_thread(AuditEntry.objects.filter(action="executions.bulk_stop").count) == 1


async def test_each_that_cannot_be_has_its_reason(bench: Bench, api: Api) -> None:
    ids = await begin(bench, BROKEN, 2)
    for id in ids:
        await bench.until(int(id), "FAILED")
    action = await in_thread(bulk.begin, OPERATOR, "STOP",
                             [int(id) for id in ids])
    state = await finished(api, action.pk)
    assert (state["succeeded"], state["failed"]) == (0, 2)
    _, items = await api.get(f"executions/bulk/{action.pk}/items/")
    assert [item["reason"] for item in items["items"]] == ["It had ended already (FAILED)."] * 2
    assert {item["execution"] for item in items["items"]} == set(ids)


async def test_redriven_on_the_newest_revision_where_that_fits(bench: Bench, api: Api) -> None:
    ids = await begin(bench, BROKEN, 3)
    for id in ids:
        await bench.until(int(id), "FAILED")
    row = await in_thread(lambda: StateMachine.objects.get(name="m"))
    await in_thread(revise, row, states("P", P={"Type": "Pass", "Parameters": {"x.$": "$.n"}}))
    _, action = await api.post("executions/bulk/", {"kind": "REDRIVE", "ids": ids, "latest": True})
    assert (await finished(api, action["id"]))["succeeded"] == 3
    assert [(await bench.until(int(id), "SUCCEEDED")).output for id in ids] == ['{"x":0}', '{"x":1}', '{"x":2}']


async def test_what_is_interrupted_goes_on(bench: Bench, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = await begin(bench, WAIT, 3)
    monkeypatch.setattr(bulk, "_go", lambda *_: None)  # the server ends right then
    _, action = await api.post("executions/bulk/", {"kind": "STOP", "ids": ids})
    bulk.resume()
    assert (await finished(api, action["id"]))["succeeded"] == 3
    await bulk.close()


async def test_cancelled_takes_up_nothing_more(bench: Bench, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = await begin(bench, WAIT, 2)
    monkeypatch.setattr(bulk, "_go", lambda *_: None)
    _, action = await api.post("executions/bulk/", {"kind": "STOP", "ids": ids})
    _, state = await api.post(f"executions/bulk/{action['id']}/cancel/")
    assert state["status"] == "CANCELLED"
    bulk.resume()
    await bulk.close()
    assert {(await bench.row(int(id))).status for id in ids} == {"RUNNING"}


@pytest.mark.parametrize(("body", "code"), [
    ({"kind": "STOP", "ids": []}, "ValidationException"),
    ({"kind": "STOP", "query": {"status": "FAILED"}}, "ValidationException"),
    ({"kind": "DELETE"}, "ValidationException"),
    ({"kind": "STOP", "query": {"status": "nonsense"}}, "ValidationException"),
])
async def test_refused(bench: Bench, api: Api, body: dict[str, Any], code: str) -> None:
    status, answer = await api.post("executions/bulk/", body)
    assert (status, answer["code"]) == (400, code)


async def test_a_viewer_may_not(bench: Bench, api: Api) -> None:
    viewer = Api(await in_thread(person, "viewer"))
    ids = await begin(bench, WAIT, 1)
    for path in ("executions/bulk/", "executions/bulk/preview/"):
        assert (await viewer.post(path, {"kind": "STOP", "ids": ids}))[0] == 403
    assert (await viewer.post("execution-filters/", {"name": "x", "query": "", "shared": True}))[0] == 403


async def test_filters_are_kept_shared_and_removed(bench: Bench, api: Api) -> None:
    viewer = Api(await in_thread(person, "viewer"))
    assert (await viewer.post("execution-filters/", {"name": "mine", "query": "status=FAILED"}))[0] == 201
    await api.post("execution-filters/", {"name": "all", "query": "status=RUNNING", "shared": True})
    await api.post("execution-filters/", {"name": "all", "query": "q=x", "shared": True})
    _, seen = await viewer.get("execution-filters/")
    assert [(row["name"], row["query"], row["mine"]) for row in seen] == [
        ("all", "q=x", False), ("mine", "status=FAILED", True)]
    assert (await viewer.call("delete", f"execution-filters/{seen[0]['id']}/"))[0] == 404
    assert (await viewer.call("delete", f"execution-filters/{seen[1]['id']}/"))[0] == 204
    assert [row["name"] for row in (await viewer.get("execution-filters/"))[1]] == ["all"]
