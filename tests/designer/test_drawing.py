"""Drawings of real and generated definitions: nothing overlaps, nothing is lost."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from designer.diagrams.drawing import draw
from designer.diagrams.graph import END, START
from tests.designer.drawings import ARTICLE, WORKFLOWS, faults, pills, read


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_of_the_corpus(path: Path) -> None:
    definition = read(path)
    drawing = draw(definition)
    assert faults(drawing) == []
    assert len([node for node in drawing["nodes"] if node["pointer"]]) == _count(definition)


def _count(block: dict[str, Any]) -> int:
    total = 0
    for state in block["States"].values():
        if not isinstance(state, dict):  # one file has a Comment among its states
            total += 1
            continue
        inner = [*state.get("Branches", []), state.get("ItemProcessor"), state.get("Iterator")]
        total += 1 + sum(_count(part) for part in inner if part)
    return total


@pytest.mark.parametrize("path", ARTICLE, ids=lambda path: path.name)
def test_definitions_of_the_article(path: Path) -> None:
    definition = read(path)
    machine = definition if "States" in definition else {"StartAt": "S", "States": {"S": definition}}
    assert faults(draw(machine)) == []


NAMES = [
    "A", "在庫を確認して引き当てる処理", "Check the stock of every item in the order", "支払い", "E5", "F", "G",
    "送料例外の承認",
]
name = st.sampled_from(NAMES)


def fields(required: dict[str, Any], **optional: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(required, optional=optional)


def states(depth: int) -> st.SearchStrategy[dict[str, Any]]:
    """States whose transitions lead anywhere among NAMES, whether there or not."""
    rule = fields({"Variable": st.just("$.total"), "NumericGreaterThan": st.integers(0, 10**6), "Next": name})
    catcher = fields({"ErrorEquals": st.just(["States.ALL"]), "Next": name})
    task = fields({"Type": st.just("Task"), "Next": name}, Catch=st.lists(catcher, max_size=2))
    choice = fields({"Type": st.just("Choice"), "Choices": st.lists(rule, max_size=4)}, Default=name)
    endings: list[dict[str, Any]] = [
        {"Type": "Succeed"}, {"Type": "Fail"}, {"Type": "Pass", "End": True}, {"Type": "Pas"}]
    flat = st.one_of(task, choice, st.sampled_from(endings), fields({"Next": name}))
    if not depth:
        return flat
    branches = st.lists(machines(depth - 1), max_size=3)
    parallel = fields({"Type": st.just("Parallel"), "Branches": branches, "Next": name})
    mapping = fields({"Type": st.just("Map"), "ItemProcessor": machines(depth - 1), "End": st.just(True)})
    return st.one_of(flat, flat, parallel, mapping)


def machines(depth: int) -> st.SearchStrategy[dict[str, Any]]:
    return fields({"StartAt": name, "States": st.dictionaries(name, states(depth), max_size=8)})


@settings(max_examples=150, deadline=None)
@given(machines(2))
def test_generated_definitions(definition: dict[str, Any]) -> None:
    assert faults(draw(definition)) == []


MEMBERS = ["StartAt", "States", "Type", "Next", "Choices", "Branches", "Catch", "Iterator", "x"]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=5),
    max_leaves=20)


@settings(max_examples=200, deadline=None)
@given(json_values)
def test_any_json_value_is_drawn_somehow(value: Any) -> None:
    assert draw(value)["nodes"][0]["id"] == START


def test_a_dangling_next_leads_to_a_missing_state() -> None:
    drawing = draw({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Gone"}}})
    missing = [node for node in drawing["nodes"] if node["kind"] == "missing"]
    assert [node["name"] for node in missing] == ["Gone"]
    assert [edge["to"] for edge in drawing["edges"] if edge["from"] == "A"] == [missing[0]["id"]]


def test_without_start_at_the_start_leads_nowhere() -> None:
    drawing = draw({"States": {"A": {"Type": "Pass", "End": True}}})
    assert [(edge["from"], edge["to"]) for edge in drawing["edges"]] == [("A", END)]


def test_a_name_that_comes_twice_is_drawn_twice() -> None:
    branch = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
    drawing = draw({"StartAt": "P", "States": {"P": {"Type": "Parallel", "Branches": [branch, branch], "End": True}}})
    twins = [node for node in drawing["nodes"] if node["name"] == "A"]
    assert len(twins) == 2
    assert len({node["id"] for node in twins}) == 2
    assert [node["pointer"] for node in twins] == [f"/States/P/Branches/{n}/States/A" for n in (0, 1)]


def test_rules_that_lead_to_the_same_state_are_one_edge() -> None:
    rules = [{"Variable": "$.a", "StringEquals": word, "Next": "B"} for word in ("x", "y")]
    drawing = draw({"StartAt": "C", "States": {"C": {"Type": "Choice", "Choices": rules, "Default": "B"},
                                               "B": {"Type": "Succeed"}}})
    edges = [edge for edge in drawing["edges"] if edge["from"] == "C"]
    assert [(edge["kind"], edge["label"]) for edge in edges] == [("choice", "a = x +1"), ("default", "Default")]
    assert edges[0]["pointers"] == ["/States/C/Choices/0/Next", "/States/C/Choices/1/Next"]


def test_a_back_edge_runs_outside_and_enters_from_the_side() -> None:
    drawing = draw({"StartAt": "A", "States": {
        "A": {"Type": "Wait", "Seconds": 5, "Next": "B"},
        "B": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsPresent": True, "Next": "A"}], "Default": "C"},
        "C": {"Type": "Succeed"}}})
    back = next(edge for edge in drawing["edges"] if edge["back"])
    node = next(node for node in drawing["nodes"] if node["id"] == "A")
    right = max(box["x"] + box["w"] for box in drawing["nodes"])
    lane = max(x for x, _y in back["points"])
    assert lane >= right + 34
    assert back["points"][-1] == [node["x"] + node["w"], node["y"] + node["h"] / 2]


def test_folding_hides_what_is_inside() -> None:
    definition = {"StartAt": "M", "States": {"M": {"Type": "Map", "End": True, "ItemProcessor": {
        "StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}}}}
    folded = draw(definition, ["M"])
    assert "A" in [node["id"] for node in draw(definition)["nodes"]]
    assert "A" not in [node["id"] for node in folded["nodes"]]
    assert {"kind": "folded", "text": "1"} in next(node for node in folded["nodes"] if node["id"] == "M")["badges"]


def large(count: int) -> dict[str, Any]:
    """A machine of about `count` states with branches, loops, catchers and containers."""
    table: dict[str, Any] = {}
    for number in range(0, count, 10):
        following = f"S{number + 10}" if number + 10 < count else "S0"
        table[f"S{number}"] = {"Type": "Choice", "Default": f"S{number + 1}", "Choices": [
            {"Variable": "$.n", "NumericEquals": n, "Next": f"S{number + n}"} for n in (2, 3, 4)]}
        for n in (1, 2, 3, 4):
            table[f"S{number + n}"] = {"Type": "Task", "Resource": "x", "Next": f"S{number + 5}",
                                       "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Failed"}]}
        branch = {"StartAt": f"S{number + 6}", "States": {f"S{number + 6}": {"Type": "Pass", "End": True}}}
        other = {"StartAt": f"S{number + 7}", "States": {
            f"S{number + 7}": {"Type": "Pass", "Next": f"S{number + 8}"},
            f"S{number + 8}": {"Type": "Pass", "End": True}}}
        table[f"S{number + 5}"] = {"Type": "Parallel", "Branches": [branch, other], "Next": f"S{number + 9}"}
        table[f"S{number + 9}"] = {"Type": "Wait", "Seconds": 1, "Next": following}
    table["Failed"] = {"Type": "Fail"}
    return {"StartAt": "S0", "States": table}


def test_two_hundred_states_without_a_fault() -> None:
    started = time.process_time()
    drawing = draw(large(200))
    spent = time.process_time() - started
    assert len(drawing["nodes"]) == 202
    assert faults(drawing) == []
    assert spent < 1.0  # CPU time, so that a busy machine does not decide


def test_japanese_names_stay_legible() -> None:
    drawing = draw({"StartAt": "倉庫の在庫を確認してから引き当てを行う", "States": {
        "倉庫の在庫を確認してから引き当てを行う": {"Type": "Pass", "End": True}}})
    node = drawing["nodes"][1]
    assert len(node["lines"]) == 2
    assert "".join(node["lines"]) == node["name"]
    assert node["lines"][1][0] not in "をーっゃゅょ。、"
    assert node["h"] == 64


def test_labels_are_pills_on_the_last_run() -> None:
    drawing = draw({"StartAt": "C", "States": {
        "C": {"Type": "Choice", "Default": "B", "Choices": [
            {"Variable": "$.stock", "NumericGreaterThan": 0, "Next": "A"}]},
        "A": {"Type": "Succeed"}, "B": {"Type": "Succeed"}}})
    assert sorted(pill["text"] for pill in pills(drawing)) == ["Default", "stock > 0"]
