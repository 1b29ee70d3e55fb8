"""Map, distributed, over data of the state: history-events.md §7."""

from __future__ import annotations

from typing import Any

import pytest

from designer.asl.compiler import compile_definition
from executions.engine.effects import StartTask
from executions.engine.memory import Memory, new_run, refuses
from executions.engine.run import ROOT
from executions.engine.signals import Refused
from tests.engine.machines import catch, echo, machine, parallel, task
from tests.engine.proving import begun, play
from tests.engine.stories import lines, one, output, story

PASS = {"Type": "Pass"}
END = ("End", PASS)
EXCEEDED = {
    "error": "States.ExceedToleratedFailureThreshold",
    "cause": "The specified tolerated failure threshold was exceeded",
}


def distributed(*states: tuple[str, dict[str, Any]], **fields: Any) -> dict[str, Any]:
    config = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}
    return {"Type": "Map", "ItemProcessor": machine(*states) | config} | fields


def test_a_map_run() -> None:
    events = play(machine(("M", distributed(("A", PASS), ("B", PASS), Label="Each")), END), ["a", "b"]).events
    assert story(events)[1:] == lines("""
        2←0 MapStateEntered M
        3←2 MapStateStarted 2
        4←3 MapRunStarted
        5←4 MapRunSucceeded
        6←5 MapStateSucceeded
        7←5 MapStateExited M
        8←7 PassStateEntered End
        9←8 PassStateExited End
        10←9 ExecutionSucceeded
    """)
    arn = one(events, "MapRunStarted")["mapRunArn"]
    assert arn.startswith("arn:aws:states:us-east-1:123456789012:mapRun:machine/Each:")
    assert output(events) == ["a", "b"]


def test_an_object_gives_its_members() -> None:
    selector = {"k.$": "$$.Map.Item.Key", "v.$": "$$.Map.Item.Value", "i.$": "$$.Map.Item.Index"}
    events = play(machine(("M", distributed(("A", PASS), ItemSelector=selector))), {"x": 1, "y": 2}).events
    assert output(events) == [{"k": "x", "v": 1, "i": 0}, {"k": "y", "v": 2, "i": 1}]
    events = play(machine(("M", distributed(("A", PASS)))), {"x": 1}).events
    assert output(events) == [{"Key": "x", "Value": 1}]


def test_the_first_failed_child_fails_the_run() -> None:
    caught = [catch("States.ExceedToleratedFailureThreshold", Next="End")]
    failing = distributed(("F", {"Type": "Fail", "Error": "E"}), Catch=caught)
    events = play(machine(("M", failing), END), [1, 2]).events
    assert story(events)[3:7] == lines("""
        4←3 MapRunStarted
        5←4 MapRunFailed
        6←5 MapStateFailed
        7←6 MapStateExited M
    """)
    assert one(events, "MapRunFailed") == EXCEEDED


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"ToleratedFailureCount": 1}, "FAILED"),
        ({"ToleratedFailureCount": 2}, "SUCCEEDED"),
        ({"ToleratedFailurePercentage": 49}, "FAILED"),
        ({"ToleratedFailurePercentage": 50}, "SUCCEEDED"),
        ({"ToleratedFailurePercentage": 100}, "SUCCEEDED"),
        ({"ToleratedFailurePercentage": 100, "ToleratedFailureCount": 1}, "FAILED"),
    ],
)
def test_tolerance(fields: dict[str, int], status: str) -> None:
    answer = lambda s: refuses(s, "E") if s.payload % 2 else echo(s)  # noqa: E731
    execution = play(machine(("M", distributed(("T", task()), MaxConcurrency=1, **fields))), [0, 1, 2, 3], answer)
    assert execution.status == status
    if status == "SUCCEEDED":
        assert output(execution.events) == [0, 2]
    assert "LambdaFunctionScheduled" not in [event["type"] for event in execution.events]


