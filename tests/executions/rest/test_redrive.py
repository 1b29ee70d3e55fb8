"""Redriving over REST: the plan, another revision, and what is refused."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from executions.approvals.models import AuditEntry
from executions.engine.signals import Refused, Replied
from executions.integrations.kinds import Send, TaskRequest
from executions.models import Redrive
from executions.store import in_thread
from tests.executions.making import machine, new_execution, revise, states
from tests.executions.rest.conftest import Api, Bench
from tests.executions.worker.conftest import FUNCTION

WAIT = states("W", W={"Type": "Wait", "Seconds": 3600})


async def begin(bench: Bench, definition: dict[str, Any] = WAIT) -> int:
    return (await bench.engine.start(new_execution(await in_thread(machine, definition)))).id


async def test_a_redrive_is_planned_and_done(bench: Bench, api: Api) -> None:
    id = await begin(bench, states("F", F={"Type": "Fail", "Error": "Broken"}))
    await bench.until(id, "FAILED")
    _, plan = await api.get(f"executions/{id}/redrive/")
    assert (plan["possible"], plan["pinned"], plan["revision"], plan["later"]) == (True, 1, 1, [])
    assert plan["goes_on"] == [{"state": "F", "path": []}]
    status, answer = await api.post(f"executions/{id}/redrive/")
    assert (status, list(answer)) == (200, ["redriven_at"])
    assert (await bench.until(id, "FAILED")).redrive_count == 1


async def test_a_repaired_revision_takes_the_execution_on(bench: Bench, api: Api) -> None:
    broken = states("A", A={"Type": "Pass", "Next": "T"}, T={"Type": "Pass", "Parameters": {"x.$": "$.missing"}})
    row = await in_thread(machine, broken)
    id = (await bench.engine.start(new_execution(row, {"there": 7}))).id
    await bench.until(id, "FAILED")
    for mended in (states("A", A={"Type": "Pass", "Next": "T"}, T={"Type": "Wait", "Seconds": 0}),
                   states("A", A={"Type": "Pass", "Next": "T"},
                          T={"Type": "Pass", "Parameters": {"x.$": "$.there"}, "Next": "New"}, New={"Type": "Pass"})):
        await in_thread(revise, row, mended)
    _, unfit = await api.get(f"executions/{id}/redrive/", revision=2)
    assert (unfit["possible"], unfit["later"]) == (False, [3, 2])
    assert unfit["obstacles"] == [{"state": "T", "reason": "The state was a Pass and is a Wait."}]
    status, refusal = await api.post(f"executions/{id}/redrive/", {"revision": 2})
    assert (status, refusal["code"]) == (400, "RevisionDoesNotFit")
    _, plan = await api.get(f"executions/{id}/redrive/", revision=3)
    assert plan["possible"]
    assert plan["differences"] == [
        {"state": "T", "change": "changed", "fields": ["End", "Next", "Parameters"]},
        {"state": "New", "change": "added", "fields": []}]
    assert (await api.post(f"executions/{id}/redrive/", {"revision": 3}))[0] == 200
    ended = await bench.until(id, "SUCCEEDED")
    assert (ended.output, ended.version_arn) == ('{"x":7}', None)
    assert await in_thread(lambda: ended.revision.number) == 3
    redrive = await in_thread(lambda: Redrive.objects.select_related("revision").get(execution=id))
    assert redrive.revision is not None
    assert redrive.revision.number == 3
    assert await in_thread(AuditEntry.objects.filter(action="execution.redriven_on_revision").count) == 1


async def test_a_redrive_on_another_revision_survives_a_restart(bench: Bench, api: Api) -> None:
    row = await in_thread(machine, states("F", F={"Type": "Task", "Resource": FUNCTION, "Parameters": "old"}))

    async def work(request: TaskRequest, send: Send) -> None:
        send(Refused(request.task.ask, "Boom", None))

    bench.integration.work = work
    id = (await bench.engine.start(new_execution(row))).id
    await bench.until(id, "FAILED")
    await in_thread(revise, row, states(
        "F", F={"Type": "Task", "Resource": FUNCTION, "Parameters": "new", "Next": "W"},
        W={"Type": "Wait", "Seconds": 0}))
    hold = asyncio.Event()

    async def stuck(request: TaskRequest, send: Send) -> None:
        await hold.wait()
        send(Replied(request.task.ask, request.task.payload))

    bench.integration.work = stuck
    assert (await api.post(f"executions/{id}/redrive/", {"revision": 2}))[0] == 200
    await bench.restart()
    hold.set()
    assert (await bench.until(id)).output == '"new"'
    assert "WaitStateExited" in await bench.history(id)


@pytest.mark.parametrize(("path", "data", "status", "code"), [
    ("redrive/", {"revision": 9}, 404, "RevisionDoesNotExist"),
    ("redrive/", {"revision": "x"}, 400, "ValidationException"),
    ("redrive/", {}, 400, "ExecutionNotRedrivable"),
])
async def test_a_redrive_that_cannot_be(
    bench: Bench, api: Api, path: str, data: Any, status: int, code: str,
) -> None:
    id = await begin(bench)
    found, answer = await api.post(f"executions/{id}/{path}", data)
    assert (found, answer["code"]) == (status, code)
