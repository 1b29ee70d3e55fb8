"""After a restart every execution goes on where its last commit left it."""

from __future__ import annotations

import asyncio
from typing import Any

from executions.engine.signals import Began, Refused, Replied, Submitted, dump_signal
from executions.integrations.kinds import Send, TaskRequest
from executions.models import Signal
from executions.store import events, in_thread, token_state
from tests.executions.making import activity, machine, new_execution, states
from tests.executions.worker.conftest import FUNCTION, Bench

TASK = states("T", T={"Type": "Task", "Resource": FUNCTION})
CALLBACK = states("T", T={
    "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
    "Parameters": {"FunctionName": "f", "Payload": {"token.$": "$$.Task.Token"}}})


async def begin(bench: Bench, definition: dict[str, Any], input: Any = None) -> int:
    row = await in_thread(machine, definition)
    return (await bench.engine.start(new_execution(row, input))).id


async def hang(request: TaskRequest, send: Send) -> None:
    await asyncio.sleep(60)


async def test_waits_go_on(bench: Bench) -> None:
    ids = [await begin(bench, states("W", W={"Type": "Wait", "Seconds": 1})) for _ in range(3)]
    await bench.restart()
    assert [(await bench.until(id)).status for id in ids] == ["SUCCEEDED"] * 3


async def test_a_task_without_an_answer_is_run_again(bench: Bench) -> None:
    bench.integration.work = hang
    id = await begin(bench, TASK, {"n": 1})
    bench.integration.work = None
    await bench.restart()
    assert (await bench.until(id)).output == '{"n":1}'
    assert len(bench.integration.requests) == 2
    assert bench.integration.requests[0].task == bench.integration.requests[1].task


async def test_a_callback_keeps_its_token(bench: Bench) -> None:
    async def hand_over(request: TaskRequest, send: Send) -> None:
        if not request.task.submitted:
            send(Began(request.task.ask))
            await send(Submitted(request.task.ask, {}))

    bench.integration.work = hand_over
    id = await begin(bench, CALLBACK)
    await bench.until_event(id, "TaskSubmitted")
    token = bench.integration.requests[0].task.token
    assert token is not None
    await bench.restart()
    assert bench.integration.requests[-1].task.submitted
    execution, ask = bench.engine.waiting(token) or (0, 0)
    assert execution == id
    assert await bench.engine.deliver(execution, Replied(ask, {"ok": True})) is True
    assert (await bench.until(id)).output == '{"ok":true}'


async def test_an_activity_task_nobody_had_is_offered_again_and_one_that_is_worked_on_is_not(bench: Bench) -> None:
    arn = await in_thread(activity)
    definition = states("T", T={"Type": "Task", "Resource": arn})
    first = await begin(bench, definition, {"n": 1})
    task = await bench.engine.get_activity_task(arn, "w", 10)
    assert task is not None
    await begin(bench, definition, {"n": 2})
    await bench.restart()
    other = await bench.engine.get_activity_task(arn, "w", 10)
    assert other is not None
    assert other.input == '{"n":2}'
    assert await bench.engine.get_activity_task(arn, "w", 0.05) is None
    execution, ask = bench.engine.waiting(task.token) or (0, 0)
    assert execution == first
    assert await bench.engine.deliver(execution, Replied(ask, 1)) is True


async def test_a_signal_written_while_the_server_was_down_is_taken_up(bench: Bench) -> None:
    bench.integration.work = hang
    id = await begin(bench, TASK)
    ask = bench.integration.requests[0].task.ask
    await bench.engine.close()
    await in_thread(Signal.objects.create, execution_id=id, body=dump_signal(Replied(ask, "decided")))
    await bench.open()
    assert (await bench.until(id)).output == '"decided"'
    assert await in_thread(Signal.objects.count) == 0


async def test_a_signal_row_is_taken_up_once(bench: Bench) -> None:
    bench.integration.work = hang
    id = await begin(bench, TASK)
    ask = bench.integration.requests[0].task.ask
    for answer in ("first", "second"):
        await in_thread(Signal.objects.create, execution_id=id, body=dump_signal(Replied(ask, answer)))
    await asyncio.gather(*(bench.engine.wake(id) for _ in range(5)))
    assert (await bench.until(id)).output == '"first"'
    await bench.engine.wake(id)  # nothing is left, and the execution has ended
    while await in_thread(Signal.objects.count):
        await asyncio.sleep(0.005)


async def test_a_token_closes_when_its_branch_is_cut(bench: Bench) -> None:
    bench.integration.work = hang
    definition = states("P", P={"Type": "Parallel", "Branches": [CALLBACK, TASK]})
    id = await begin(bench, definition)
    callback = next(request.task for request in bench.integration.requests if request.task.token)
    other = next(request.task for request in bench.integration.requests if not request.task.token)
    await bench.restart()
    assert await bench.engine.deliver(id, Refused(other.ask, "E")) is True
    assert (await bench.until(id)).error == "E"
    state = await in_thread(token_state, callback.token or "")
    assert state is not None
    assert state.status == "CANCELLED"
    assert bench.engine.waiting(callback.token or "") is None


async def test_maps_and_branches_go_on(bench: Bench) -> None:
    bench.integration.work = hang
    definition = states("M", M={
        "Type": "Map", "MaxConcurrency": 3, "ItemProcessor": TASK | {"ProcessorConfig": {"Mode": "INLINE"}}})
    id = await begin(bench, definition, [1, 2, 3, 4, 5, 6, 7])
    for request in bench.integration.requests[:2]:
        await bench.engine.deliver(id, Replied(request.task.ask, request.task.payload * 10))
    bench.integration.work = None
    await bench.restart()
    assert (await bench.until(id)).output == "[10,20,3,4,5,6,7]"
    ids = [event["id"] for event in await in_thread(events, id)]
    assert ids == list(range(1, len(ids) + 1))
