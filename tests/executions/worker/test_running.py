"""What the embedded engine does with executions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from designer.errors import ActionError
from executions.actions import gateway
from executions.actions.gateway import Committed, StartedExecution
from executions.engine.signals import Beat, Began, Refused, Replied, Stopped
from executions.integrations.kinds import Send, TaskError, TaskRequest
from executions.store import in_thread, token_state
from tests.executions.making import activity, machine, new_execution, states
from tests.executions.worker.conftest import FUNCTION, Bench

PASS = states("P", P={"Type": "Pass", "Result": {"done": True}})
TASK = states("T", T={"Type": "Task", "Resource": FUNCTION})
WAIT = states("W", W={"Type": "Wait", "Seconds": 3600})


async def begin(bench: Bench, definition: dict[str, Any], input: Any = None) -> int:
    row = await in_thread(machine, definition)
    return (await bench.engine.start(new_execution(row, input))).id


async def test_an_answer_means_that_the_start_is_in_the_database(bench: Bench) -> None:
    id = await begin(bench, WAIT, {"a": 1})
    row = await bench.row(id)
    assert (row.status, row.input) == ("RUNNING", '{"a": 1}')
    assert await bench.history(id) == ["ExecutionStarted", "WaitStateEntered"]


async def test_an_execution_that_never_waits_ends_in_its_first_commit(bench: Bench) -> None:
    id = await begin(bench, PASS)
    row = await bench.row(id)
    assert (row.status, row.output) == ("SUCCEEDED", '{"done":true}')
    assert row.stopped_at is not None
    assert await in_thread(row.frames.count) == 0


async def test_a_task_is_run_and_its_reply_is_the_result(bench: Bench) -> None:
    id = await begin(bench, TASK, {"x": [1, 2]})
    row = await bench.until(id)
    assert row.output == '{"x":[1,2]}'
    assert [request.task.payload for request in bench.integration.requests] == [{"x": [1, 2]}]


@pytest.mark.parametrize(("raised", "error", "cause"), [
    (TaskError("Custom", "because"), "Custom", "because"),
    (ValueError("bug"), "States.TaskFailed", "Internal error of the integration: ValueError: bug"),
])
async def test_a_task_that_raises_fails(bench: Bench, raised: Exception, error: str, cause: str) -> None:
    async def fail(request: TaskRequest, send: Send) -> None:
        raise raised

    bench.integration.work = fail
    row = await bench.until(await begin(bench, TASK))
    assert (row.status, row.error, row.cause) == ("FAILED", error, cause)


async def test_a_task_that_ends_without_an_answer_fails(bench: Bench) -> None:
    async def forget(request: TaskRequest, send: Send) -> None:
        send(Began(request.task.ask))

    bench.integration.work = forget
    row = await bench.until(await begin(bench, TASK))
    assert (row.status, row.error) == ("FAILED", "States.Runtime")


async def test_a_failed_execution_keeps_its_frames(bench: Bench) -> None:
    async def fail(request: TaskRequest, send: Send) -> None:
        raise TaskError("Custom", None)

    bench.integration.work = fail
    row = await bench.until(await begin(bench, TASK))
    assert await in_thread(row.frames.filter(frame_id__gt=0).count) == 1


async def test_a_timer_ends_a_wait(bench: Bench) -> None:
    row = await bench.until(await begin(bench, states("W", W={"Type": "Wait", "Seconds": 1})))
    assert row.status == "SUCCEEDED"
    assert row.stopped_at is not None
    assert row.stopped_at - row.started_at >= 1000


async def test_a_task_that_times_out_is_cancelled_with_the_reason(bench: Bench) -> None:
    reasons: list[tuple[Any, ...]] = []

    async def hang(request: TaskRequest, send: Send) -> None:
        send(Began(request.task.ask))
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError as error:
            reasons.append(error.args)
            raise

    bench.integration.work = hang
    definition = states("T", T={"Type": "Task", "Resource": FUNCTION, "TimeoutSeconds": 1})
    row = await bench.until(await begin(bench, definition))
    assert (row.status, row.error) == ("FAILED", "States.Timeout")
    assert reasons == [("timeout",)]


async def test_the_execution_has_its_own_time_limit(bench: Bench) -> None:
    row = await bench.until(await begin(bench, WAIT | {"TimeoutSeconds": 1}))
    assert (row.status, row.error) == ("TIMED_OUT", None)


async def test_stopping(bench: Bench) -> None:
    id = await begin(bench, WAIT)
    assert await bench.engine.deliver(id, Stopped("Why", "because")) is True
    row = await bench.row(id)
    assert (row.status, row.error, row.cause) == ("ABORTED", "Why", "because")
    assert await bench.engine.deliver(id, Stopped()) is False


async def test_of_several_answers_the_first_counts(bench: Bench) -> None:
    async def hang(request: TaskRequest, send: Send) -> None:
        await asyncio.sleep(60)

    bench.integration.work = hang
    id = await begin(bench, TASK)
    ask = bench.integration.requests[0].task.ask
    heard = await asyncio.gather(
        bench.engine.deliver(id, Beat(ask)), bench.engine.deliver(id, Replied(ask, 1)),
        bench.engine.deliver(id, Refused(ask, "Late")), bench.engine.deliver(id, Replied(ask + 1000, 2)))
    assert list(heard) == [True, True, False, False]
    assert (await bench.until(id)).output == "1"


async def test_the_same_name_and_input_answers_the_running_execution(bench: Bench) -> None:
    row = await in_thread(machine, WAIT)
    starts = [bench.engine.start(new_execution(row, {"a": 1}, "same")) for _ in range(3)]
    first, *others = await asyncio.gather(*starts)
    assert first.existed is False
    assert [(other.id, other.started_at, other.existed) for other in others] == [(first.id, first.started_at, True)] * 2
    with pytest.raises(ActionError, match="Execution Already Exists") as refused:
        await bench.engine.start(new_execution(row, {"a": 2}, "same"))
    assert refused.value.code == "ExecutionAlreadyExists"


async def test_the_name_of_an_ended_execution_is_taken_and_harms_nobody_else(bench: Bench) -> None:
    row = await in_thread(machine, PASS)
    await bench.engine.start(new_execution(row, {}, "taken"))
    starts = [bench.engine.start(new_execution(row, {}, name)) for name in ("taken", "free", "taken", "free-too")]
    results = await asyncio.gather(*starts, return_exceptions=True)
    codes = [result.code if isinstance(result, ActionError) else "" for result in results]
    assert codes == ["ExecutionAlreadyExists", "", "ExecutionAlreadyExists", ""]


async def test_many_may_start_while_the_definition_is_still_being_read(bench: Bench) -> None:
    row = await in_thread(machine, PASS)
    assert row.current_id is not None
    starts: list[asyncio.Task[StartedExecution]] = []
    reading = asyncio.ensure_future(bench.engine.machines.get(row.current_id))
    reading.add_done_callback(lambda _: starts.append(asyncio.ensure_future(bench.engine.start(new_execution(row)))))
    starts += [asyncio.ensure_future(bench.engine.start(new_execution(row))) for _ in range(5)]
    await reading
    while len(starts) < 6:
        await asyncio.sleep(0)
    assert len({started.id for started in await asyncio.gather(*starts)}) == 6


async def test_observers_hear_of_commits_and_one_that_fails_harms_nobody(bench: Bench) -> None:
    told: list[Committed] = []

    def broken(commits: Sequence[Committed]) -> None:
        raise ValueError("observer")

    observers: list[Callable[[Sequence[Committed]], None]] = [broken, told.extend]
    gateway.observers.extend(observers)
    try:
        id = await begin(bench, PASS)
    finally:
        for observer in observers:
            gateway.observers.remove(observer)
    assert [(item.execution, item.last_event, item.status) for item in told] == [(id, 4, "SUCCEEDED")]


async def test_a_long_loop_lets_others_have_their_turn(bench: Bench) -> None:
    endless = states("P", P={"Type": "Pass", "Next": "C"}, C={
        "Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": -1, "Next": "P"}], "Default": "P"})
    long = await begin(bench, endless, {"n": 1})
    short = [await begin(bench, PASS) for _ in range(5)]
    assert [(await bench.row(id)).status for id in short] == ["SUCCEEDED"] * 5
    row = await bench.until(long)  # the quota of 25,000 events ends it
    assert (row.status, row.error) == ("FAILED", "States.Runtime")
    assert len(await bench.history(long)) == 25_000


async def test_an_activity_task_goes_to_a_worker_and_its_token_closes(bench: Bench) -> None:
    arn = await in_thread(activity)
    definition = states("T", T={"Type": "Task", "Resource": arn})
    polling = asyncio.create_task(bench.engine.get_activity_task(arn, "w1", 10))
    id = await begin(bench, definition, {"job": 7})
    task = await polling
    assert task is not None
    assert task.input == '{"job":7}'
    assert await bench.history(id) == ["ExecutionStarted", "TaskStateEntered", "ActivityScheduled", "ActivityStarted"]
    state = await in_thread(token_state, task.token)
    assert state is not None
    assert state.status == "STARTED"
    execution, ask = bench.engine.waiting(task.token) or (0, 0)
    assert await bench.engine.deliver(execution, Replied(ask, "ok")) is True
    assert (await bench.until(id)).output == '"ok"'
    state = await in_thread(token_state, task.token)
    assert state is not None
    assert state.status == "SUCCEEDED"


async def test_polling_an_activity_without_tasks_ends(bench: Bench) -> None:
    arn = await in_thread(activity)
    assert await bench.engine.get_activity_task(arn, "", 0.01) is None
    assert await bench.engine.get_activity_task(arn, "", 0) is None


async def test_a_task_of_a_stopped_execution_is_not_handed_out(bench: Bench) -> None:
    arn = await in_thread(activity)
    id = await begin(bench, states("T", T={"Type": "Task", "Resource": arn}))
    await bench.engine.deliver(id, Stopped())
    assert await bench.engine.get_activity_task(arn, "", 0.05) is None


async def test_a_worker_that_hangs_up_loses_no_task(bench: Bench) -> None:
    arn = await in_thread(activity)
    polling = asyncio.create_task(bench.engine.get_activity_task(arn, "", 10))
    await asyncio.sleep(0)
    polling.cancel()
    await asyncio.wait([polling])
    await begin(bench, states("T", T={"Type": "Task", "Resource": arn}))
    assert await bench.engine.get_activity_task(arn, "", 10) is not None
