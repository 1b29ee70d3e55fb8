"""RedriveExecution and Map Runs through the door's operations, with a real engine and store."""

from __future__ import annotations

import asyncio
import inspect
import json
import time

import pytest

from designer.errors import ActionError
from designer.models import StateMachine
from executions.actions import redrive_execution as redriving
from executions.actions.start_execution import start_execution
from executions.actions.stop_execution import stop_execution
from executions.api.door import MODEL
from executions.api.operations import OPERATIONS
from executions.engine.signals import Began, Replied
from executions.integrations.kinds import TaskError
from executions.models import Execution, Frame, MapRun, Redrive
from executions.store import in_thread, retention
from executions.worker import activities, committer
from tests.executions.making import OPERATOR, machine, states
from tests.executions.worker.conftest import FUNCTION, bench

__all__ = ["bench"]
pytestmark = pytest.mark.django_db(transaction=True)

TASK = states("T", T={"Type": "Task", "Resource": FUNCTION})
P = "arn:aws:states:us-east-1:000000000000"


async def ask(name, /, **request):
    answer = OPERATIONS[name].call(OPERATOR, MODEL.validate(name, request))
    answer = await answer if inspect.isawaitable(answer) else answer
    return answer if isinstance(answer, dict) else json.loads(answer)


async def refused(name, /, **request):
    with pytest.raises(ActionError) as error:
        await ask(name, **request)
    return error.value.code, error.value.message, error.value.members


class Work:
    """Tasks: those in `broken` fail, those in `stuck` never answer."""

    def __init__(self, bench, *, broken=(), stuck=()):
        self.broken, self.stuck, self.done = set(broken), set(stuck), []
        bench.integration.work = self

    async def __call__(self, request, send):
        payload = request.task.payload
        send(Began(request.task.ask))
        if payload in self.stuck:
            await asyncio.Event().wait()
        if payload in self.broken:
            raise TaskError("Boom", None)
        self.done.append(payload)
        send(Replied(request.task.ask, payload))


async def started(definition, value=1, kind="STANDARD"):
    row = await in_thread(machine, definition, kind=kind)
    return await start_execution(OPERATOR, row.arn, json.dumps(value))


async def failed(bench, definition, value=1):
    execution = await started(definition, value)
    await bench.until(execution.id, "FAILED")
    return execution


async def test_a_failed_execution_runs_again_under_its_own_arn(bench):
    work = Work(bench, broken=[1])
    execution = await failed(bench, TASK)
    described = await ask("DescribeExecution", executionArn=execution.arn)
    assert (described["redriveStatus"], described["redriveCount"]) == ("REDRIVABLE", 0)
    assert "redriveDate" not in described
    work.broken.clear()
    answer = await ask("RedriveExecution", executionArn=execution.arn)
    assert answer["redriveDate"] == pytest.approx(time.time(), abs=30)
    await bench.until(execution.id, "SUCCEEDED")
    described = await ask("DescribeExecution", executionArn=execution.arn)
    assert (described["status"], described["redriveCount"], described["redriveDate"], described["output"]) == (
        "SUCCEEDED", 1, answer["redriveDate"], "1")
    assert "error" not in described
    assert described["redriveStatusReason"] == "Execution is SUCCEEDED and cannot be redriven"
    history = await ask("GetExecutionHistory", executionArn=execution.arn)
    assert [event["type"] for event in history["events"]][5:] == [
        "ExecutionFailed", "ExecutionRedriven", "LambdaFunctionScheduled", "LambdaFunctionStarted",
        "LambdaFunctionSucceeded", "TaskStateExited", "ExecutionSucceeded"]
    assert not await in_thread(Frame.objects.filter(execution=execution.id).exists)
    machine_arn = described["stateMachineArn"]
    for redrive, found in (("REDRIVEN", 1), ("NOT_REDRIVEN", 0)):
        listed = await ask("ListExecutions", stateMachineArn=machine_arn, redriveFilter=redrive)
        assert len(listed["executions"]) == found


