"""Redrive: what was entered and not left runs again (api.md §11)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from designer.asl.compiler import compile_definition
from designer.asl.jsontext import dumps
from executions.engine.effects import NoteMapRun, SetTimer, StartTask
from executions.engine.memory import new_run, refuses, replies
from executions.engine.signals import MapRunUpdated, Redriven, Stopped
from tests.engine.machines import each, machine, parallel, retry, task
from tests.engine.proving import Proving
from tests.engine.stories import lines, one, output, story

PASS = {"Type": "Pass"}
RESULT = {"Parameters": {"n.$": "$"}}


class Tasks:
    """Tasks that fail as long as `broken` says so of their payload; `asked` are the payloads in order."""

    def __init__(self, broken: Callable[[Any], bool] = lambda payload: True) -> None:
        self.broken, self.asked = broken, []

    def __call__(self, started: StartTask) -> Any:
        self.asked.append(started.payload)
        return refuses(started, "Boom", "as told") if self.broken(started.payload) else replies(started, "done")

    def mend(self) -> None:
        self.asked, self.broken = [], lambda payload: False


def failed(definition: dict[str, Any], value: Any = 0, tasks: Tasks | None = None, **run: Any) -> Proving:
    proving = Proving(compile_definition(definition), new_run(dumps(value), **run), tasks or Tasks())
    proving.run()
    assert proving.status in ("FAILED", "TIMED_OUT")
    return proving


def redriven(proving: Proving, count: int = 1) -> list[dict[str, Any]]:
    """Redrive; the events since then, ids and all."""
    before = len(proving.events)
    proving.finish = None
    proving.now += 1000
    proving.send(Redriven(count))
    proving.run()
    return proving.events[before:]


def test_a_task_runs_again_where_it_failed_and_its_retries_begin_anew() -> None:
    tasks = Tasks()
    proving = failed(machine(("First", PASS), ("T", task(Retry=[retry("Boom", MaxAttempts=1)]))), tasks=tasks)
    assert len(tasks.asked) == 2
    assert story(proving.events)[3:] == lines("""
        4←3 TaskStateEntered T
        5←4 LambdaFunctionScheduled
        6←5 LambdaFunctionStarted
        7←6 LambdaFunctionFailed
        8←7 LambdaFunctionScheduled
        9←8 LambdaFunctionStarted
        10←9 LambdaFunctionFailed
        11←10 ExecutionFailed
    """)
    assert story(redriven(proving)) == lines("""
        12←0 ExecutionRedriven
        13←12 LambdaFunctionScheduled
        14←13 LambdaFunctionStarted
        15←14 LambdaFunctionFailed
        16←15 LambdaFunctionScheduled
        17←16 LambdaFunctionStarted
        18←17 LambdaFunctionFailed
        19←18 ExecutionFailed
    """)
    tasks.mend()
    assert story(redriven(proving, 2)) == lines("""
        20←0 ExecutionRedriven
        21←20 LambdaFunctionScheduled
        22←21 LambdaFunctionStarted
        23←22 LambdaFunctionSucceeded
        24←23 TaskStateExited T
        25←24 ExecutionSucceeded
    """)
    assert one(proving.events, "ExecutionRedriven", 1) == {"redriveCount": 2}
    assert proving.execution.header.redrive_count == 2
    assert not proving.execution.frames
    proving.prove()


def test_a_redrive_told_twice_or_out_of_turn_is_none() -> None:
    proving = failed(machine(("T", task())))
    assert redriven(proving, 2) == []
    redriven(proving, 1)
    assert redriven(proving, 1) == []
    assert proving.execution.header.redrive_count == 1
    tasks = Tasks(lambda payload: False)
    done = Proving(compile_definition(machine(("T", task()))), new_run(), tasks).run()
    assert redriven(done) == []
    assert redriven(failed(machine(("T", task())), kind="EXPRESS")) == []


def test_only_branches_that_failed_or_were_cut_run_again() -> None:
    def broken(payload: Any) -> bool:
        return payload == "bad"

    tasks = Tasks(broken)
    proving = failed(machine(("P", parallel(
        [("Good", task(Parameters="good"))], [("Slow", {"Type": "Wait", "Seconds": 9}), ("End", PASS)],
        [("A", PASS), ("Bad", task(Parameters="bad"))])), ("Z", PASS)), tasks=tasks)
    tasks.mend()
    again = redriven(proving)
    assert tasks.asked == ["bad"]
    kinds = [line.split(" ", 1)[1] for line in story(again)]
    assert "WaitStateEntered Slow" not in kinds
    assert "WaitStateExited Slow" in kinds
    assert kinds.count("TaskStateExited Bad") == 1
    assert kinds[-1] == "ExecutionSucceeded"
    assert output(again) == ["done", 0, "done"]
    waited = next(effect.due for effect in reversed(proving.effects) if isinstance(effect, SetTimer))
    assert waited - proving.execution.started_at > 9000, "the Wait waits anew"
    proving.prove()


def test_only_iterations_that_failed_or_were_cut_run_again_and_those_that_never_began_follow() -> None:
    tasks = Tasks(lambda payload: payload == 2)
    proving = failed(machine(("M", each(("T", task()), MaxConcurrency=1))), [1, 2, 3, 4], tasks)
    assert tasks.asked == [1, 2]
    tasks.mend()
    again = redriven(proving)
    assert tasks.asked == [2, 3, 4]
    assert [line.split(" ", 1)[1] for line in story(again) if "Iteration" in line] == [
        "MapIterationSucceeded 1", "MapIterationStarted 2", "MapIterationSucceeded 2", "MapIterationStarted 3",
        "MapIterationSucceeded 3"]
    assert output(again) == ["done"] * 4
    proving.prove()


def test_the_depths_of_a_map_in_a_parallel_in_a_map() -> None:
    tasks = Tasks(lambda payload: payload == 3)
    inner = each(("T", task()), ItemsPath="$.v")
    proving = failed(machine(("M", each(("P", parallel([("N", inner)], [("Q", PASS)])), MaxConcurrency=2))),
                     [{"v": [1, 2]}, {"v": [3, 4]}, {"v": [5]}], tasks)
    tasks.mend()
    again = redriven(proving)
    assert output(again) == [
        [["done", "done"], {"v": [1, 2]}], [["done", "done"], {"v": [3, 4]}], [["done"], {"v": [5]}]]
    assert 3 in tasks.asked
    proving.prove()


def test_what_has_succeeded_is_not_repeated_for_a_join_that_failed() -> None:
    tasks = Tasks(lambda payload: False)
    proving = failed(machine(("P", parallel([("A", task())], [("B", task())], ResultPath="$.a.b[0]"))), 5, tasks)
    tasks.asked = []
    again = redriven(proving)
    assert tasks.asked == []
    assert [line.split(" ", 1)[1] for line in story(again)] == [
        "ExecutionRedriven", "ParallelStateSucceeded", "ParallelStateFailed", "ExecutionFailed"]
    proving.prove()


@pytest.mark.parametrize(("state", "expected"), [
    ({"Type": "Fail", "Error": "E"}, ["FailStateEntered S", "ExecutionFailed"]),
    ({"Type": "Pass", "Parameters": {"a.$": "$.missing"}}, ["ExecutionFailed"]),
    ({"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 1, "Next": "S"}]}, ["ExecutionFailed"]),
])
def test_other_states(state: dict[str, Any], expected: list[str]) -> None:
    proving = failed(machine(("S", state)))
    again = [line.split(" ", 1)[1] for line in story(redriven(proving))]
    assert again == ["ExecutionRedriven", *expected]
    proving.prove()


def test_a_stopped_execution_goes_on_and_one_that_ran_out_of_time_has_it_anew() -> None:
    proving = Proving(compile_definition(machine(("W", {"Type": "Wait", "Seconds": 5}))), new_run())
    proving.run(until=proving.now + 1000)
    proving.send(Stopped(None, None))
    assert proving.status == "ABORTED"
    assert [line.split(" ", 1)[1] for line in story(redriven(proving))] == [
        "ExecutionRedriven", "WaitStateExited W", "ExecutionSucceeded"]
    timed = failed(machine(("W", {"Type": "Wait", "SecondsPath": "$"}), TimeoutSeconds=3), 9)
    assert timed.status == "TIMED_OUT"
    began = timed.now
    assert [line.split(" ", 1)[1] for line in story(redriven(timed))] == ["ExecutionRedriven", "ExecutionTimedOut"]
    assert timed.now - began >= 3000
    timed.prove()


def test_a_timestamp_that_has_passed_is_not_waited_for() -> None:
    wait = {"Type": "Wait", "Timestamp": "2023-11-14T22:14:20Z"}  # a minute after the start
    proving = Proving(compile_definition(machine(("W", wait))), new_run())
    proving.run(until=proving.now + 1000)
    proving.send(Stopped(None, None))
    proving.now += 120_000
    began = proving.now
    redriven(proving)
    assert (proving.status, proving.now - began) == ("SUCCEEDED", 1000)


def test_the_context_object_tells_of_the_redrive() -> None:
    tasks = Tasks()
    proving = failed(machine(("T", task()), ("C", {"Type": "Pass", "Parameters": {
        "n.$": "$$.Execution.RedriveCount", "at.$": "$$.Execution.RedriveTime"}})), tasks=tasks)
    tasks.mend()
    assert output(redriven(proving)) == {"n": 1, "at": "2023-11-14T22:13:21.000Z"}


# -- Map Runs


def distributed(**fields: Any) -> dict[str, Any]:
    config = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}
    return {"Type": "Map", "ItemProcessor": machine(("T", task())) | config} | fields


def notes(proving: Proving) -> list[tuple[Any, ...]]:
    return [(note.status, note.total, note.succeeded, note.failed, note.aborted, note.redrives)
            for note in proving.effects if isinstance(note, NoteMapRun)]


def test_a_map_run_is_redriven_with_what_did_not_succeed() -> None:
    tasks = Tasks(lambda payload: payload > 2)
    proving = failed(machine(("M", distributed(MaxConcurrency=2, ToleratedFailureCount=1))), [1, 3, 2, 4, 5], tasks)
    assert notes(proving) == [("RUNNING", 5, 0, 0, 0, 0), ("FAILED", 5, 2, 2, 1, 0)]
    arn = one(proving.events, "MapRunStarted")["mapRunArn"]
    tasks.mend()
    again = redriven(proving)
    assert [line.split(" ", 1)[1] for line in story(again)] == [
        "ExecutionRedriven", "MapRunRedriven", "MapRunSucceeded", "MapStateSucceeded", "MapStateExited M",
        "ExecutionSucceeded"]
    assert one(again, "MapRunRedriven") == {"mapRunArn": arn, "redriveCount": 1}
    assert sorted(tasks.asked) == [3, 4, 5]
    assert output(again) == ["done"] * 5
    assert notes(proving)[2:] == [("RUNNING", 5, 0, 0, 0, 1), ("SUCCEEDED", 5, 5, 0, 0, 1)]
    proving.prove()


def test_no_more_children_run_again_at_once_than_may() -> None:
    tasks = Tasks(lambda payload: payload > 1)
    proving = failed(machine(("M", distributed(MaxConcurrency=1, ToleratedFailureCount=2))), [1, 2, 3, 4, 5, 6], tasks)
    assert tasks.asked == [1, 2, 3, 4]
    tasks.mend()
    assert output(redriven(proving)) == ["done"] * 6
    assert tasks.asked == [2, 3, 4, 5, 6]
    proving.prove()


def test_a_map_run_that_was_stopped_is_aborted() -> None:
    proving = Proving(compile_definition(machine(("M", distributed(MaxConcurrency=2)))), new_run("[1,2,3]"))
    proving.run()
    proving.send(Stopped(None, None))
    assert notes(proving) == [("RUNNING", 3, 0, 0, 0, 0), ("ABORTED", 3, 0, 0, 2, 0)]


def test_an_expression_that_broke_a_map_run_begins_a_new_one() -> None:
    body = distributed(ItemSelector={"a.$": "$$.Map.Item.Value.a"}, MaxConcurrency=1)
    body["ItemProcessor"]["States"]["T"] = {"Type": "Pass", "End": True}
    proving = failed(machine(("M", body)), [{"a": 1}, {}])
    again = redriven(proving)
    assert [line.split(" ", 1)[1] for line in story(again)] == [
        "ExecutionRedriven", "MapStateStarted 2", "MapRunStarted", "ExecutionFailed"]
    assert one(again, "MapRunStarted") != one(proving.events, "MapRunStarted")
    proving.prove()


def test_limits_of_a_map_run_change_while_it_runs() -> None:
    waiting: list[StartTask] = []

    def answer(started: StartTask) -> Any:
        waiting.append(started)
        return ()

    proving = Proving(compile_definition(machine(("M", distributed(MaxConcurrency=1)))), new_run("[1,2,3,4]"), answer)
    proving.run()
    arn = one(proving.events, "MapRunStarted")["mapRunArn"]
    assert len(waiting) == 1
    proving.send(MapRunUpdated(1, "another", 3))
    assert len(waiting) == 1
    proving.send(MapRunUpdated(1, arn, 3, 1))
    assert len({task.ask for task in waiting}) == 3
    last = [effect for effect in proving.effects if isinstance(effect, NoteMapRun)][-1]
    assert (last.max_concurrency, last.tolerated_count) == (3, 1)
    for _, signal in refuses(waiting[0], "Boom"):
        proving.send(signal)
    assert proving.status == "RUNNING"
    proving.send(MapRunUpdated(1, arn, tolerated_count=0))
    assert proving.status == "FAILED"
    assert notes(proving)[-1] == ("FAILED", 4, 0, 1, 3, 0)
    proving.prove()
