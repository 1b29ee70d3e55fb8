"""The JSONata data flow and EvaluationFailed, with evaluators made by hand (asl-language.md §4)."""

from __future__ import annotations

from typing import Any

import pytest

from designer.asl.errors import QUERY_EVALUATION, RUNTIME, StateError
from designer.asl.model import (
    JSONATA,
    Block,
    Catcher,
    Choice,
    Fail,
    Machine,
    Map,
    Parallel,
    Pass,
    Resource,
    Retrier,
    Rule,
    State,
    Succeed,
    Task,
    Wait,
)
from designer.asl.scope import Evaluator, Scope
from executions.engine import failing
from executions.engine.memory import refuses, replies
from tests.engine.machines import FUNCTION
from tests.engine.proving import Proving, play
from tests.engine.stories import lines, one, output, story

LAMBDA = Resource(FUNCTION, "lambda")


def made(*states: State, **inner: list[State]) -> Machine:
    """A machine of these states; `inner` gives the states of the blocks inside a state, by its name."""
    root = block((), states)
    blocks: dict[tuple[str | int, ...], Block] = {(): root}
    for name, body in inner.items():
        blocks[name, 0] = block((name, 0), body)
    return Machine(root, blocks, language=JSONATA)


def block(path: tuple[str | int, ...], states: Any) -> Block:
    return Block(path, states[0].name, {state.name: state for state in states})


def broken(location: str) -> Evaluator:
    def evaluate(scope: Scope) -> Any:
        raise StateError(QUERY_EVALUATION, "It returned nothing.", location=location)

    return evaluate


def a_map(name: str, body: list[State], **fields: Any) -> Map:
    return Map(name=name, type="Map", language=JSONATA, processor=block((name, 0), body), **fields)


def a_task(**fields: Any) -> Task:
    return Task(name="T", type="Task", language=JSONATA, resource=LAMBDA, **fields)


def a_pass(name: str = "A", **fields: Any) -> Pass:
    return Pass(name=name, type="Pass", language=JSONATA, **fields)


def test_output_and_assign_see_the_values_at_entry() -> None:
    first = a_pass("A", output=lambda scope: {"in": scope.data}, assign=lambda scope: {"v": 1}, next="B")
    second = a_pass(
        "B", output=lambda scope: scope.variables["v"], assign=lambda scope: {"v": scope.variables["v"] + 1}, next="C"
    )
    third = a_pass("C", output=lambda scope: [scope.data, scope.variables["v"]])
    events = play(made(first, second, third), {"x": 1}).events
    assert output(events) == [1, 2]
    assert one(events, "PassStateExited", 1)["assignedVariables"] == {"v": "2"}


def test_a_task_sees_its_result() -> None:
    state = a_task(
        arguments=lambda scope: {"sent": scope.data}, output=lambda scope: [scope.data, scope.result],
        assign=lambda scope: {"r": scope.result},
    )  # fmt: skip
    events = play(made(state), 5, lambda s: replies(s, {"got": s.payload})).events
    assert output(events) == [5, {"got": {"sent": 5}}]
    assert output(play(made(a_task()), 5, lambda s: replies(s, 6)).events) == 6


def test_choice_output_and_assign_of_the_rule_or_of_the_state() -> None:
    rule = Rule(lambda scope: scope.data > 3, "A", output=lambda scope: "rule", assign=lambda scope: {"v": "rule"})
    choice = Choice(name="C", type="Choice", language=JSONATA, rules=(rule,), default="A",
                    output=lambda scope: "state", assign=lambda scope: {"v": "state"})  # fmt: skip
    after = a_pass(output=lambda scope: [scope.data, scope.variables["v"]])
    assert output(play(made(choice, after), 9).events) == ["rule", "rule"]
    assert output(play(made(choice, after), 1).events) == ["state", "state"]


def test_wait_succeed_and_fail() -> None:
    wait = Wait(name="W", type="Wait", language=JSONATA, seconds=lambda scope: scope.data, next="S")
    succeed = Succeed(name="S", type="Succeed", language=JSONATA, output=lambda scope: {"was": scope.data})
    execution = play(made(wait, succeed), 7)
    assert output(execution.events) == {"was": 7}
    fail = Fail(name="F", type="Fail", language=JSONATA, error=lambda scope: scope.data["e"])
    assert one(play(made(fail), {"e": "Bad"}).events, "ExecutionFailed") == {"error": "Bad"}


def test_a_catcher_sees_the_error_output() -> None:
    catcher = Catcher(("E",), "A", output=lambda scope: [scope.data, scope.error_output],
                      assign=lambda scope: {"e": scope.error_output["Error"]})  # fmt: skip
    events = play(made(a_task(catch=(catcher,)), a_pass()), 1, lambda s: refuses(s, "E", "why")).events
    assert output(events) == [1, {"Error": "E", "Cause": "why"}]
    assert one(events, "TaskStateExited")["assignedVariables"] == {"e": '"E"'}
    plain = a_task(catch=(Catcher(("E",), "A"),))
    assert output(play(made(plain, a_pass()), 1, lambda s: refuses(s, "E")).events) == {"Error": "E", "Cause": None}


