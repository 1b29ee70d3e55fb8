"""Runs as plain data: freezing, indexes, budgets, what is asked again after a restart."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from designer.asl.compiler import compile_definition
from designer.asl.jsontext import dumps, loads
from executions.engine.effects import SetTimer, StartTask
from executions.engine.memory import DEFAULT_START, Memory, Script, new_run
from executions.engine.resume import resume
from executions.engine.run import Ask, Frame, Header, Run
from executions.engine.signals import Began, Continue, Refused, Replied, Started, Stopped, dump_signal, load_signal
from executions.engine.step import advance
from executions.engine.tokens import make_token, read_token
from tests.engine.machines import ACTIVITY, each, machine, task
from tests.engine.proving import begun, play, start
from tests.engine.stories import output

PASS = {"Type": "Pass"}


@pytest.mark.parametrize("frame", [
    Frame(1, 0, 0, (), "A", {"x": 1}),
    Frame(1, 0, 0, (), "A", None, status="done", output=0),
    Frame(7, 1, 3, ("M", 0, "P", 2), "A", [1.5, 2**70, "あ"], "cut", 5, DEFAULT_START, 4, 9,
          Ask(8, "task", timeout=1, heartbeat=2, token="t", payload=[None], timeout_seconds=3, heartbeat_seconds=1,
              credentials={"RoleArn": "r"}, begun=True, submitted=True),
          {0: 1, 2: 3}, 4, {"v": None}, [1], 40, "out", True),
])  # fmt: skip
def test_frames_are_frozen_and_thawed(frame: Frame) -> None:
    assert Frame.load(loads(dumps(frame.dump()))) == frame
    copy = frame.copy()
    assert copy == frame
    assert copy is not frame
    assert copy.ask is None or copy.ask is not frame.ask


def test_a_frame_is_dumped_without_its_usual_values() -> None:
    assert set(Frame(1, 0, 0, (), "A", 1).dump()) == {
        "id", "parent", "slot", "state", "input", "entered", "entered_at", "before", "last",
    }  # fmt: skip


def test_headers_are_frozen_and_thawed() -> None:
    header = Header("RUNNING", 12, 5, (1, 4), 99, 2)
    assert Header.load(loads(dumps(header.dump()))) == header


def test_the_earliest_deadline() -> None:
    assert Ask(1, "task").due is None
    assert Ask(1, "task", timeout=9, heartbeat=4).due == 4


@pytest.mark.parametrize("signal", [
    Started(), Began(3, "w"), Replied(4, {"a": [1]}), Refused(5, None, "c", "start", True), Stopped("E"), Continue(),
])  # fmt: skip
def test_signals_are_frozen_and_thawed(signal: object) -> None:
    assert load_signal(loads(dumps(dump_signal(signal)))) == signal  # type: ignore[arg-type]


def test_a_commit_that_fails_changes_nothing() -> None:
    compiled = compile_definition(machine(("M", each(("T", task())))))
    run = new_run("[1,2,3]")
    lost = advance(compiled, run, [Started()], DEFAULT_START)
    assert run == new_run("[1,2,3]")
    again = advance(compiled, run, [Started()], DEFAULT_START)
    assert (again.events, again.effects) == (lost.events, lost.effects)
    run.apply(again.changes)
    before = asdict(run)
    advance(compiled, run, [Replied(max(run.by_ask), 1)], DEFAULT_START + 1)
    assert asdict(run) == before


def test_a_loop_is_left_when_the_budget_is_used_up() -> None:
    again = {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}}
    compiled, run = compile_definition({"StartAt": "A", "States": again}), new_run()
    step = advance(compiled, run, [Started()], DEFAULT_START, budget=10)
    assert step.more
    assert len(step.events) == 1 + 2 * 10
    run.apply(step.changes)
    assert run.header.ready == (1,)
    run = Run.load(loads(dumps(run.dump())))
    step = advance(compiled, run, [Continue()], DEFAULT_START, budget=10)
    assert step.more
    assert step.events[0]["id"] == 22
    run.apply(step.changes)
    stopped = advance(compiled, run, [Stopped()], DEFAULT_START)
    assert not stopped.more
    assert [event["type"] for event in stopped.events] == ["ExecutionAborted"]


@pytest.mark.parametrize("budget", [1, 2, 7, 1000])
def test_the_budget_changes_nothing_but_the_pace(budget: int) -> None:
    definition = machine(("M", each(("A", PASS), ("B", PASS), MaxConcurrency=3)), ("End", PASS))
    whole = play(definition, list(range(9)))
    parts = play(definition, list(range(9)), budget=budget)
    assert dumps(parts.events) == dumps(whole.events)


def test_a_reply_touches_its_own_frame_only() -> None:
    execution = begun(machine(("M", each(("T", task()), ("U", task())))), list(range(40)))
    assert len(execution.execution.frames) == 41
    step = execution.step([Replied(execution.effects[5].ask, 1)])  # type: ignore[union-attr]
    assert len(step.changes.frames) == 1


def test_what_is_asked_again_after_a_restart() -> None:
    execution = begun(machine(("T", task(ACTIVITY, TimeoutSeconds=60, HeartbeatSeconds=9)), TimeoutSeconds=99))
    first = next(effect for effect in execution.effects if isinstance(effect, StartTask))
    limit = SetTimer(0, "execution", DEFAULT_START + 99_000)
    assert resume(execution.machine, execution.execution) == [limit, first]
    execution.send(Began(first.ask, "w"))
    thawed = Run.load(loads(dumps(execution.execution.dump())))
    again = resume(execution.machine, thawed)
    assert again[1] == StartTask(
        first.ask, "T", first.resource, {}, first.token, 60, 9, None, begun=True, submitted=False
    )
    assert again[2:] == [
        SetTimer(first.ask, "timeout", DEFAULT_START + 60_000), SetTimer(first.ask, "heartbeat", DEFAULT_START + 9000),
    ]  # fmt: skip
    execution.send(Stopped())
    assert resume(execution.machine, execution.execution) == []


def test_a_pause_is_resumed() -> None:
    execution = begun(machine(("W", {"Type": "Wait", "Seconds": 9})))
    assert resume(execution.machine, execution.execution) == [SetTimer(2, "wake", DEFAULT_START + 9000)]


def test_a_crash_at_any_moment_loses_nothing() -> None:
    """Whenever the driver dies, a new one that only has the frozen run and `resume` comes to the same end."""
    definition = machine(
        ("M", each(("T", task()), ("W", {"Type": "Wait", "Seconds": 3}), ("B", PASS), MaxConcurrency=2)), ("End", PASS)
    )
    compiled = compile_definition(definition)
    expected = output(play(definition, [1, 2, 3], _tenfold).events)
    for crash in range(1, 30):
        execution = Memory(compiled, new_run("[1,2,3]"), _tenfold)
        for _ in range(crash):
            execution.run(until=execution.now + 500)
        heir = Memory(compiled, Run.load(loads(dumps(execution.execution.dump()))), _tenfold)
        heir.now, heir.events = execution.now, execution.events
        for effect in resume(compiled, heir.execution):
            heir._carry_out(effect)
        heir.run()
        assert output(heir.events) == expected
        assert [event["id"] for event in heir.events] == list(range(1, len(heir.events) + 1))


def _tenfold(started: StartTask) -> Script:
    return [(0, Began(started.ask)), (400, Replied(started.ask, started.payload * 10))]


def test_tokens() -> None:
    token = make_token(2**62, "secret", 17)
    assert read_token(token) == (2**62, 17)
    assert token != make_token(2**62, "other", 17)
    assert token.replace("-", "").replace("_", "").isalnum()
    for wrong in ("", "x", token[:-1], token + "A", "あ" * 48, token[:-1] + "!", "A" * 44):
        assert read_token(wrong) is None


def test_started_twice_starts_once() -> None:
    execution = start(machine(("T", task())))
    execution.send(Started())
    assert [event["type"] for event in execution.events].count("ExecutionStarted") == 1
