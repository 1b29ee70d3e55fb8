"""Machines made to be dear: data that doubles, ways that multiply, more states than anybody looks at."""

from __future__ import annotations

from typing import Any

from designer.lens.flow import MAX_SIZE
from designer.lens.lens import look
from designer.lens.shapes import UNKNOWN, exactly

END: dict[str, Any] = {"Type": "Succeed"}


def chain(states: list[dict[str, Any]]) -> dict[str, Any]:
    body = {f"S{number}": {**state, "Next": f"S{number + 1}"} for number, state in enumerate(states)}
    return {"StartAt": "S0", "States": body | {f"S{len(states)}": END}}


def test_data_that_doubles_in_every_state() -> None:
    doubling = {"Type": "Pass", "Parameters": {"a.$": "$", "b.$": "$"}}
    over = {"Type": "Map", "ItemProcessor": {"StartAt": "I", "States": {"I": END}}}
    seen = look(chain([doubling] * 60 + [over]), exactly({"x": 1})).states
    assert seen["/States/S5"].before.size > seen["/States/S4"].before.size
    assert max(state.before.size for state in seen.values()) <= MAX_SIZE


def test_lists_of_states_in_one_another() -> None:
    block: dict[str, Any] = {"StartAt": "I", "States": {"I": END}}
    for number in range(40):
        block = {"StartAt": f"M{number}", "States": {
            f"M{number}": {"Type": "Map", "ItemProcessor": block, "End": True}}}
    assert len(look(block).states) == 41


def test_a_machine_that_is_too_large_is_left_alone() -> None:
    growing = [{"Type": "Pass", "Result": 1, "ResultPath": f"$.f{number}"} for number in range(6_000)]
    found = look(chain(growing))
    assert (found.states, found.problems, found.output) == ({}, [], UNKNOWN)
    assert len(look(chain(growing[:300])).states) == 301
