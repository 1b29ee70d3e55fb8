"""Nested executions on the real engine: what the parent sees, also after a restart, and what stops the child."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from executions.actions.stop_execution import stop_execution
from executions.integrations.child_execution import endings
from executions.integrations.child_execution.task import ChildExecutionTask
from executions.integrations.kinds import TaskError
from executions.models import Execution
from executions.store import in_thread
from tests.executions.integrations.conftest import ANYBODY, Bench, request
from tests.executions.making import machine, states

START = "arn:aws:states:::states:startExecution"
PASS = states("P", P={"Type": "Pass", "Result": {"Arg1": "argument1"}})
FAIL = states("F", F={"Type": "Fail", "Error": "SomeFailure", "Cause": "It fails."})
WAIT = states("W", W={"Type": "Wait", "Seconds": 3600})


async def child(definition: dict[str, Any], name: str = "Child") -> str:
    return (await in_thread(machine, definition, name)).arn


def task(suffix: str, parameters: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return states("Start", Start={"Type": "Task", "Resource": START + suffix, "Parameters": parameters, **fields})


def kinds(history: list[dict[str, Any]]) -> list[str]:
    return [event["type"] for event in history]


async def only_child(parent: int) -> Execution:
    while True:
        rows = await in_thread(lambda: list(Execution.objects.filter(parent_id=parent)))
        if rows:
            assert len(rows) == 1
            return rows[0]
        await asyncio.sleep(0.01)


async def test_request_and_response(bench: Bench) -> None:
    arn = await child(WAIT)
    parent = await bench.begin(task("", {"StateMachineArn": arn, "Input": {"a": 1}, "Name": "one"}))
    row = await bench.until(parent)
    output = json.loads(row.output or "")
    assert list(output) == ["ExecutionArn", "SdkHttpMetadata", "SdkResponseMetadata", "StartDate"]
    started = await only_child(parent)
    assert (output["ExecutionArn"], output["StartDate"]) == (started.arn, started.started_at)
    assert started.arn == arn.replace(":stateMachine:", ":execution:") + ":one"
    assert (started.input, started.status, started.parent_ask) == ('{"a":1}', "RUNNING", started.parent_ask)
    assert kinds(await bench.history(parent)) == [
        "ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskSucceeded", "TaskStateExited",
        "ExecutionSucceeded"]


@pytest.mark.parametrize(("suffix", "input", "output"), [
    (".sync", "{}", '{"Arg1":"argument1"}'), (".sync:2", {}, {"Arg1": "argument1"}),
])
async def test_a_child_that_succeeds(bench: Bench, suffix: str, input: Any, output: Any) -> None:
    arn = await child(PASS)
    parent = await bench.begin(task(suffix, {"StateMachineArn": arn, "Input": None}))
    row = await bench.until(parent)
    ended = await only_child(parent)
    assert json.loads(row.output or "") == {
        "ExecutionArn": ended.arn, "Input": input, "InputDetails": {"Included": True}, "Name": ended.name,
        "Output": output, "OutputDetails": {"Included": True}, "RedriveCount": 0, "RedriveStatus": "NOT_REDRIVABLE",
        "RedriveStatusReason": "Execution is SUCCEEDED and cannot be redriven", "StartDate": ended.started_at,
        "StateMachineArn": arn, "Status": "SUCCEEDED", "StopDate": ended.stopped_at}
    assert list(json.loads(row.output or "")) == sorted(json.loads(row.output or ""))
    history = await bench.history(parent)
    assert kinds(history)[2:6] == ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]
    submitted = json.loads(history[4]["taskSubmittedEventDetails"]["output"])
    assert list(submitted) == ["ExecutionArn", "SdkHttpMetadata", "SdkResponseMetadata", "StartDate"]


@pytest.mark.parametrize("suffix", [".sync", ".sync:2"])
async def test_a_child_that_fails_is_always_a_failed_task(bench: Bench, suffix: str) -> None:
    arn = await child(FAIL)
    catch = [{"ErrorEquals": ["SomeFailure"], "Next": "Wrong"}, {"ErrorEquals": ["States.TaskFailed"], "Next": "Right"}]
    definition = task(suffix, {"StateMachineArn": arn}, Catch=catch)
    definition["States"] |= {"Wrong": {"Type": "Pass", "End": True}, "Right": {"Type": "Pass", "End": True}}
    parent = await bench.begin(definition)
    row = await bench.until(parent)
    history = await bench.history(parent)
    assert "Right" in [event.get("stateEnteredEventDetails", {}).get("name") for event in history]
    caught = json.loads(row.output or "")
    assert caught["Error"] == "States.TaskFailed"
    ended = await only_child(parent)
    assert json.loads(caught["Cause"]) == {
        "Cause": "It fails.", "Error": "SomeFailure", "ExecutionArn": ended.arn, "Input": "{}",
        "InputDetails": {"Included": True}, "Name": ended.name, "RedriveCount": 0, "RedriveStatus": "REDRIVABLE",
        "StartDate": ended.started_at, "StateMachineArn": arn, "Status": "FAILED", "StopDate": ended.stopped_at}


async def test_a_stopped_child_is_a_failed_task(bench: Bench) -> None:
    parent = await bench.begin(task(".sync", {"StateMachineArn": await child(WAIT)}))
    await bench.until_event(parent, "TaskSubmitted")
    await stop_execution(ANYBODY, (await only_child(parent)).arn)
    row = await bench.until(parent)
    assert (row.status, row.error) == ("FAILED", "States.TaskFailed")
    assert json.loads(row.cause or "")["Status"] == "ABORTED"


@pytest.mark.parametrize(("parameters", "error", "message"), [
    ({"StateMachineArn": "{arn}no"}, "StepFunctions.StateMachineDoesNotExistException", "State Machine Does Not Exist"),
    ({"StateMachineArn": "nonsense"}, "StepFunctions.InvalidArnException", "Invalid Arn"),
    ({"StateMachineArn": "{arn}", "Name": "a b"}, "StepFunctions.InvalidNameException", "Invalid Name"),
    ({"StateMachineArn": "{arn}", "Input": "no json"}, "StepFunctions.InvalidExecutionInputException", "Invalid"),
    ({"StateMachineArn": "{arn}", "Name": "used"}, "StepFunctions.ExecutionAlreadyExistsException", "Already Exists"),
])
async def test_what_step_functions_refuses(bench: Bench, sent, parameters, error, message) -> None:
    arn = await child(PASS)
    first = await bench.begin(task(".sync", {"StateMachineArn": arn, "Name": "used"}))
    await bench.until(first)
    given = {name: value.replace("{arn}", arn) for name, value in parameters.items()}
    with pytest.raises(TaskError) as caught:
        await ChildExecutionTask().run(request(START, given, execution=first, ask=999), sent)
    assert caught.value.error == error
    assert message in (caught.value.cause or "")
    assert "(Service: AWSStepFunctions; Status Code: 400; Error Code: " in (caught.value.cause or "")
    assert sent.kinds == ["Began"]


@pytest.mark.parametrize(("parameters", "problem"), [
    ({}, 'The field "StateMachineArn" is required but was missing'),
    ({"StateMachineArn": "x", "Wait": 1}, 'The field "Wait" is not supported'),
    ({"StateMachineArn": "x", "Name": 1}, 'The field "Name" must be a string'),
])
async def test_wrong_parameters(sent, parameters, problem) -> None:
    with pytest.raises(TaskError) as caught:
        await ChildExecutionTask().run(request(START, parameters), sent)
    assert caught.value.error == "States.Runtime"
    assert problem in (caught.value.cause or "")


async def test_a_parent_that_is_stopped_stops_its_child(bench: Bench) -> None:
    parent = await bench.begin(task(".sync:2", {"StateMachineArn": await child(WAIT)}))
    await bench.until_event(parent, "TaskSubmitted")
    running = await only_child(parent)
    arn = (await bench.row(parent)).arn
    await stop_execution(ANYBODY, arn)
    row = await bench.until(running.pk)
    assert (row.status, row.error) == ("ABORTED", None)
    assert row.cause == (f"The Task state in AWS Step Functions execution [{arn}] which was managing this resource "
                         "was aborted")


async def test_a_parents_time_limit_stops_its_child(bench: Bench) -> None:
    parent = await bench.begin(task(".sync", {"StateMachineArn": await child(WAIT)}, TimeoutSeconds=1))
    assert (await bench.until(parent)).error == "States.Timeout"
    assert (await bench.until((await only_child(parent)).pk)).status == "ABORTED"


async def test_the_plain_form_leaves_the_child_alone(bench: Bench) -> None:
    parent = await bench.begin(task("", {"StateMachineArn": await child(WAIT)}))
    await bench.until(parent)
    assert (await only_child(parent)).status == "RUNNING"


@pytest.mark.parametrize("suffix", [".sync", ".sync:2"])
async def test_after_a_restart_the_parent_goes_on_watching_the_same_child(bench: Bench, suffix: str) -> None:
    parent = await bench.begin(task(suffix, {"StateMachineArn": await child(WAIT)}))
    await bench.until_event(parent, "TaskSubmitted")
    before = await only_child(parent)
    await bench.restart()
    assert (await only_child(parent)).pk == before.pk
    assert (await bench.row(before.pk)).status == "RUNNING"  # the stop of the server is no reason to stop it
    await stop_execution(ANYBODY, before.arn)
    assert (await bench.until(parent)).error == "States.TaskFailed"
    assert kinds(await bench.history(parent)).count("TaskSubmitted") == 1


@pytest.mark.parametrize("name", [None, "given"])
async def test_a_task_begun_before_a_crash_starts_no_second_child(bench: Bench, sent, name: str | None) -> None:
    """Begun and perhaps started, but the answer was lost: run again, it finds what it started."""
    arn = await child(PASS)
    parameters = {"StateMachineArn": arn} | ({"Name": name} if name else {})
    holder = await bench.begin(WAIT)
    first = request(START + ".sync", parameters, execution=holder, ask=77)
    await ChildExecutionTask().run(first, sent)
    again = request(START + ".sync", parameters, execution=holder, ask=77, begun=True)
    await ChildExecutionTask().run(again, sent)
    lost = request(START + ".sync", parameters, execution=holder, ask=77)  # even Began was lost
    await ChildExecutionTask().run(lost, sent)
    assert sent.kinds == ["Began", "Submitted", "Replied", "Submitted", "Replied", "Began", "Submitted", "Replied"]
    assert len({signal.output["ExecutionArn"] for signal in sent.signals if hasattr(signal, "output")}) == 1
    await only_child(holder)


async def test_two_attempts_have_two_children(bench: Bench, sent) -> None:
    arn = await child(FAIL)
    retry = [{"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 1, "MaxAttempts": 1}]
    parent = await bench.begin(task(".sync", {"StateMachineArn": arn}, Retry=retry))
    await bench.until(parent)
    assert await in_thread(Execution.objects.filter(parent_id=parent).count) == 2


async def test_a_callback_is_answered_by_its_token(bench: Bench) -> None:
    from executions.actions.send_task_success import send_task_success

    arn = await child(PASS)
    parent = await bench.begin(task(".waitForTaskToken", {
        "StateMachineArn": arn, "Input": {"token.$": "$$.Task.Token"}}))
    await bench.until_event(parent, "TaskSubmitted")
    token = json.loads((await only_child(parent)).input)["token"]
    await send_task_success(ANYBODY, token, '{"ok": true}')
    assert json.loads((await bench.until(parent)).output or "") == {"ok": True}


async def test_a_child_of_a_child(bench: Bench) -> None:
    leaf = await child(PASS, "Leaf")
    middle = await child(task(".sync:2", {"StateMachineArn": leaf}), "Middle")
    parent = await bench.begin(task(".sync:2", {"StateMachineArn": middle}))
    row = await bench.until(parent)
    assert json.loads(row.output or "")["Output"]["Output"] == {"Arg1": "argument1"}


async def test_nothing_is_left_listening(bench: Bench) -> None:
    parent = await bench.begin(task(".sync", {"StateMachineArn": await child(PASS)}))
    await bench.until(parent)
    await asyncio.sleep(0)
    assert endings._waiting == {}


async def test_a_child_that_runs_elsewhere_is_looked_for(bench: Bench, monkeypatch) -> None:
    """Another process tells nobody here; the row says so at the next look."""
    monkeypatch.setattr(endings, "LOOK_SECONDS", 0.05)
    elsewhere = await bench.begin(WAIT)
    waiting = asyncio.create_task(endings.ending_of(elsewhere))
    await asyncio.sleep(0)
    await in_thread(Execution.objects.filter(pk=elsewhere).update, status="SUCCEEDED", output="1")
    row = await waiting
    assert row is not None
    assert row.output == "1"


@pytest.mark.parametrize(("definition", "status"), [(PASS, "SUCCEEDED"), (FAIL, "FAILED")])
async def test_a_machine_of_another_account_is_the_one_of_that_name_here(bench: Bench, definition, status) -> None:
    theirs = (await child(definition)).replace(":000000000000:", ":222222222222:")
    parent = await bench.begin(task(".sync", {"StateMachineArn": theirs, "Name": "theirs"},
                                    Credentials={"RoleArn": "arn:aws:iam::222222222222:role/trusted"}))
    row = await bench.until(parent)
    told = json.loads((row.output if status == "SUCCEEDED" else row.cause) or "")
    assert (row.status, told["StateMachineArn"]) == (status, theirs)
    assert told["ExecutionArn"] == theirs.replace(":stateMachine:", ":execution:") + ":theirs"


async def test_without_a_role_there_is_no_such_machine(bench: Bench) -> None:
    theirs = (await child(PASS)).replace(":000000000000:", ":222222222222:")
    row = await bench.until(await bench.begin(task(".sync", {"StateMachineArn": theirs})))
    assert (row.status, row.error) == ("FAILED", "StepFunctions.StateMachineDoesNotExistException")
    assert theirs in (row.cause or "")
