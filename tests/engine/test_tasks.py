"""Tasks: their events, clocks and answers (history-events.md §3, asl-language.md §14, §21)."""

from __future__ import annotations

from typing import Any

import pytest

from executions.engine.effects import Cancel, SetTimer, StartTask
from executions.engine.memory import DEFAULT_START, Script, refuses, replies
from executions.engine.signals import Beat, Began, Fired, Refused, Replied, Submitted
from executions.engine.tokens import make_token, read_token
from tests.engine.machines import ACTIVITY, CALLBACK, FUNCTION, INVOKE, catch, echo, machine, parallel, retry, task
from tests.engine.proving import Proving, play, start
from tests.engine.stories import lines, one, output, story


def test_a_function() -> None:
    events = play(machine(("T", task(Parameters={"n.$": "$.n"}, TimeoutSeconds=9))), {"n": 1}, echo).events
    assert story(events)[1:] == lines("""
        2←0 TaskStateEntered T
        3←2 LambdaFunctionScheduled
        4←3 LambdaFunctionStarted
        5←4 LambdaFunctionSucceeded
        6←5 TaskStateExited T
        7←6 ExecutionSucceeded
    """)
    assert one(events, "LambdaFunctionScheduled") == {
        "resource": FUNCTION, "input": '{"n":1}', "inputDetails": {"truncated": False}, "timeoutInSeconds": 9,
    }  # fmt: skip
    assert "lambdaFunctionStartedEventDetails" not in events[3]
    assert one(events, "LambdaFunctionSucceeded") == {"output": '{"n":1}', "outputDetails": {"truncated": False}}


def test_a_service() -> None:
    fields = {"Parameters": {"FunctionName": "f"}, "Credentials": {"RoleArn": "arn:aws:iam::1:role/r"}}
    events = play(machine(("T", task(INVOKE, **fields))), {}, echo).events
    assert story(events)[2:6] == lines("""
        3←2 TaskScheduled
        4←3 TaskStarted
        5←4 TaskSucceeded
        6←5 TaskStateExited T
    """)
    named = {"resourceType": "lambda", "resource": "invoke"}
    assert one(events, "TaskScheduled") == named | {
        "region": "us-east-1", "parameters": '{"FunctionName":"f"}',
        "taskCredentials": {"roleArn": "arn:aws:iam::1:role/r"},
    }  # fmt: skip
    assert one(events, "TaskStarted") == named
    assert one(events, "TaskSucceeded") == named | {
        "output": '{"FunctionName":"f"}', "outputDetails": {"truncated": False},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("resource", "named"),
    [
        (CALLBACK, {"resourceType": "sqs", "resource": "sendMessage.waitForTaskToken"}),
        ("arn:aws:states:::states:startExecution.sync:2",
         {"resourceType": "states", "resource": "startExecution.sync:2"}),
        ("arn:aws:states:::approval:request", {"resourceType": "approval", "resource": "request"}),
    ],
)  # fmt: skip
def test_work_that_is_handed_over(resource: str, named: dict[str, str]) -> None:
    answer = lambda started: replies(started, {"done": True}, after=5000, submitted={"id": 7})  # noqa: E731
    events = play(machine(("T", task(resource, Parameters={"q": 1}))), {}, answer).events
    assert story(events)[2:7] == lines("""
        3←2 TaskScheduled
        4←3 TaskStarted
        5←4 TaskSubmitted
        6←5 TaskSucceeded
        7←6 TaskStateExited T
    """)
    assert one(events, "TaskSubmitted") == named | {"output": '{"id":7}', "outputDetails": {"truncated": False}}
    assert output(events) == {"done": True}


