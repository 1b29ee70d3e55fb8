"""Payloads over 256 KiB: refused as by AWS, or kept aside when the limit says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from django.db import connection

from designer.asl.jsontext import dumps, loads
from executions.actions import limits
from executions.actions.limits import Limits
from executions.actions.send_task_success import send_task_success
from executions.actions.start_execution import start_execution
from executions.api.operations.executions import describe_execution
from executions.api.operations.histories import get_execution_history
from executions.engine.signals import Replied
from executions.integrations.kinds import Send, TaskRequest
from executions.models import Execution, Frame, HistorySegment, Payload
from executions.store import events, in_thread, load_run, retention
from executions.store.offload import whole
from tests.executions.making import OPERATOR, machine, new_execution, states
from tests.executions.worker.conftest import FUNCTION, Bench
from tests.executions.worker.test_recovery import CALLBACK

LARGE = {"text": "あ" * 200_000, "n": 7}  # 600 KB in UTF-8, and 200,000 characters
CHAIN = states("A", A={"Type": "Pass", "Next": "T"}, T={
    "Type": "Task", "Resource": FUNCTION, "ResultPath": "$.result", "Next": "C"}, C={
    "Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 7, "Next": "B"}], "Default": "F"},
    B={"Type": "Pass"}, F={"Type": "Fail"})
FANNED = states("M", M={"Type": "Map", "ItemsPath": "$.items", "Next": "W", "ItemProcessor": states(
    "P", P={"Type": "Pass"})}, W={"Type": "Wait", "Seconds": 3600})


@pytest.fixture(autouse=True)
async def wide(bench: Bench) -> AsyncIterator[None]:
    await in_thread(limits.change_limits, OPERATOR, {"offload_bytes": 10 * 1024 * 1024})
    yield
    limits._current = Limits()


async def small(request: TaskRequest, send: Send) -> None:
    send(Replied(request.task.ask, 1))


def lengths() -> int:
    """The longest text in any table but that of the payloads."""
    found = [len(text) for model, field in ((Frame, "data"), (HistorySegment, "events"), (Execution, "input"))
             for text in model._default_manager.values_list(field, flat=True)]
    found += [len(text or "") for text in Execution.objects.values_list("output", flat=True)]
    return max(found)


async def started(bench: Bench, definition: dict[str, Any], input: Any) -> Any:
    row = await in_thread(machine, definition)
    return await bench.engine.start(new_execution(row, input))


async def test_without_the_limit_they_are_refused(bench: Bench) -> None:
    limits._current = Limits()
    row = await in_thread(machine, CHAIN)
    with pytest.raises(Exception, match="larger than 262144 bytes"):
        await start_execution(OPERATOR, row.arn, dumps(LARGE))

    async def large(request: TaskRequest, send: Send) -> None:
        send(Replied(request.task.ask, LARGE))

    bench.integration.work = large
    execution = await start_execution(OPERATOR, row.arn, "{}")
    found = await bench.until(execution.id)
    assert (found.status, found.error) == ("FAILED", "States.DataLimitExceeded")
    assert await in_thread(Payload.objects.count) == 0


async def test_with_it_they_are_written_once_and_read_whole(bench: Bench) -> None:
    bench.integration.work = small
    row = await in_thread(machine, CHAIN)
    execution = await start_execution(OPERATOR, row.arn, dumps(LARGE))
    await bench.until(execution.id)
    assert await in_thread(lengths) < 10_000
    texts = await in_thread(lambda: {payload.text for payload in Payload.objects.all()})
    output = dumps(LARGE | {"result": 1})
    assert texts == {dumps(LARGE), output}
    told = await in_thread(describe_execution, OPERATOR, {"executionArn": execution.arn})
    assert (told["input"], told["output"]) == (dumps(LARGE), output)
    assert told["outputDetails"] == {"included": True}
    history = await in_thread(events, execution.id, whole=True)
    assert history[-1]["executionSucceededEventDetails"]["output"] == output
    assert [event["stateEnteredEventDetails"]["input"] for event in history
            if event["type"] == "PassStateEntered"] == [dumps(LARGE), output]


async def test_pages_of_the_history_end_early_and_miss_nothing(bench: Bench) -> None:
    bench.integration.work = small
    row = await in_thread(machine, CHAIN)
    execution = await start_execution(OPERATOR, row.arn, dumps({"text": "x" * 3_000_000, "n": 7}))
    await bench.until(execution.id)
    every = await in_thread(events, execution.id, whole=True)
    for reverse in (False, True):
        request: dict[str, Any] = {"executionArn": execution.arn, "reverseOrder": reverse}
        found: list[Any] = []
        pages = 0
        while True:
            text = await in_thread(get_execution_history, OPERATOR, request)
            assert len(text) < 11_000_000
            page = loads(text)
            found, pages = found + page["events"], pages + 1
            if "nextToken" not in page:
                break
            request["nextToken"] = page["nextToken"]
        assert found == (every[::-1] if reverse else every)
        assert pages > 3
    bare = loads(await in_thread(get_execution_history, OPERATOR, {
        "executionArn": execution.arn, "includeExecutionData": False}))
    assert len(bare["events"]) == len(every)


async def test_lists_show_the_beginning_and_the_length(bench: Bench) -> None:
    bench.integration.work = small
    execution = await started(bench, CHAIN, LARGE)
    await bench.until(execution.id)
    first = (await in_thread(events, execution.id, limit=1))[0]
    details = first["executionStartedEventDetails"]
    assert details["input"].startswith('{"text": "')
    assert len(details["input"]) == 512
    assert details["inputDetails"] == {"truncated": True}
    assert first["previews"] == {"input": await in_thread(
        lambda: len(Payload.objects.get(text__startswith='{"text": "').text))}


async def test_a_large_answer_survives_a_restart_and_goes_on_whole(bench: Bench) -> None:
    waiting = {name: value for name, value in CALLBACK["States"]["T"].items() if name != "End"}
    row = await in_thread(machine, states("T", T=waiting | {"Next": "W"}, W={"Type": "Wait", "Seconds": 1}))
    token: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def hand_over(request: TaskRequest, send: Send) -> None:
        if not token.done():
            token.set_result(str(request.task.token))

    bench.integration.work = hand_over
    execution = await bench.engine.start(new_execution(row))
    await send_task_success(OPERATOR, await token, dumps(LARGE))
    await bench.restart()
    row = await bench.until(execution.id)
    assert loads(await in_thread(whole, row.pk, str(row.output))) == LARGE


async def test_frames_and_what_a_map_hands_out_are_put_back(bench: Bench) -> None:
    items = {"items": ["y" * 300_000, "z" * 300_000, 3]}
    execution = await started(bench, FANNED, items)
    await bench.until_event(execution.id, "WaitStateEntered")
    kept = bench.engine._stepper.slots[execution.id].run
    loaded = await in_thread(load_run, execution.id)
    assert loaded is not None
    assert loaded.run.dump() == kept.dump()
    assert await in_thread(lengths) < 20_000


async def test_a_start_of_the_same_name_is_compared_by_its_whole_input(bench: Bench) -> None:
    row = await in_thread(machine, states("W", W={"Type": "Wait", "Seconds": 3600}))
    new = new_execution(row, LARGE, "same")
    first = await bench.engine.start(new)
    stepper = bench.engine._stepper
    slot = stepper.slots.pop(first.id)  # as if another process had it
    del stepper.by_arn[new.arn]
    again = await bench.engine.start(new)
    assert (again.id, again.existed) == (first.id, True)
    stepper.adopt(slot)


async def test_they_go_with_their_execution(bench: Bench) -> None:
    bench.integration.work = small
    execution = await started(bench, CHAIN, LARGE)
    await bench.until(execution.id)
    assert await in_thread(Payload.objects.count) == 3  # as given, as it is handed on, and the output
    while await in_thread(retention.remove_some, [execution.id]):
        assert await in_thread(Execution.objects.count) == 1
    assert await in_thread(Payload.objects.count) == 0
    assert await in_thread(Execution.objects.count) == 0


async def test_what_looks_like_a_mark_is_none(bench: Bench) -> None:
    mark = "@" + "0" * 64 + " 12"
    bench.integration.work = small
    execution = await started(bench, CHAIN, {"n": 7, "text": mark, "aside": {"input": mark}})
    row = await bench.until(execution.id)
    assert loads(str(row.output))["aside"] == {"input": mark}
    history = await in_thread(events, execution.id)
    assert not any("previews" in event for event in history)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="one database is enough")
async def test_a_payload_may_not_be_larger_than_the_limit(bench: Bench) -> None:
    await in_thread(limits.change_limits, OPERATOR, {"offload_bytes": 400_000})
    row = await in_thread(machine, CHAIN)
    with pytest.raises(Exception, match="larger than 400000 bytes"):
        await start_execution(OPERATOR, row.arn, dumps(LARGE))