def test_an_evaluation_that_fails_in_a_pass() -> None:
    events = play(made(a_pass("A", next="B"), a_pass("B", output=broken("Output/x")))).events
    assert story(events)[3:] == lines("""
        4←3 PassStateEntered B
        5←3 EvaluationFailed
        6←5 ExecutionFailed
    """)
    cause = "An error occurred while executing the state 'B' (entered at the event id #4). It returned nothing."
    assert one(events, "EvaluationFailed") == {
        "error": "States.QueryEvaluationError", "cause": cause, "location": "Output/x", "state": "B",
    }  # fmt: skip
    assert one(events, "ExecutionFailed") == {"error": "States.QueryEvaluationError", "cause": cause}


def test_an_evaluation_that_fails_in_a_wait_follows_its_entry() -> None:
    wait = Wait(name="W", type="Wait", language=JSONATA, seconds=broken("Seconds"))
    assert story(play(made(wait)).events)[1:] == lines("""
        2←0 WaitStateEntered W
        3←2 EvaluationFailed
        4←3 ExecutionFailed
    """)


def test_the_form_of_2026_is_one_function_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failing, "evaluation_follows", lambda frame, state: frame.last)
    events = play(made(a_pass("A", next="B"), a_pass("B", output=broken("Output")))).events
    assert story(events)[4] == "5←4 EvaluationFailed"


def test_arguments_that_fail_are_retried_one_after_another() -> None:
    state = a_task(arguments=broken("Arguments/x"), retry=(Retrier((QUERY_EVALUATION,), attempts=2),))
    assert story(play(made(state)).events)[1:] == lines("""
        2←0 TaskStateEntered T
        3←0 EvaluationFailed
        4←3 EvaluationFailed
        5←4 EvaluationFailed
        6←5 ExecutionFailed
    """)


def test_an_output_that_fails_after_the_task_can_be_caught() -> None:
    state = a_task(output=broken("Output"), catch=(Catcher(("States.ALL",), "A"),))
    events = play(made(state, a_pass()), 1, lambda s: replies(s, 1)).events
    assert story(events)[4:7] == lines("""
        5←4 LambdaFunctionSucceeded
        6←5 EvaluationFailed
        7←6 TaskStateExited T
    """)


def test_a_catcher_whose_output_fails() -> None:
    catcher = Catcher(("E",), "A", output=broken("Catch[0]/Output"))
    fail = Fail(name="F", type="Fail", error=lambda scope: "E")
    branches = (block(("P", 0), [fail]),)
    around = Parallel(name="P", type="Parallel", language=JSONATA, branches=branches, catch=(catcher,))
    events = play(made(around, a_pass(), P=[fail])).events
    assert story(events)[3:] == lines("""
        4←3 FailStateEntered F
        5←4 ParallelStateFailed
        6←4 EvaluationFailed
        7←6 ParallelStateFailed
        8←7 ExecutionFailed
    """)


def test_items_that_fail() -> None:
    events = play(made(a_map("M", [a_pass()], items=broken("Items")), M=[a_pass()])).events
    assert story(events)[1:] == lines("""
        2←0 MapStateEntered M
        3←0 EvaluationFailed
        4←3 MapStateFailed
        5←4 ExecutionFailed
    """)


def test_an_evaluation_that_fails_in_an_iteration() -> None:
    body: list[State] = [a_pass(output=broken("Output"))]
    events = play(made(a_map("M", body), M=body), [1]).events
    assert story(events)[3:] == lines("""
        4←3 MapIterationStarted 0
        5←4 PassStateEntered A
        6←4 EvaluationFailed
        7←6 MapIterationFailed 0
        8←6 MapStateFailed
        9←8 ExecutionFailed
    """)


def test_items_and_item_selector() -> None:
    body: list[State] = [a_pass()]
    state = a_map("M", body, items=lambda scope: scope.data["list"], item_selector=lambda scope: {
        "value": scope.context()["Map"]["Item"]["Value"], "all": scope.data["list"],
    })  # fmt: skip
    assert output(play(made(state, M=body), {"list": [1, 2]}).events) == [
        {"value": 1, "all": [1, 2]}, {"value": 2, "all": [1, 2]},
    ]  # fmt: skip


def test_a_runtime_error_of_jsonata_writes_no_evaluation_event() -> None:
    def evaluate(scope: Scope) -> Any:
        raise StateError(RUNTIME, "no", location="Output")

    execution: Proving = play(made(a_pass(output=evaluate)))
    assert story(execution.events)[2:] == ["3←2 ExecutionFailed"]
