"""Going on under another definition: which states differ, where the run goes on, and what is in the way."""

from __future__ import annotations

from typing import Any

import pytest

from designer.asl.compiler import compile_definition
from designer.asl.jsontext import dumps
from executions.engine.compatibility import Difference, Obstacle, Place, differences, outlook
from executions.engine.memory import new_run, refuses, replies
from executions.engine.signals import Redriven
from tests.engine.machines import each, machine, parallel, task
from tests.engine.proving import Proving

PASS = {"Type": "Pass"}


def failed(definition: dict[str, Any], value: Any = 0, bad: tuple[Any, ...] = (0,)) -> Proving:
    """A run whose tasks fail for the payloads in `bad`."""
    def work(started: Any) -> Any:
        return refuses(started, "Boom", "") if started.payload in bad else replies(started, started.payload)
    proving = Proving(compile_definition(definition), new_run(dumps(value)), work)
    proving.run()
    assert proving.status == "FAILED"
    return proving


def seen(proving: Proving, new: dict[str, Any]) -> tuple[list[Place], list[Obstacle]]:
    found = outlook(proving.execution, proving.machine, compile_definition(new))
    return list(found.places), list(found.obstacles)


def test_states_that_differ_are_named_with_their_fields() -> None:
    old = machine(("A", PASS), ("T", task()), ("P", parallel([("B", PASS)])))
    new = machine(("A", PASS), ("T", task(Retry=[{"ErrorEquals": ["X"]}], TimeoutSeconds=5)),
                  ("P", parallel([("C", PASS)], [("D", PASS)])))
    assert set(differences(old, new)) == {
        Difference("B", "removed"), Difference("C", "added"), Difference("D", "added"),
        Difference("T", "changed", ("Retry", "TimeoutSeconds")), Difference("P", "changed", ("Branches",))}
    assert differences(old, old) == []


def test_a_change_inside_a_map_is_not_one_of_the_map() -> None:
    old = machine(("M", each(("T", task()))))
    new = machine(("M", each(("T", task(TimeoutSeconds=5)))))
    assert differences(old, new) == [Difference("T", "changed", ("TimeoutSeconds",))]


def test_the_definition_as_a_whole_has_no_name() -> None:
    old = machine(("A", PASS))
    assert differences(old, {**old, "TimeoutSeconds": 7}) == [Difference("", "changed", ("TimeoutSeconds",))]


def test_it_goes_on_at_the_state_that_failed() -> None:
    old = machine(("A", PASS), ("T", task()))
    new = machine(("T", task(Parameters={"mended": True})), ("Z", PASS))
    assert seen(failed(old), new) == ([Place("T", ())], [])


def test_what_is_done_need_not_be_there_any_more() -> None:
    old = machine(("M", each(("T", task()))))
    proving = failed(old, [1, 0, 2])
    places, obstacles = seen(proving, old)
    assert obstacles == []
    assert all(place.path[0] == "M" and place.state == "T" for place in places)
    assert ("M", 1) in [place.path for place in places]


@pytest.mark.parametrize(("new", "obstacle"), [
    (machine(("Other", task())), Obstacle("T", "The state is not in the new definition, or in another place.")),
    (machine(("T", PASS)), Obstacle("T", "The state was a Task and is a Pass.")),
    (machine(("P", parallel([("T", task())]))),
     Obstacle("T", "The state is not in the new definition, or in another place.")),
])
def test_what_is_in_the_way(new: dict[str, Any], obstacle: Obstacle) -> None:
    assert seen(failed(machine(("T", task()))), new)[1] == [obstacle]


def test_branches_that_have_begun_must_stay_as_many() -> None:
    branch = [("T", task())]
    new = machine(("P", parallel(branch, [("X", PASS)])))
    assert seen(failed(machine(("P", parallel(branch)))), new)[1] == [
        Obstacle("P", "It has 2 branches; 1 have begun.")]


def test_a_run_that_fits_is_redriven_under_the_new_definition() -> None:
    """The states that run again are not entered anew, and what follows them is new."""
    proving = failed(machine(("T", task())), 0)
    new = machine(("T", task(Parameters={"mended": True})), ("Added", PASS))
    assert seen(proving, new) == ([Place("T", ())], [])
    proving.machine, proving.finish = compile_definition(new), None
    before = len(proving.events)
    proving.send(Redriven(1))
    proving.run()
    assert proving.status == "SUCCEEDED"
    types = [event["type"] for event in proving.events[before:]]
    assert types == [
        "ExecutionRedriven", "LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionSucceeded",
        "TaskStateExited", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]
