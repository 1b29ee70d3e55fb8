"""Retry and Catch of a Task: asl-language.md §18–20, history-events.md §4."""

from __future__ import annotations

from typing import Any

import pytest

from designer.asl.model import Retrier
from executions.engine.memory import DEFAULT_START, refuses, replies
from executions.engine.retrying import pause
from tests.engine.machines import INVOKE, catch, echo, machine, retry, script, task
from tests.engine.proving import play
from tests.engine.stories import lines, one, output, story

END = ("End", {"Type": "Pass"})


def fails(error: str | None, cause: str | None = None) -> Any:
    return lambda started: refuses(started, error, cause)


def test_a_retry_schedules_again_after_the_failure() -> None:
    execution = play(machine(("T", task(INVOKE, Retry=[retry()]))), {}, script(fails("E"), fails("E"), echo))
    assert story(execution.events)[1:] == lines("""
        2←0 TaskStateEntered T
        3←2 TaskScheduled
        4←3 TaskStarted
        5←4 TaskFailed
        6←5 TaskScheduled
        7←6 TaskStarted
        8←7 TaskFailed
        9←8 TaskScheduled
        10←9 TaskStarted
        11←10 TaskSucceeded
        12←11 TaskStateExited T
        13←12 ExecutionSucceeded
    """)
    assert execution.now == DEFAULT_START + 1000 + 2000  # interval 1, backoff 2


def test_retries_used_up() -> None:
    state = task(Retry=[retry(MaxAttempts=1, IntervalSeconds=7)])
    execution = play(machine(("T", state)), {}, lambda s: refuses(s, "E"))
    assert [event["type"] for event in execution.events].count("LambdaFunctionFailed") == 2
    assert execution.events[-1]["previousEventId"] == execution.events[-2]["id"]
    assert execution.now == DEFAULT_START + 7000


def test_every_retrier_counts_for_itself() -> None:
    clauses = [retry("A", MaxAttempts=1), retry("B", MaxAttempts=2, IntervalSeconds=10)]
    answers = script(fails("A"), fails("B"), fails("B"), fails("A"))
    execution = play(machine(("T", task(Retry=clauses, Parameters={"n.$": "$$.State.RetryCount"}))), {}, answers)
    assert execution.status == "FAILED"
    assert execution.now == DEFAULT_START + 1000 + 10_000 + 20_000
    inputs = [event["lambdaFunctionScheduledEventDetails"]["input"] for event in execution.events
              if event["type"] == "LambdaFunctionScheduled"]  # fmt: skip
    assert inputs == ['{"n":0}', '{"n":1}', '{"n":2}', '{"n":3}']


def test_an_exhausted_retrier_leaves_the_error_to_the_catchers() -> None:
    state = task(Retry=[retry("A", MaxAttempts=0), retry("States.ALL")], Catch=[catch("A", Next="End")])
    events = play(machine(("T", state), END), {}, lambda s: refuses(s, "A", "why")).events
    assert output(events) == {"Error": "A", "Cause": "why"}
    assert len(events) == 9


def test_counters_begin_anew_when_the_state_is_entered_again() -> None:
    again = {"Variable": "$.n", "NumericLessThan": 2, "Next": "T"}
    definition = machine(
        ("T", task(Retry=[retry(MaxAttempts=1)], ResultPath=None, Next="More")),
        ("More", {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}}),
        ("Again?", {"Type": "Choice", "Choices": [again], "Default": "End"}), END,
    )  # fmt: skip
    assert play(definition, {"n": 0}, script(fails("E"), echo, fails("E"), echo)).status == "SUCCEEDED"


def test_a_new_token_for_every_attempt() -> None:
    from executions.engine.effects import StartTask
    from tests.engine.machines import CALLBACK

    execution = play(machine(("T", task(CALLBACK, Retry=[retry(MaxAttempts=2)]))), {}, lambda s: refuses(s, "E"))
    tokens = [effect.token for effect in execution.effects if isinstance(effect, StartTask)]
    assert len(set(tokens)) == 3


