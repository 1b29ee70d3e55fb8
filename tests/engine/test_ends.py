"""How executions end, and the limits that end them: history-events.md §8, quotas.md §2."""

from __future__ import annotations

from typing import Any

import pytest

from executions.engine.effects import Cancel, Finish, SetTimer, StartTask
from executions.engine.history import MAX_EVENTS
from executions.engine.memory import DEFAULT_START, replies
from executions.engine.run import CUT, LIVE
from executions.engine.signals import Began, Expired, Fired, Replied, Stopped
from tests.engine.machines import CALLBACK, catch, each, echo, machine, parallel, task
from tests.engine.proving import begun, play, start
from tests.engine.stories import one, story

PASS = {"Type": "Pass"}
WAIT = {"Type": "Wait", "Seconds": 60}


@pytest.mark.parametrize(
    ("signal", "details"),
    [(Stopped(), {}), (Stopped("E", "why"), {"error": "E", "cause": "why"}), (Stopped(cause="c"), {"cause": "c"})],
)
def test_stop(signal: Stopped, details: dict[str, str]) -> None:
    execution = begun(machine(("W", WAIT)))
    execution.send(signal)
    execution.prove()
    assert story(execution.events)[2:] == ["3←0 ExecutionAborted"]
    assert one(execution.events, "ExecutionAborted") == details
    assert execution.finish == Finish("ABORTED", error=signal.error, cause=signal.cause)


def test_stopping_closes_all_that_is_open() -> None:
    definition = machine(("P", parallel([("C", task(CALLBACK))], [("W", WAIT)], [("A", PASS)])))
    execution = begun(definition)
    asks = set(execution.execution.by_ask)
    execution.send(Stopped())
    execution.prove()
    cancels = [effect for effect in execution.effects if isinstance(effect, Cancel)]
    assert {effect.ask for effect in cancels} == asks
    assert {effect.reason for effect in cancels} == {"stopped"}
    assert any(effect.token for effect in cancels)
    assert execution.effects[-1] == Finish("ABORTED")
    assert not [kind for kind in story(execution.events) if "StateAborted" in kind]


def test_nothing_happens_after_the_end() -> None:
    execution = begun(machine(("T", task())))
    ask = next(effect.ask for effect in execution.effects if isinstance(effect, StartTask))
    execution.send(Stopped())
    count, effects = len(execution.events), len(execution.effects)
    execution.send(Replied(ask, 1), Stopped(), Expired(), Began(ask))
    assert (len(execution.events), len(execution.effects)) == (count, effects)
    execution.prove()


def test_a_stop_in_a_batch_beats_what_comes_with_it() -> None:
    execution = begun(machine(("T", task())))
    ask = next(effect.ask for effect in execution.effects if isinstance(effect, StartTask))
    execution.send(Replied(ask, 1), Stopped())
    execution.prove()
    assert story(execution.events)[-2:] == ["5←4 LambdaFunctionSucceeded", "6←0 ExecutionAborted"]


def test_the_execution_has_a_time_limit() -> None:
    around = parallel([("W", WAIT)], [("T", task())], Catch=[catch("States.ALL", Next="P")])
    execution = play(machine(("P", around), TimeoutSeconds=30), {}, lambda s: [(0, Began(s.ask))])
    assert execution.status == "TIMED_OUT"
    assert execution.now == DEFAULT_START + 30_000
    assert story(execution.events)[-1].endswith("←0 ExecutionTimedOut")
    assert one(execution.events, "ExecutionTimedOut") == {"error": "States.Timeout"}
    assert not [line for line in story(execution.events) if "Aborted" in line]
    assert execution.finish == Finish("TIMED_OUT")
    assert SetTimer(0, "execution", DEFAULT_START + 30_000) in execution.effects


def test_an_early_time_limit_is_harmless() -> None:
    execution = begun(machine(("W", WAIT), TimeoutSeconds=70))
    execution.send(Expired(), Fired(0, "execution"))
    assert execution.status == "RUNNING"


@pytest.mark.parametrize("limit", [{}, {"TimeoutSeconds": 99_999_999}])
def test_no_execution_runs_longer_than_a_year(limit: dict[str, int]) -> None:
    unlimited = begun(machine(("W", WAIT), **limit))
    unlimited.now += 365 * 24 * 3600 * 1000 - 1
    unlimited.send(Expired())
    assert unlimited.status == "RUNNING"
    unlimited.now += 1
    unlimited.send(Expired())
    assert unlimited.status == "TIMED_OUT"


def test_express_lasts_five_minutes() -> None:
    execution = start(machine(("W", {"Type": "Wait", "Seconds": 301})), kind="EXPRESS")
    assert execution.prove().status == "TIMED_OUT"
    assert execution.now == DEFAULT_START + 300_000