async def test_a_redriven_execution_survives_a_restart(bench):
    work = Work(bench, broken=[1])
    definition = states("P", P={"Type": "Parallel", "Branches": [
        states("A", A={"Type": "Task", "Resource": FUNCTION, "Parameters": "a"}), TASK]})
    execution = await failed(bench, definition)
    assert work.done == ["a"]
    work.broken.clear()
    work.stuck.add(1)
    await bench.restart()
    await ask("RedriveExecution", executionArn=execution.arn)
    await bench.restart()
    assert (await bench.row(execution.id)).status == "RUNNING"
    assert (await ask("DescribeExecution", executionArn=execution.arn))["redriveStatusReason"] == (
        "Execution is RUNNING and cannot be redriven")
    work.stuck.clear()
    await bench.restart()
    assert (await bench.until(execution.id)).output == '["a",1]'
    assert work.done == ["a", 1]


async def test_it_can_fail_and_be_redriven_again_and_again(bench):
    Work(bench, broken=[1])
    execution = await failed(bench, TASK)
    for count in (1, 2, 3):
        await ask("RedriveExecution", executionArn=execution.arn)
        row = await bench.until(execution.id, "FAILED")
        assert (row.redrive_count, row.error, row.stopped_at is not None) == (count, "Boom", True)
    assert await in_thread(lambda: list(Redrive.objects.order_by("count").values_list("count", flat=True))) == [1, 2, 3]


async def test_a_fail_state_fails_again_in_the_commit_of_its_redrive(bench):
    execution = await failed(bench, states("F", F={"Type": "Fail", "Error": "E"}))
    await ask("RedriveExecution", executionArn=execution.arn)
    row = await bench.until(execution.id, "FAILED")
    assert (row.redrive_count, row.error) == (1, "E")


async def test_the_same_client_token_is_the_same_redrive(bench, monkeypatch):
    Work(bench, broken=[1])
    execution = await failed(bench, TASK)
    first = await ask("RedriveExecution", executionArn=execution.arn, clientToken="t")
    await bench.until(execution.id, "FAILED")
    assert await ask("RedriveExecution", executionArn=execution.arn, clientToken="t") == first
    assert (await bench.row(execution.id)).redrive_count == 1
    monkeypatch.setattr(redriving, "TOKEN_VALID", -1)
    await ask("RedriveExecution", executionArn=execution.arn, clientToken="t")
    assert (await bench.until(execution.id, "FAILED")).redrive_count == 2