def test_an_activity() -> None:
    execution = start(machine(("T", task(ACTIVITY, TimeoutSeconds=60, HeartbeatSeconds=10))), {"n": 1})
    started = _started(execution)
    assert not [effect for effect in execution.effects if isinstance(effect, SetTimer)]  # nobody has taken it yet
    execution.now += 1_000_000
    execution.send(Began(started.ask, "worker-1"))
    execution.send(Replied(started.ask, [1]))
    execution.prove()
    assert story(execution.events)[2:6] == lines("""
        3←2 ActivityScheduled
        4←3 ActivityStarted
        5←4 ActivitySucceeded
        6←5 TaskStateExited T
    """)
    assert one(execution.events, "ActivityScheduled") == {
        "resource": ACTIVITY, "input": '{"n":1}', "inputDetails": {"truncated": False},
        "timeoutInSeconds": 60, "heartbeatInSeconds": 10,
    }  # fmt: skip
    assert one(execution.events, "ActivityStarted") == {"workerName": "worker-1"}


def test_an_activity_worker_without_a_name() -> None:
    events = play(machine(("T", task(ACTIVITY))), {}, echo).events
    assert events[3]["activityStartedEventDetails"] == {}


def test_tokens_come_from_the_seed_and_are_shown_to_callbacks_only() -> None:
    parameters = {"token.$": "$$.Task.Token"}
    execution = start(machine(("T", task(CALLBACK, Parameters=parameters))))
    started = _started(execution)
    assert started.token == make_token(1, "seed", started.ask)
    assert started.payload == {"token": started.token}
    assert read_token(started.token) == (1, started.ask)
    failed = play(machine(("T", task(INVOKE, Parameters=parameters))))
    assert one(failed.events, "ExecutionFailed")["error"] == "States.Runtime"
    assert _started(start(machine(("T", task(ACTIVITY))))).token
    assert _started(start(machine(("T", task("arn:aws:states:::states:startExecution.sync"))))).token
    assert _started(start(machine(("T", task())))).token is None


def test_an_answer_before_the_news_of_the_start_writes_both() -> None:
    execution = play(machine(("T", task())), {}, lambda started: [(0, Replied(started.ask, 1))])
    assert story(execution.events)[3:5] == ["4←3 LambdaFunctionStarted", "5←4 LambdaFunctionSucceeded"]


@pytest.mark.parametrize(
    ("resource", "stage", "kinds"),
    [
        (FUNCTION, "", ["LambdaFunctionStarted", "LambdaFunctionFailed"]),
        (FUNCTION, "schedule", ["LambdaFunctionScheduleFailed"]),
        (FUNCTION, "start", ["LambdaFunctionStartFailed"]),
        (ACTIVITY, "", ["ActivityStarted", "ActivityFailed"]),
        (ACTIVITY, "schedule", ["ActivityScheduleFailed"]),
        (INVOKE, "", ["TaskStarted", "TaskFailed"]),
        (INVOKE, "start", ["TaskStartFailed"]),
        (CALLBACK, "submit", ["TaskStarted", "TaskSubmitFailed"]),
    ],
)
def test_refusals(resource: str, stage: str, kinds: list[str]) -> None:
    answer = lambda started: [(0, Refused(started.ask, "E", "why", stage=stage))]  # noqa: E731
    events = play(machine(("T", task(resource))), {}, answer).events
    assert [event["type"] for event in events[3:-1]] == kinds
    assert one(events, kinds[-1])["error"] == "E"
    assert events[-1]["previousEventId"] == events[-2]["id"]
    assert one(events, "ExecutionFailed") == {"error": "E", "cause": "why"}


@pytest.mark.parametrize("stage", ["schedule", ""])
def test_work_that_could_not_be_asked_for_ends_the_execution(stage: str) -> None:
    cause = "The activity does not exist."
    answer = lambda started: [(0, Refused(started.ask, "States.Runtime", cause, stage=stage))]  # noqa: E731
    caught = task(ACTIVITY, Catch=[catch("States.ALL", Next="T")])
    events = play(machine(("T", caught)), {}, answer).events
    assert story(events)[3:] == ["4←3 ExecutionFailed"]
    assert one(events, "ExecutionFailed")["cause"] == (
        f"An error occurred while executing the state 'T' (entered at the event id #2). {cause}"
    )


