"""Failures by their signatures: what is left out of a cause, which state failed, the board, and mending."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from designer.models import StateMachine
from executions.engine.signals import Refused, Replied
from executions.incidents import board
from executions.incidents.models import Failure, Incident
from executions.incidents.signature import normalised
from executions.integrations.kinds import Send, TaskRequest
from executions.lists import indexing
from executions.lists.search_index import SearchIndex
from executions.store import in_thread
from tests.executions.live.conftest import person
from tests.executions.making import machine, new_execution, states
from tests.executions.rest.conftest import Api, Bench
from tests.executions.worker.conftest import FUNCTION

TASK = states("A", A={"Type": "Pass", "Next": "Pay"}, Pay={"Type": "Task", "Resource": FUNCTION})


@pytest.mark.parametrize(("one", "other"), [
    ("order 4711 of customer 12 not found", "order 9 of customer 3345 not found"),
    ("no carrier at 10.0.0.184:8080", "no carrier at 192.168.1.2"),
    ("key 6f1c2b9e-0b1d-4f3e-9a64-3f1f9a1f0001 is gone", "key 00000000-0b1d-4f3e-9a64-3f1f9a1f0002 is gone"),
    ("at 2025-11-18T09:31:07.204Z the door shut", "at 2026-01-02T00:00:00+09:00 the door shut"),
    ("https://a.example/x?id=1 said no", "https://b.example/ said no"),
    ("arn:aws:lambda:us-east-1:0:function:f failed", "arn:aws:lambda:eu-west-1:1:function:g failed"),
    ("ann@example.com is unknown", "bob@example.org is unknown"),
    (json.dumps({"errorMessage": "total 12.5 too high", "stackTrace": ["a, line 3"]}),
     json.dumps({"errorMessage": "total 99 too high", "stackTrace": ["b, line 70"]})),
    ("object at 0x7f3a51", "object at 0x11"),
    ("注文 4711 がありません", "注文 12 がありません"),
])
def test_what_varies_is_left_out(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(("one", "other"), [
    ("card declined", "card expired"), ("Timeout", "timeout"), ("", "something"),
])
def test_what_says_something_else_stays_apart(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


class Broken:
    """Tasks that fail with a cause that names their payload, until they are mended."""

    def __init__(self, bench: Bench) -> None:
        self.mended = False
        bench.integration.work = self

    async def __call__(self, request: TaskRequest, send: Send) -> None:
        if self.mended:
            send(Replied(request.task.ask, 1))
        else:
            send(Refused(request.task.ask, "Declined", f"order {request.task.payload} was refused"))


async def failed(bench: Bench, row: StateMachine, count: int) -> list[int]:
    ids = [(await bench.engine.start(new_execution(row, n))).id for n in range(count)]
    for id in ids:
        await bench.until(id, "FAILED")
    return ids


async def test_failures_are_grouped_and_mended_together(
    bench: Bench, api: Api, search_index: SearchIndex,
) -> None:
    work = Broken(bench)
    await in_thread(indexing.look, search_index)
    ids = await failed(bench, await in_thread(machine, TASK, "pay"), 3)
    await failed(bench, await in_thread(machine, TASK, "other"), 1)
    await in_thread(indexing.look, search_index)
    _, answer = await api.get("incidents/")
    assert [(row["machine"], row["state"], row["error"], row["cause"], row["open"], row["total"])
            for row in answer["incidents"]] == [
        ("other", "Pay", "Declined", "order <n> was refused", 1, 1),
        ("pay", "Pay", "Declined", "order <n> was refused", 3, 3)]
    incident = answer["incidents"][1]
    assert incident["trend"] == [0] * (board.BUCKETS - 1) + [3]
    assert incident["example"].startswith("order ")
    listed = (await api.get("executions/", incident=incident["id"]))[1]["executions"]
    assert {row["id"] for row in listed} == {str(id) for id in ids}
    work.mended = True
    _, action = await api.post("executions/bulk/", {"kind": "REDRIVE", "query": {"incident": incident["id"]}})
    assert action["total"] == 3
    for id in ids:
        await bench.until(id, "SUCCEEDED")
    while (await api.get(f"executions/bulk/{action['id']}/"))[1]["status"] == "RUNNING":
        await asyncio.sleep(0.01)
    await in_thread(indexing.look, search_index)
    assert [row["machine"] for row in (await api.get("incidents/"))[1]["incidents"]] == ["other"]
    _, mended = await api.get("incidents/", machine="pay", open="false")
    assert [(row["open"], row["total"]) for row in mended["incidents"]] == [(0, 3)]


async def test_one_that_fails_again_is_one_failure(bench: Bench, api: Api, search_index: SearchIndex) -> None:
    Broken(bench)
    await in_thread(indexing.look, search_index)
    (id,) = await failed(bench, await in_thread(machine, TASK), 1)
    await in_thread(indexing.look, search_index)
    await api.post(f"executions/{id}/redrive/")
    await bench.until(id, "FAILED")
    await in_thread(indexing.look, search_index)
    assert await in_thread(lambda: list(Failure.objects.values_list("execution", "open"))) == [(id, True)]
    assert await in_thread(Incident.objects.count) == 1


@pytest.mark.parametrize(("definition", "state"), [
    (states("F", F={"Type": "Fail", "Error": "E"}), "F"),
    (states("P", P={"Type": "Pass", "Parameters": {"x.$": "$.missing"}}), "P"),
    (states("B", B={"Type": "Parallel", "Branches": [states("F", F={"Type": "Fail", "Error": "E"})]}), "F"),
    (states("M", M={"Type": "Map", "ItemProcessor": states("F", F={"Type": "Fail", "Error": "E"})}), "F"),
    (states("W", W={"Type": "Wait", "Seconds": 600}) | {"TimeoutSeconds": 1}, "W"),
])
async def test_the_state_that_failed(
    bench: Bench, api: Api, search_index: SearchIndex, definition: dict[str, Any], state: str,
) -> None:
    await in_thread(indexing.look, search_index)
    row = await in_thread(machine, definition)
    await bench.until((await bench.engine.start(new_execution(row, [1]))).id)
    await in_thread(indexing.look, search_index)
    assert await in_thread(lambda: Incident.objects.get().state) == state


async def test_an_owner_a_note_and_hiding(bench: Bench, api: Api, search_index: SearchIndex) -> None:
    Broken(bench)
    await in_thread(indexing.look, search_index)
    await failed(bench, await in_thread(machine, TASK), 1)
    await in_thread(indexing.look, search_index)
    number = (await api.get("incidents/"))[1]["incidents"][0]["id"]
    viewer = await in_thread(person, "viewer")
    status, row = await api.call("patch", f"incidents/{number}/", {"owner": viewer.username, "note": "asked them"})
    assert (status, row["owner"], row["note"]) == (200, viewer.username, "asked them")
    assert (await api.get("incidents/", q="asked"))[1]["incidents"][0]["id"] == number
    await api.call("patch", f"incidents/{number}/", {"muted": True})
    assert (await api.get("incidents/"))[1]["incidents"] == []
    assert (await api.get("incidents/", muted="true"))[1]["incidents"][0]["owner"] == viewer.username
    assert (await api.call("patch", f"incidents/{number}/", {"owner": "nobody"}))[0] == 404
    assert (await api.call("patch", "incidents/99/", {"muted": True}))[0] == 404
    assert (await Api(viewer).call("patch", f"incidents/{number}/", {"note": ""}))[0] == 403
