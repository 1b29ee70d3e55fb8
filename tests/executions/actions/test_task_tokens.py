"""SendTaskSuccess, SendTaskFailure, SendTaskHeartbeat and activities."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from designer.errors import ActionError
from executions.actions.create_activity import create_activity
from executions.actions.delete_activity import delete_activity
from executions.actions.describe_activity import describe_activity
from executions.actions.get_activity_task import get_activity_task
from executions.actions.list_activities import list_activities
from executions.actions.send_task_failure import send_task_failure
from executions.actions.send_task_heartbeat import send_task_heartbeat
from executions.actions.send_task_success import send_task_success
from executions.actions.start_execution import start_execution
from executions.actions.stop_execution import stop_execution
from executions.engine.tokens import make_token
from executions.store import in_thread
from tests.executions.making import NOBODY, OPERATOR, activity, machine, states
from tests.executions.worker.conftest import Bench

GONE = ("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")


class Given:
    """An activity task that a worker holds."""

    def __init__(self, execution: int, arn: str, token: str) -> None:
        self.execution, self.arn, self.token = execution, arn, token


async def hold(**state: Any) -> Given:
    resource = await in_thread(activity)
    row = await in_thread(machine, states("T", T={"Type": "Task", "Resource": resource, **state}))
    started = await start_execution(OPERATOR, row.arn)
    task = await get_activity_task(OPERATOR, resource, worker="w", wait=10)
    assert task is not None
    return Given(started.id, started.arn, task.token)


async def refused(call: Any) -> tuple[str, str]:
    with pytest.raises(ActionError) as error:
        await call
    return error.value.code, error.value.message


async def test_success(bench: Bench) -> None:
    held = await hold()
    await send_task_success(OPERATOR, held.token, '{"ok": [1, 2.0]}')
    assert (await bench.until(held.execution)).output == '{"ok":[1,2.0]}'
    assert await refused(send_task_success(OPERATOR, held.token, "1")) == GONE
    assert await refused(send_task_failure(OPERATOR, held.token)) == GONE
    assert await refused(send_task_heartbeat(OPERATOR, held.token)) == GONE


async def test_two_who_answer_at_once(bench: Bench) -> None:
    held = await hold()
    calls = [send_task_success(OPERATOR, held.token, str(number)) for number in range(4)]
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert [getattr(result, "code", None) for result in results] == [None] + ["TaskTimedOut"] * 3
    assert (await bench.until(held.execution)).output == "0"


async def test_failure(bench: Bench) -> None:
    held = await hold()
    await send_task_failure(OPERATOR, held.token, "Broken", "it fell")
    row = await bench.until(held.execution)
    assert (row.status, row.error, row.cause) == ("FAILED", "Broken", "it fell")


async def test_heartbeats_keep_a_task_alive_and_their_absence_ends_it(bench: Bench) -> None:
    held = await hold(HeartbeatSeconds=1)
    for _ in range(3):
        await asyncio.sleep(0.5)
        await send_task_heartbeat(OPERATOR, held.token)
    row = await bench.until(held.execution)
    assert (row.status, row.error) == ("FAILED", "States.Timeout")
    assert row.stopped_at is not None
    assert row.stopped_at - row.started_at >= 2500
    assert await refused(send_task_success(OPERATOR, held.token, "1")) == GONE


async def test_a_token_of_a_stopped_execution(bench: Bench) -> None:
    held = await hold()
    await stop_execution(OPERATOR, held.arn)
    assert await refused(send_task_success(OPERATOR, held.token, "1")) == GONE


async def test_tokens_that_are_none(bench: Bench) -> None:
    held = await hold()
    invalid = await refused(send_task_success(OPERATOR, "garbage", "1"))
    assert invalid == ("InvalidToken", "Invalid Token: 'Invalid token'")
    forged = make_token(held.execution, "not the seed", 2)
    assert (await refused(send_task_success(OPERATOR, forged, "1")))[0] == "TaskDoesNotExist"
    assert (await bench.row(held.execution)).status == "RUNNING"


async def test_output_that_is_no_json_leaves_the_task_open(bench: Bench) -> None:
    held = await hold()
    assert (await refused(send_task_success(OPERATOR, held.token, "{broken")))[0] == "InvalidOutput"
    assert (await refused(send_task_success(OPERATOR, held.token, '"' + "x" * 262_143 + '"')))[0] == "InvalidOutput"
    await send_task_success(OPERATOR, held.token, "null")
    assert (await bench.until(held.execution)).output == "null"


async def test_only_those_who_operate_may(bench: Bench) -> None:
    held = await hold()
    for call in (send_task_success(NOBODY, held.token, "1"), send_task_failure(NOBODY, held.token),
                 send_task_heartbeat(NOBODY, held.token), get_activity_task(NOBODY, "arn")):
        assert (await refused(call))[0] == "AccessDeniedException"


async def test_an_activity_and_its_life(bench: Bench) -> None:
    first = await in_thread(create_activity, OPERATOR, "work.1")
    again = await in_thread(create_activity, OPERATOR, "work.1")
    assert (first.arn, first.created_at) == (again.arn, again.created_at)
    assert (await in_thread(describe_activity, OPERATOR, first.arn)).name == "work.1"
    assert [row.name for row in await in_thread(lambda: list(list_activities(OPERATOR)))] == ["work.1"]
    await in_thread(delete_activity, OPERATOR, first.arn)
    await in_thread(delete_activity, OPERATOR, first.arn)
    code, message = await refused(get_activity_task(OPERATOR, first.arn))
    assert (code, message) == ("ActivityDoesNotExist", f"Activity Does Not Exist: '{first.arn}'")


@pytest.mark.parametrize("name", ["activity%name", "\0activity", "a b", ""])
async def test_names_of_activities_that_aws_refuses(bench: Bench, name: str) -> None:
    code, message = await refused(in_thread(create_activity, OPERATOR, name))
    assert (code, message) == ("InvalidName", f"Invalid Name: '{name}'")


async def test_a_task_of_an_activity_that_is_not_there_fails(bench: Bench) -> None:
    resource = await in_thread(activity)
    row = await in_thread(machine, states("T", T={"Type": "Task", "Resource": resource}))
    await in_thread(delete_activity, OPERATOR, resource)
    started = await start_execution(OPERATOR, row.arn)
    found = await bench.until(started.id)
    assert (found.status, found.error) == ("FAILED", "States.Runtime")