def test_a_runtime_error_of_work_that_has_begun_is_told_and_ends_the_execution() -> None:
    around = parallel([("T", task(INVOKE, Retry=[retry()]))], [("W", {"Type": "Wait", "Seconds": 9})],
                      Catch=[catch("States.ALL", Next="P")])  # fmt: skip
    events = play(machine(("P", around)), {}, lambda started: refuses(started, "States.Runtime", "why")).events
    assert [event["type"] for event in events[-3:]] == ["TaskStarted", "TaskFailed", "ExecutionFailed"]
    assert one(events, "ExecutionFailed") == {"error": "States.Runtime", "cause": "why"}


def test_the_clock_of_a_task_runs_from_its_start() -> None:
    fields = {"TimeoutSecondsPath": "$.t"}
    execution = start(machine(("T", task(INVOKE, **fields))), {"t": 5}, lambda started: [(60_000, Began(started.ask))])
    execution.prove()
    assert execution.now == DEFAULT_START + 65_000
    assert story(execution.events)[4:] == ["5←4 TaskTimedOut", "6←5 ExecutionFailed"]
    assert one(execution.events, "TaskTimedOut") == {
        "resourceType": "lambda", "resource": "invoke", "error": "States.Timeout",
    }  # fmt: skip
    assert one(execution.events, "TaskScheduled")["timeoutInSeconds"] == 5
    assert Cancel(_started(execution).ask, "timeout") in execution.effects


def test_a_caught_time_out_has_an_empty_cause() -> None:
    caught = task(TimeoutSeconds=5, Catch=[catch("States.Timeout", Next="End")])
    events = play(machine(("T", caught), ("End", {"Type": "Pass"})), {}, _begins).events
    assert story(events)[4:6] == ["5←4 LambdaFunctionTimedOut", "6←5 TaskStateExited T"]
    assert output(events) == {"Error": "States.Timeout", "Cause": ""}


def test_heartbeats_put_the_heartbeat_off_but_not_the_time_out() -> None:
    def answer(started: StartTask) -> Script:
        beats: Script = [(at, Beat(started.ask)) for at in range(8_000, 100_000, 8_000)]
        return [(0, Began(started.ask)), *beats]

    execution = play(machine(("T", task(ACTIVITY, TimeoutSeconds=60, HeartbeatSeconds=10))), {}, answer)
    assert execution.now == DEFAULT_START + 60_000
    assert execution.events[-2]["type"] == "ActivityTimedOut"
    silent = play(machine(("T", task(ACTIVITY, TimeoutSeconds=60, HeartbeatSeconds=10))), {}, _begins)
    assert silent.now == DEFAULT_START + 10_000
    assert one(silent.events, "ActivityTimedOut") == {"error": "States.Timeout"}


@pytest.mark.parametrize("name", ["States.HeartbeatTimeout", "States.Timeout"])
def test_a_missed_heartbeat_matches_both_names(name: str) -> None:
    caught = task(ACTIVITY, TimeoutSeconds=60, HeartbeatSeconds=10, Catch=[catch(name, Next="End")])
    events = play(machine(("T", caught), ("End", {"Type": "Pass"})), {}, _begins).events
    assert output(events) == {"Error": "States.Timeout", "Cause": ""}


def test_a_time_out_is_no_missed_heartbeat() -> None:
    caught = task(TimeoutSeconds=5, Catch=[catch("States.HeartbeatTimeout", "States.TaskFailed", Next="T")])
    assert play(machine(("T", caught)), {}, _begins).status == "FAILED"


def test_a_heartbeat_missed_in_a_branch_is_known_around_it() -> None:
    waits = task(ACTIVITY, TimeoutSeconds=60, HeartbeatSeconds=10)
    around = parallel([("T", waits)], Catch=[catch("States.HeartbeatTimeout", Next="End")])
    events = play(machine(("P", around), ("End", {"Type": "Pass"})), {}, _begins).events
    assert output(events) == {"Error": "States.Timeout", "Cause": ""}