def test_a_catch_goes_on_after_the_exit() -> None:
    state = task(INVOKE, Catch=[catch("E", Next="End", ResultPath="$.error")], OutputPath=None)
    events = play(machine(("T", state), END), {"a": 1}, lambda s: refuses(s, "E", "why")).events
    assert story(events)[4:7] == ["5←4 TaskFailed", "6←5 TaskStateExited T", "7←6 PassStateEntered End"]
    assert output(events) == {"a": 1, "error": {"Error": "E", "Cause": "why"}}


def test_a_catcher_assigns_instead_of_the_state() -> None:
    catcher = catch("E", Next="End", Assign={"err.$": "$.Error"})
    state = task(Assign={"err": "none"}, Catch=[catcher])
    events = play(machine(("T", state), END), {}, lambda s: refuses(s, "E")).events
    assert one(events, "TaskStateExited")["assignedVariables"] == {"err": '"E"'}


def test_a_catcher_that_fails_itself() -> None:
    catcher = catch("E", Next="End", ResultPath="$.a.b")
    state = task(Catch=[catcher, catch("States.ALL", Next="End")], Retry=[retry("States.ResultPathMatchFailure")])
    events = play(machine(("T", state), END), {"a": 1}, lambda s: refuses(s, "E")).events
    assert story(events)[4:] == ["5←4 LambdaFunctionFailed", "6←5 ExecutionFailed"]
    assert one(events, "ExecutionFailed")["error"] == "States.ResultPathMatchFailure"


@pytest.mark.parametrize(
    ("names", "error", "caught"),
    [
        (["States.ALL"], "Any", True),
        (["States.ALL"], None, True),
        (["States.TaskFailed"], "Any", True),
        (["States.TaskFailed"], "States.Timeout", False),
        (["States.ALL"], "States.Runtime", False),
        (["States.Runtime"], "States.Runtime", False),
        (["Other"], "Any", False),
        (["Other", "Any"], "Any", True),
        (["States.ALL"], "States.DataLimitExceeded", True),  # told by a task's event
    ],
)
def test_what_a_catcher_takes(names: list[str], error: str | None, caught: bool) -> None:
    state = task(Catch=[catch(*names, Next="End")])
    assert (play(machine(("T", state), END), {}, lambda s: refuses(s, error)).status == "SUCCEEDED") is caught


def test_pauses() -> None:
    grows = Retrier(("E",), interval=2, backoff=1.5, max_delay=4)
    assert [pause(grows, attempt, "") for attempt in (1, 2, 3, 4)] == [2000, 3000, 4000, 4000]
    assert pause(Retrier(("E",), backoff=10), 99_999, "") == 99_999_999_000
    jitter = Retrier(("E",), interval=100, jitter=True)
    drawn = {pause(jitter, 1, f"seed:{number}") for number in range(50)}
    assert len(drawn) > 40
    assert all(0 <= value <= 100_000 for value in drawn)
    assert pause(jitter, 1, "seed") == pause(jitter, 1, "seed")


def test_jitter_is_replayed() -> None:
    state = task(Retry=[retry(JitterStrategy="FULL", IntervalSeconds=1000, MaxAttempts=3)])
    execution = play(machine(("T", state)), {}, lambda s: refuses(s, "E"))
    assert DEFAULT_START < execution.now < DEFAULT_START + 7_000_000


def test_the_execution_may_end_in_a_pause() -> None:
    state = task(Retry=[retry(IntervalSeconds=100)])
    execution = play(machine(("T", state), TimeoutSeconds=30), {}, lambda s: refuses(s, "E"))
    assert execution.status == "TIMED_OUT"
    assert story(execution.events)[-1] == "6←0 ExecutionTimedOut"


def test_a_result_that_is_too_large_is_a_failure_of_the_task() -> None:
    answer = lambda s: replies(s, "あ" * 90_000)  # noqa: E731
    events = play(machine(("T", task(INVOKE))), {}, answer).events
    assert story(events)[4:] == ["5←4 TaskFailed", "6←5 ExecutionFailed"]
    assert one(events, "TaskFailed")["cause"] == (
        "The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit."
    )
    caught = task(INVOKE, Catch=[catch("States.ALL", Next="End")])
    assert output(play(machine(("T", caught), END), {}, answer).events)["Error"] == "States.DataLimitExceeded"