def test_open_frames_are_cut_and_kept() -> None:
    execution = begun(machine(("M", each(("W", WAIT)))), [1, 2])
    assert [frame.status for frame in execution.execution.frames.values()] == [LIVE] * 3
    execution.send(Stopped())
    assert [frame.status for frame in execution.execution.frames.values()] == [CUT] * 3
    assert not play(machine(("A", PASS))).execution.frames


def test_the_history_is_full() -> None:
    again = {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}}
    execution = start({"StartAt": "A", "States": again}, budget=4000)
    assert execution.status == "FAILED"
    assert len(execution.events) == MAX_EVENTS
    assert story(execution.events)[-1] == "25000←24999 ExecutionFailed"
    assert one(execution.events, "ExecutionFailed") == {
        "error": "States.Runtime",
        "cause": "The execution reached the maximum number of history events (25000).",
    }


def test_the_history_is_full_with_work_still_open() -> None:
    loop = [("A", {"Type": "Pass", "Next": "B"}), ("B", {"Type": "Pass", "Next": "A"}), ("C", PASS)]
    definition = machine(("P", parallel([("T", task())], loop)))
    execution = start(definition, budget=4000)
    assert execution.status == "FAILED"
    assert len(execution.events) == MAX_EVENTS
    assert not execution.execution.by_ask
    assert [effect.reason for effect in execution.effects if isinstance(effect, Cancel)] == ["stopped"]


@pytest.mark.parametrize("state", [
    {"Type": "Pass", "Parameters": {"a.$": "$.a", "b.$": "$.a"}},
    {"Type": "Pass", "Parameters": {"a.$": "States.Array($.a, $.a)"}},
])  # fmt: skip
def test_an_output_that_is_too_large(state: dict[str, Any]) -> None:
    events = play(machine(("Big", state)), {"a": "あ" * 50_000}).events
    assert story(events)[2:] == ["3←2 ExecutionFailed"]
    assert one(events, "ExecutionFailed") == {
        "error": "States.DataLimitExceeded",
        "cause": "The state/task 'Big' returned a result with a size exceeding "
                 "the maximum number of bytes service limit.",
    }  # fmt: skip


def test_a_payload_that_is_too_large() -> None:
    state = task(Parameters={"a.$": "$.a", "b.$": "$.a"})
    events = play(machine(("Big", state)), {"a": "x" * 150_000}, echo).events
    assert story(events)[2:] == ["3←2 ExecutionFailed"]


def test_just_as_large_as_it_may_be() -> None:
    text = "x" * (262_144 - len('{"a":""}'))
    assert play(machine(("A", PASS)), {"a": text}).status == "SUCCEEDED"
    assert play(machine(("T", task(ResultPath="$.b"))), {"a": text}, lambda s: replies(s, 1)).status == "FAILED"


def test_states_all_does_not_take_a_data_limit_that_no_task_event_tells_of() -> None:
    big = {"Type": "Pass", "Parameters": {"a.$": "$.a", "b.$": "$.a"}}
    for name, status in (("States.ALL", "FAILED"), ("States.DataLimitExceeded", "SUCCEEDED")):
        around = parallel([("Big", big)], Catch=[catch(name, Next="End", ResultPath=None)])
        execution = play(machine(("P", around), ("End", PASS)), {"a": "x" * 150_000})
        assert execution.status == status


def test_a_joined_result_that_is_too_large() -> None:
    events = play(machine(("M", each(("A", PASS)))), ["x" * 90_000] * 2 + [1]).events
    assert events[-1]["type"] == "ExecutionSucceeded"
    around = each(("T", task()))
    events = play(machine(("M", around)), [1, 2, 3], lambda s: replies(s, "x" * 90_000)).events
    assert story(events)[-3].endswith("MapStateSucceeded")
    assert story(events)[-2].endswith("MapStateFailed")
    assert one(events, "ExecutionFailed")["error"] == "States.DataLimitExceeded"


def test_the_version_it_was_started_through_is_shown() -> None:
    from designer.asl.compiler import compile_definition
    from executions.engine.memory import new_run
    from tests.engine.proving import Proving

    run = new_run()
    run.version_arn, run.alias_arn = f"{run.machine_arn}:3", f"{run.machine_arn}:live"
    execution = Proving(compile_definition(machine(("A", PASS))), run)
    execution.run()
    execution.prove()
    started = one(execution.events, "ExecutionStarted")
    assert (started["stateMachineVersionArn"], started["stateMachineAliasArn"]) == (run.version_arn, run.alias_arn)
