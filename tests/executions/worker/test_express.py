"""Express executions: what becomes of them, and what is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from designer.arns import express_arn
from executions.actions import limits
from executions.actions.gateway import NewExecution
from executions.actions.limits import Limits
from executions.integrations.kinds import Send, TaskError, TaskRequest
from executions.models import Execution
from executions.store import events, in_thread
from executions.worker import encode, keeper, volatile
from tests.executions.making import machine, new_execution, states
from tests.executions.worker.conftest import FUNCTION, Bench

PASS = states("P", P={"Type": "Pass"})
TASK = states("T", T={"Type": "Task", "Resource": FUNCTION})
LOOP = states("P", P={"Type": "Pass", "Next": "C"}, C={
    "Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": -1, "Next": "P"}], "Default": "P"})


@pytest.fixture(autouse=True)
def usual() -> Iterator[None]:
    yield
    limits._current = Limits()


async def express(definition: dict[str, Any], input: Any = None) -> NewExecution:
    row = await in_thread(machine, definition, kind="EXPRESS")
    new = new_execution(row, input)
    return NewExecution(**{name: getattr(new, name) for name in new.__slots__} | {
        "arn": express_arn(row.arn, new.name, "11111111-2222-4333-8444-555555555555")})


async def kept(arn: str) -> Execution:
    while (row := await in_thread(Execution.objects.filter(arn=arn).first)) is None:
        await asyncio.sleep(0.01)
    return row


async def hang(request: TaskRequest, send: Send) -> None:
    await asyncio.sleep(60)


async def test_a_synchronous_one_is_kept_after_its_answer(bench: Bench) -> None:
    new = await express(TASK, {"n": 1})
    finished = await bench.engine.run_to_end(new)
    assert (finished.status, finished.output) == ("SUCCEEDED", '{"n":1}')
    row = await kept(new.arn)
    assert (row.kind, row.status, row.input, row.output) == ("EXPRESS", "SUCCEEDED", '{"n": 1}', '{"n":1}')
    assert (row.started_at, row.stopped_at) == (finished.started_at, finished.stopped_at)
    history = await in_thread(events, row.pk)
    assert [event["type"] for event in history] == [
        "ExecutionStarted", "TaskStateEntered", "LambdaFunctionScheduled", "LambdaFunctionStarted",
        "LambdaFunctionSucceeded", "TaskStateExited", "ExecutionSucceeded"]
    assert [event["id"] for event in history] == list(range(1, 8))


async def test_one_that_fails_is_kept_with_its_error(bench: Bench) -> None:
    async def fail(request: TaskRequest, send: Send) -> None:
        raise TaskError("Custom", "because\0")

    bench.integration.work = fail
    new = await express(TASK)
    assert (await bench.engine.run_to_end(new)).error == "Custom"
    row = await kept(new.arn)
    assert (row.status, row.error) == ("FAILED", "Custom")


async def test_what_waits_to_be_kept_is_kept_when_the_engine_ends(
    bench: Bench, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keeper, "PAUSE", 60.0)
    news = [await express(PASS) for _ in range(3)]
    await asyncio.gather(*map(bench.engine.run_to_end, news))
    await bench.restart()
    assert await in_thread(Execution.objects.filter(status="SUCCEEDED").count) == 3


async def test_they_are_not_kept_when_the_limit_says_so(bench: Bench) -> None:
    limits._current = Limits(express_history_hours=0)
    await bench.engine.run_to_end(await express(PASS))
    await bench.restart()
    assert await in_thread(Execution.objects.count) == 0


async def test_when_there_are_too_many_some_are_left_out(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "PAUSE", 60.0)
    monkeypatch.setattr(keeper, "MOST", 2)
    for _ in range(5):
        await bench.engine.run_to_end(await express(PASS))
    await bench.restart()
    assert await in_thread(Execution.objects.count) == 2


@pytest.mark.parametrize("way", ["synchronous", "asynchronous"])
async def test_of_a_long_history_the_beginning_and_the_end_are_kept(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, way: str,
) -> None:
    for module in (encode, volatile):
        monkeypatch.setattr(module, "EXPRESS_EVENTS", 2000)
    new = await express(LOOP | {"TimeoutSeconds": 1}, {"n": 1})
    await (bench.engine.run_to_end(new) if way == "synchronous" else bench.engine.start(new))
    row = await bench.until((await kept(new.arn)).pk)
    assert row.status == "TIMED_OUT"
    history = await in_thread(events, row.pk)
    assert 2000 <= len(history) < 4000
    assert [event["id"] for event in history[:2000]] == list(range(1, 2001))
    assert history[-1]["type"] == "ExecutionTimedOut"
    assert history[-1]["id"] > len(history)


async def test_a_synchronous_one_that_cannot_go_on_fails(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volatile, "advance", lambda *_, **__: 1 / 0)
    finished = await bench.engine.run_to_end(await express(PASS))
    assert (finished.status, finished.error) == ("FAILED", "States.Runtime")
    assert "ZeroDivisionError" in str(finished.cause)


async def test_a_synchronous_one_ends_with_the_server_and_is_not_run_again(bench: Bench) -> None:
    bench.integration.work = hang
    running = asyncio.ensure_future(bench.engine.run_to_end(await express(TASK)))
    while not bench.integration.requests:
        await asyncio.sleep(0.005)
    await bench.restart()
    running.cancel()
    await asyncio.wait([running])
    assert len(bench.integration.requests) == 1
    assert await in_thread(Execution.objects.count) == 0


async def test_an_asynchronous_one_goes_on_after_a_restart(bench: Bench) -> None:
    bench.integration.work = hang
    new = await express(TASK, {"n": 1})
    id = (await bench.engine.start(new)).id
    bench.integration.work = None
    await bench.restart()
    row = await bench.until(id)
    assert (row.status, row.output, row.arn) == ("SUCCEEDED", '{"n":1}', new.arn)
    assert len(bench.integration.requests) == 2  # at least once