async def test_two_at_once_are_one(bench):
    work = Work(bench, broken=[1])
    execution = await failed(bench, TASK)
    work.stuck.add(1)
    answers = await asyncio.gather(
        *(ask("RedriveExecution", executionArn=execution.arn) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(answer, dict) for answer in answers) == 1
    assert {answer.code for answer in answers if not isinstance(answer, dict)} == {"ExecutionNotRedrivable"}
    assert (await bench.row(execution.id)).redrive_count == 1


async def test_a_stopped_one_can_be_redriven_and_stopped_again(bench):
    work = Work(bench, stuck=[1])
    execution = await started(TASK)
    await stop_execution(OPERATOR, execution.arn)
    await ask("RedriveExecution", executionArn=execution.arn)
    await stop_execution(OPERATOR, execution.arn, "again")
    assert (await bench.row(execution.id)).error == "again"
    work.stuck.clear()
    await ask("RedriveExecution", executionArn=execution.arn)
    assert (await bench.until(execution.id)).status == "SUCCEEDED"


async def test_a_commit_that_fails_leaves_it_failed(bench, monkeypatch):
    Work(bench, broken=[1])
    execution = await failed(bench, TASK)

    def poison(writes, again=False):
        raise ValueError("no")

    with monkeypatch.context() as patch:
        patch.setattr(committer, "commit", poison)
        with pytest.raises(ActionError, match="cannot go on"):
            await ask("RedriveExecution", executionArn=execution.arn)
    row = await bench.row(execution.id)
    assert (row.status, row.redrive_count) == ("FAILED", 0)
    await ask("RedriveExecution", executionArn=execution.arn)
    assert (await bench.until(execution.id, "FAILED")).redrive_count == 1


DAY = 24 * 3600 * 1000


@pytest.mark.parametrize(("changes", "reason"), [
    ({"stopped_at": 15 * DAY}, "Execution redrivable period exceeded"),
    ({"started_at": 400 * DAY, "stopped_at": 2 * DAY}, "Execution has exceeded the max execution time"),
    ({"redrive_count": 1000}, "Execution redrive limit exceeded"),
])
async def test_what_cannot_be_redriven_says_why(bench, changes, reason):
    Work(bench, broken=[1])
    execution = await failed(bench, TASK)
    now = time.time_ns() // 1_000_000
    values = {name: value if name == "redrive_count" else now - value for name, value in changes.items()}
    await in_thread(Execution.objects.filter(pk=execution.id).update, **values)
    assert (await refused("RedriveExecution", executionArn=execution.arn))[:2] == ("ExecutionNotRedrivable", reason)
    described = await ask("DescribeExecution", executionArn=execution.arn)
    assert (described["redriveStatus"], described["redriveStatusReason"]) == ("NOT_REDRIVABLE", reason)


async def test_other_refusals(bench, monkeypatch):
    Work(bench)
    done = await started(TASK)
    await bench.until(done.id)
    assert await refused("RedriveExecution", executionArn=done.arn) == (
        "ExecutionNotRedrivable", "Execution is SUCCEEDED and cannot be redriven", {})
    assert (await refused("RedriveExecution", executionArn=f"{P}:execution:a:b"))[0] == "ExecutionDoesNotExist"
    assert (await refused("RedriveExecution", executionArn=f"{P}:stateMachine:a"))[0] == "InvalidArn"
    assert (await refused("RedriveExecution", executionArn=f"{P}:express:a:b:c"))[1] == (
        "Invalid Arn: 'Resource type not valid in this context: express'")
    Work(bench, broken=[1])
    execution = await failed(bench, TASK)
    monkeypatch.setattr(redriving, "MOST_EVENTS", 3)
    assert (await refused("RedriveExecution", executionArn=execution.arn))[1] == (
        "Execution history event limit exceeded")
    monkeypatch.undo()
    await in_thread(StateMachine.objects.update, status="DELETING")
    assert (await refused("RedriveExecution", executionArn=execution.arn))[1] == "State machine is in DELETING status"
    await in_thread(StateMachine.objects.update, status="ACTIVE")
    await in_thread(Frame.objects.all().delete)
    assert (await refused("RedriveExecution", executionArn=execution.arn))[0] == "ExecutionNotRedrivable"


async def test_retention_takes_redrives_and_map_runs_along(bench):
    Work(bench, broken=[1])
    execution = await failed(bench, EACH, [1, 1])
    await ask("RedriveExecution", executionArn=execution.arn)
    await bench.until(execution.id, "FAILED")
    while await in_thread(retention.remove_some, [execution.id]):
        pass
    assert not await in_thread(lambda: Redrive.objects.exists() or MapRun.objects.exists() or Frame.objects.exists())


# -- Map Runs

EACH = states("M", M={
    "Type": "Map", "MaxConcurrency": 2, "ToleratedFailureCount": 1, "Label": "Each",
    "ItemProcessor": TASK | {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}})


async def only_map_run(execution):
    (item,) = (await ask("ListMapRuns", executionArn=execution.arn))["mapRuns"]
    return item


async def test_a_map_run_is_listed_described_updated_and_ends(bench):
    work = Work(bench, broken=[1], stuck=[2, 3, 4])
    execution = await started(EACH, [1, 2, 3, 4, 5])
    item = await wait_for(lambda: only_map_run(execution))
    arn = item["mapRunArn"]
    described = await ask("DescribeExecution", executionArn=execution.arn)
    assert item == {"executionArn": execution.arn, "mapRunArn": arn, "startDate": item["startDate"],
                    "stateMachineArn": described["stateMachineArn"]}
    assert ":mapRun:" in arn
    assert "/Each:" in arn

    async def settled():
        found = await ask("DescribeMapRun", mapRunArn=arn)
        assert found["itemCounts"]["failed"] == 1
        assert found["itemCounts"]["running"] == 2
        return found

    found = await wait_for(settled)
    counts = {"pending": 2, "running": 2, "succeeded": 0, "failed": 1, "timedOut": 0, "aborted": 0, "total": 5,
              "resultsWritten": 0, "failuresNotRedrivable": 0, "pendingRedrive": 0}
    assert found == {
        "mapRunArn": arn, "executionArn": execution.arn, "status": "RUNNING", "startDate": item["startDate"],
        "maxConcurrency": 2, "toleratedFailureCount": 1, "toleratedFailurePercentage": 0.0, "itemCounts": counts,
        "executionCounts": counts, "redriveCount": 0}
    assert await ask("UpdateMapRun", mapRunArn=arn, maxConcurrency=3, toleratedFailurePercentage=90.5) == {}

    async def wider():
        found = await ask("DescribeMapRun", mapRunArn=arn)
        assert found["itemCounts"]["running"] == 3
        return found

    found = await wait_for(wider)
    limits = ("maxConcurrency", "toleratedFailureCount", "toleratedFailurePercentage")
    assert [found[name] for name in limits] == [3, 1, 90.5]
    work.stuck.clear()
    await bench.restart()  # updates are durable: what waited is done now
    assert (await bench.until(execution.id)).status == "SUCCEEDED"
    found = await ask("DescribeMapRun", mapRunArn=arn)
    assert (found["status"], found["itemCounts"]["succeeded"], found["itemCounts"]["failed"]) == ("SUCCEEDED", 4, 1)
    assert found["stopDate"] >= found["startDate"]
    assert (await refused("UpdateMapRun", mapRunArn=arn, maxConcurrency=1))[::2] == (
        "ValidationException", {"reason": "CANNOT_UPDATE_COMPLETED_MAP_RUN"})
    assert await ask("ListExecutions", mapRunArn=arn) == {"executions": []}


async def wait_for(check):
    """What `check` gives once it holds."""
    while True:
        try:
            return await check()
        except (AssertionError, ValueError):
            await asyncio.sleep(0.01)


async def test_a_failed_map_run_is_redriven(bench):
    work = Work(bench, broken=[1, 2])
    execution = await failed(bench, EACH, [1, 2, 3])
    arn = (await only_map_run(execution))["mapRunArn"]
    before = await ask("DescribeMapRun", mapRunArn=arn)
    assert (before["status"], before["itemCounts"]["failed"]) == ("FAILED", 2)
    work.broken.clear()
    redriven = await ask("RedriveExecution", executionArn=execution.arn)
    await bench.until(execution.id, "SUCCEEDED")
    after = await ask("DescribeMapRun", mapRunArn=arn)
    assert (after["status"], after["redriveCount"], after["redriveDate"]) == ("SUCCEEDED", 1, redriven["redriveDate"])
    assert after["itemCounts"]["succeeded"] == after["itemCounts"]["total"] == 3
    assert after["startDate"] == before["startDate"]


async def test_map_runs_of_one_execution_come_in_pages(bench):
    Work(bench)
    each = dict(EACH["States"]["M"])
    del each["End"], each["Label"]
    execution = await started(states("A", A=each | {"Next": "B"}, B=each | {"Next": "C"}, C=dict(each)), [7])
    await bench.until(execution.id)
    first = await ask("ListMapRuns", executionArn=execution.arn, maxResults=2)
    second = await ask("ListMapRuns", executionArn=execution.arn, maxResults=2, nextToken=first["nextToken"])
    assert [len(first["mapRuns"]), len(second["mapRuns"])] == [2, 1]
    assert "nextToken" not in second
    found = [item["mapRunArn"] for item in first["mapRuns"] + second["mapRuns"]]
    assert len(set(found)) == 3


async def test_map_runs_that_are_not_there(bench):
    arn = f"{P}:mapRun:a/b:c"
    for name, more in (("DescribeMapRun", {}), ("UpdateMapRun", {"maxConcurrency": 1}), ("ListExecutions", {})):
        assert await refused(name, mapRunArn=arn, **more) == (
            "ResourceNotFound", f"Resource not found: '{arn}'", {"resourceName": arn})
    Work(bench)
    execution = await started(EACH, [5])
    arn = (await wait_for(lambda: only_map_run(execution)))["mapRunArn"]
    assert (await refused("UpdateMapRun", mapRunArn=arn))[2] == {"reason": "MISSING_REQUIRED_PARAMETER"}


async def test_an_activity_has_so_many_workers_at_once(bench, monkeypatch):
    arn = (await ask("CreateActivity", name="pack"))["activityArn"]
    monkeypatch.setattr(activities, "MAX_POLLERS", 0)
    assert (await refused("GetActivityTask", activityArn=arn))[0] == "ActivityWorkerLimitExceeded"