def test_a_runtime_error_ends_only_the_child() -> None:
    broken = distributed(("A", {"Type": "Pass", "InputPath": "$.x"}), ToleratedFailureCount=1)
    assert output(play(machine(("M", broken)), [{"x": 1}, {}, {"x": 3}]).events) == [1, 3]


def test_a_runtime_error_deep_in_a_child() -> None:
    inner = parallel([("W", {"Type": "Wait", "Seconds": 9})], [("A", {"Type": "Pass", "InputPath": "$.x"})])
    failed = play(machine(("M", distributed(("P", inner)))), [{}])
    assert one(failed.events, "ExecutionFailed") == EXCEEDED
    tolerated = play(machine(("M", distributed(("P", inner), ToleratedFailureCount=5))), [{}, {"x": 1}])
    assert output(tolerated.events) == [[{"x": 1}, 1]]


def test_a_child_that_dies_leaves_nothing_open() -> None:
    inner = parallel([("T", task())], [("A", {"Type": "Pass", "InputPath": "$.x"})])
    outer = parallel([("P", inner)], [("U", task())])
    around = distributed(("O", outer), ToleratedFailureCount=1)
    definition = machine(("M", around), ("W", {"Type": "Wait", "Seconds": 9}))
    execution = begun(definition, [{}])
    assert execution.execution.frames[1].state == "W"
    assert len(execution.execution.by_ask) == 1


def test_children_see_no_outer_variables() -> None:
    definition = machine(("S", {"Type": "Pass", "Assign": {"v": 1}}),
                         ("M", distributed(("A", {"Type": "Pass", "Parameters": {"v.$": "$v"}}))))  # fmt: skip
    assert play(definition, [1]).status == "FAILED"


def test_random_values_differ_at_every_visit_of_a_state() -> None:
    again = {"Variable": "$.n", "NumericLessThan": 2, "Next": "A"}
    body = distributed(
        ("A", {"Type": "Pass", "Parameters": {
            "n.$": "States.MathAdd($.n, 1)", "seen.$": "States.Array($.seen, States.UUID())",
        }}),
        ("Again?", {"Type": "Choice", "Choices": [again], "Default": "Z"}), ("Z", PASS),
    )  # fmt: skip
    (out,) = output(play(machine(("M", body)), [{"n": 0, "seen": None}]).events)
    (_, first), second = out["seen"]
    assert first != second


def test_no_items() -> None:
    events = play(machine(("M", distributed(("A", PASS)))), []).events
    assert story(events)[3:7] == lines("""
        4←3 MapRunStarted
        5←4 MapRunSucceeded
        6←5 MapStateSucceeded
        7←5 MapStateExited M
    """)


def test_an_item_reader_is_refused() -> None:
    reader = {"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket": "b"}}
    events = play(machine(("M", distributed(("A", PASS), ItemReader=reader)))).events
    assert "ItemReader" in one(events, "ExecutionFailed")["cause"]


def test_what_a_failed_child_costs_does_not_grow_with_the_items() -> None:
    """The frame with the items is written at the fork and at the join, however many children fail."""
    execution = begun(machine(("M", distributed(("T", task()), ToleratedFailurePercentage=100))), list(range(50)))
    root = 0
    for effect in [effect for effect in execution.effects if isinstance(effect, StartTask)]:
        step = execution.step([Refused(effect.ask, "E1")])
        root += ROOT in step.changes.frames
    assert execution.status == "SUCCEEDED"
    assert root <= 1


def test_a_child_that_never_ends_fails_when_its_history_is_full() -> None:
    loop: list[tuple[str, dict[str, Any]]] = [("A", PASS), ("B", {"Type": "Choice", "Default": "A", "Choices": [
        {"Variable": "$$.State.Name", "StringEquals": "C", "Next": "C"}]}), ("C", PASS)]
    state = distributed(*loop, ToleratedFailureCount=1)
    execution = Memory(compile_definition(machine(("M", state))), new_run("[1]"))
    execution.run()
    assert (execution.status, execution.output) == ("SUCCEEDED", "[]")