def test_a_failure_called_time_out_is_a_failure() -> None:
    events = play(machine(("T", task(CALLBACK))), {}, lambda started: refuses(started, "States.Timeout")).events
    assert events[-2]["type"] == "TaskFailed"


def test_a_callback_failed_without_error_and_cause() -> None:
    caught = task(CALLBACK, Catch=[catch("States.ALL", Next="End")])
    events = play(machine(("T", caught), ("End", {"Type": "Pass"})), {}, lambda started: refuses(started, None)).events
    assert output(events) == {"Error": None, "Cause": None}
    assert one(events, "TaskFailed") == {"resourceType": "sqs", "resource": "sendMessage.waitForTaskToken"}


def test_a_timer_that_fires_early_or_twice_is_harmless() -> None:
    execution = start(machine(("T", task(TimeoutSeconds=5))))
    ask = _started(execution).ask
    execution.send(Fired(ask, "timeout"), Fired(ask, "wake"), Fired(ask, "heartbeat"), Fired(ask, "nonsense"))
    execution.send(Began(ask))
    execution.now += 4_999
    execution.send(Fired(ask, "timeout"))
    assert execution.status == "RUNNING"
    execution.now += 1
    execution.send(Fired(ask, "timeout"))
    assert execution.prove().status == "FAILED"


def test_late_answers_do_nothing() -> None:
    execution = start(machine(("T", task(TimeoutSeconds=5, Retry=[retry()]))), {}, _begins)
    before = len(execution.events)
    first = _started(execution).ask
    execution.send(Replied(first, 1), Refused(first, "E"), Beat(first), Began(first), Submitted(first))
    assert len(execution.events) == before
    execution.prove()


def test_failing_late_after_the_task_has_succeeded() -> None:
    for fields in ({"ResultSelector": {"x.$": "$.no"}}, {"OutputPath": "$.no"}):
        events = play(machine(("T", task(**fields))), {}, echo).events
        assert story(events)[4:] == ["5←4 LambdaFunctionSucceeded", "6←5 ExecutionFailed"]
        assert one(events, "ExecutionFailed")["error"] == "States.Runtime"


def test_a_result_path_that_does_not_fit_can_be_caught() -> None:
    caught = task(ResultPath="$.a.b", Catch=[catch("States.ResultPathMatchFailure", Next="End", ResultPath=None)])
    events = play(machine(("T", caught), ("End", {"Type": "Pass"})), {"a": 1}, echo).events
    assert story(events)[4:6] == ["5←4 LambdaFunctionSucceeded", "6←5 TaskStateExited T"]
    assert output(events) == {"a": 1}


def test_a_failing_template_ends_before_anything_is_scheduled() -> None:
    events = play(machine(("T", task(Parameters={"x.$": "$.no"})))).events
    assert story(events)[2:] == ["3←2 ExecutionFailed"]


def test_the_result_flows_through_selector_path_and_output() -> None:
    fields: dict[str, Any] = {
        "Parameters": {"n.$": "$.n"}, "ResultSelector": {"sent.$": "$.n"}, "ResultPath": "$.task",
        "OutputPath": "$.task", "Assign": {"raw.$": "$"},
    }  # fmt: skip
    events = play(machine(("T", task(**fields)), ("End", {"Type": "Pass", "Parameters": {"v.$": "$raw", "d.$": "$"}})),
                  {"n": 1}, echo).events  # fmt: skip
    assert output(events) == {"v": {"n": 1}, "d": {"sent": 1}}
    assert one(events, "TaskStateExited")["assignedVariables"] == {"raw": '{"n":1}'}


def _begins(started: StartTask) -> list[tuple[int, Began]]:
    return [(0, Began(started.ask))]


def _started(execution: Proving) -> StartTask:
    return next(effect for effect in execution.effects if isinstance(effect, StartTask))
