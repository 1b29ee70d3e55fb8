"""Laws over small random machines: whatever the machine, its tasks and its moment of stopping.

`play` proves freezing, doubling and replaying for each of them and checks the history (gapless ids, one
end, no live frames after it).
"""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designer.asl.compiler import compile_definition
from executions.engine.effects import StartTask
from executions.engine.memory import Script, new_run, refuses, replies
from executions.engine.signals import Began, Started, Stopped
from tests.engine.machines import ACTIVITY, CALLBACK, FUNCTION, INVOKE, machine
from tests.engine.proving import Proving

ERRORS = ("E1", "E2", "States.Timeout")
NAMES = st.sampled_from([*ERRORS, "States.ALL", "States.TaskFailed", "States.HeartbeatTimeout"])
MOST = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])

clauses = st.fixed_dictionaries({"ErrorEquals": st.lists(NAMES, min_size=1, max_size=2)})
pauses = st.fixed_dictionaries(
    {"MaxAttempts": st.integers(0, 2), "IntervalSeconds": st.integers(1, 5)},
    optional={"JitterStrategy": st.just("FULL")},
)
retriers = st.builds(lambda clause, pause: clause | pause, clauses, pauses)


def single() -> st.SearchStrategy[dict[str, Any]]:
    task = st.fixed_dictionaries(
        {"Type": st.just("Task"), "Resource": st.sampled_from([FUNCTION, ACTIVITY, CALLBACK, INVOKE])},
        optional={"TimeoutSeconds": st.integers(5, 20), "HeartbeatSeconds": st.integers(1, 4)},
    )
    return st.one_of(
        st.just({"Type": "Pass"}),
        st.just({"Type": "Pass", "Result": {"r": [1]}, "ResultPath": "$.r"}),
        st.integers(0, 9).map(lambda seconds: {"Type": "Wait", "Seconds": seconds}),
        st.just({"Type": "Fail", "Error": "E1"}),
        st.just({"Type": "Pass", "InputPath": "$.missing"}),
        *(task.flatmap(worked) for _ in range(4)),
    )


def worked(state: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A Task, Parallel or Map with some Retry and Catch."""
    return st.fixed_dictionaries(
        {}, optional={"Retry": st.lists(retriers, max_size=2), "Catch": st.lists(clauses, max_size=2)}
    ).map(lambda fields: state | fields)


def nested(inner: st.SearchStrategy[list[dict[str, Any]]]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """A list of states in which some hold lists of states."""
    parallel = st.lists(inner, min_size=1, max_size=3).map(lambda branches: {"Type": "Parallel", "Branches": branches})
    a_map = st.builds(
        lambda body, most, many: {"Type": "Map", "ItemProcessor": body, "MaxConcurrency": most, "Items": many},
        inner, st.integers(0, 3), st.integers(0, 4),
    )  # fmt: skip
    return st.lists(st.one_of(single(), parallel.flatmap(worked), a_map.flatmap(worked)), min_size=1, max_size=3)


lists = st.recursive(st.lists(single(), min_size=1, max_size=3), nested, max_leaves=8)


def definition(states: list[dict[str, Any]], count: itertools.count[int]) -> dict[str, Any]:
    """Names and transitions for a list of states; catchers go to the state after."""
    named = [(f"S{next(count)}", dict(state)) for state in states]
    named.append((f"S{next(count)}", {"Type": "Pass"}))
    for (_, state), (after, _) in itertools.pairwise(named):
        if state.get("Catch"):
            state["Catch"] = [clause | {"Next": after} for clause in state["Catch"]]
        if state["Type"] == "Parallel":
            state["Branches"] = [definition(branch, count) for branch in state["Branches"]]
        if state["Type"] == "Map":
            items = list(range(state.pop("Items")))
            state |= {"ItemSelector": {"r": 0, "items": items}, "ItemsPath": "$.items"}
            state["ItemProcessor"] = definition(state["ItemProcessor"], count)
    return machine(*_with_items(named))


def _with_items(named: list[tuple[str, dict[str, Any]]]) -> list[tuple[str, dict[str, Any]]]:
    """Each Map finds its items in its input: a Pass before it puts them there."""
    states = []
    for name, state in named:
        if state["Type"] == "Map":
            items = state["ItemSelector"]["items"]
            states.append((f"{name}Items", {"Type": "Pass", "Result": {"items": items}}))
        states.append((name, state))
    return states


def answers(choices: list[int]) -> Any:
    """Tasks that answer, fail, run out of time or never begin, by a list of choices."""
    turn = itertools.cycle(choices or [0])

    def answer(task: StartTask) -> Script:
        choice = next(turn)
        if choice < 3:
            return replies(task, {"n": choice}, after=choice * 700, submitted=1 if choice else None)
        if choice < 6:
            return refuses(task, ERRORS[choice - 3], "why", after=(choice - 3) * 900)
        return [(0, Began(task.ask))] if choice == 6 and (task.timeout or task.heartbeat) else replies(task, None)

    return answer


@MOST
@given(lists, st.lists(st.integers(0, 7), max_size=12), st.sampled_from([1, 3, 1000]))
def test_any_machine_keeps_the_laws(states: list[dict[str, Any]], choices: list[int], budget: int) -> None:
    compiled = compile_definition(definition(states, itertools.count()))
    execution = Proving(compiled, new_run('{"r":0}'), answers(choices), budget=budget)
    execution.run()
    execution.prove()
    assert execution.execution.ended
    iterations_are_told_of_once(execution.events)
    entered_states_are_left_or_cut(execution)


@MOST
@given(lists, st.lists(st.integers(0, 7), max_size=12), st.integers(0, 8000))
def test_any_machine_can_be_stopped_at_any_moment(states: list[dict[str, Any]], choices: list[int], after: int) -> None:
    compiled = compile_definition(definition(states, itertools.count()))
    execution = Proving(compiled, new_run('{"r":0}'), answers(choices))
    execution.send(Started())
    execution.run(until=execution.now + after)
    execution.send(Stopped())
    execution.prove()
    assert execution.execution.ended


@MOST
@given(st.integers(0, 30), st.integers(0, 5), st.lists(st.integers(0, 7), max_size=9))
def test_concurrency_is_never_passed(count: int, most: int, choices: list[int]) -> None:
    body = machine(("T", {"Type": "Task", "Resource": FUNCTION, "TimeoutSeconds": 9}), ("A", {"Type": "Pass"}))
    state = {"Type": "Map", "ItemProcessor": body, "MaxConcurrency": most, "Retry": [
        {"ErrorEquals": ["States.ALL"], "MaxAttempts": 2},
    ]}  # fmt: skip
    compiled = compile_definition(machine(("M", state)))
    execution = Proving(compiled, new_run(str(list(range(count)))), answers(choices))
    execution.run()
    execution.prove()
    running = 0
    for event in execution.events:
        if event["type"] == "MapStateStarted":
            running = 0
        running += event["type"] == "MapIterationStarted"
        running -= event["type"] in ("MapIterationSucceeded", "MapIterationFailed", "MapIterationAborted")
        assert 0 <= running <= (most or 40)


def iterations_are_told_of_once(events: list[dict[str, Any]]) -> None:
    """Every iteration that begins ends at most once, and only one fails for each failure of its Map."""
    counts = Counter(event["type"] for event in events)
    ended = ("MapIterationSucceeded", "MapIterationFailed", "MapIterationAborted")
    assert sum(counts[kind] for kind in ended) <= counts["MapIterationStarted"]
    assert counts["MapStateSucceeded"] <= counts["MapStateStarted"]
    assert counts["MapStateFailed"] <= counts["MapStateEntered"]


def entered_states_are_left_or_cut(execution: Proving) -> None:
    """An execution that succeeds leaves no state behind."""
    if execution.status != "SUCCEEDED":
        return
    counts = Counter(event["type"] for event in execution.events)
    for kind in ("Task", "Wait", "Pass", "Parallel", "Map"):
        left = counts[f"{kind}StateExited"]
        assert left <= counts[f"{kind}StateEntered"]
    assert not execution.execution.frames
