"""Which variables a state is said to read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from designer.asl.references import variable_references

RECORDED = Path(__file__).resolve().parents[3] / "shared/conformance/api/test_sfn_api_variable_references"


def state(language: str = "JSONPath", **members: Any) -> dict[str, Any]:
    return {"StartAt": "A", "QueryLanguage": language, "States": {"A": {"Type": "Pass", "End": True} | members}}


@pytest.mark.parametrize(
    ("definition", "names"),
    [
        (state(InputPath="$order.items[0]"), ["order"]),
        (state(InputPath="$.order"), []),
        (state(Parameters={"a.$": "$$.Execution.Id", "b": "$text", "c.$": "$.x"}), []),
        (state(Parameters={"a": {"b.$": "States.Format('{} $no', $b, $a['$k'])"}}), ["a", "b"]),
        (state(Catch=[{"ErrorEquals": ["States.ALL"], "Next": "A", "Assign": {"x.$": "$注文"}}]), ["注文"]),
        (
            state(Type="Choice", Choices=[{"And": [{"Variable": "$a", "NumericEqualsPath": "$b"}], "Next": "A"}]),
            ["a", "b"],
        ),
        (state("JSONata", Output="{% $x + $states.input.y + $count($z) %}"), ["x", "z"]),
        (
            state("JSONata", Output="{% ($t := $x; $f := function($p, $q) { $p + $q + $y }; $f($t, 1)) /* $c */ %}"),
            ["x", "y"],
        ),
        (state("JSONata", Output={"a": ['{% "$no" & $yes %}'], "b": "$plain"}), ["yes"]),
        (state("JSONata", QueryLanguage="JSONPath", InputPath="$x"), ["x"]),
        ({}, []),
        ({"States": []}, []),
    ],
)
def test_names(definition, names):
    assert variable_references(definition).get("A", []) == names


def test_states_inside_states_are_told_apart():
    inner = {"StartAt": "B", "States": {"B": {"Type": "Pass", "InputPath": "$b", "End": True}}}
    outer = state(Type="Map", ItemsPath="$a", ItemProcessor=inner, Branches=[inner])
    assert variable_references(outer) == {"A": ["a"], "B": ["b"]}


@pytest.mark.skipif(not RECORDED.exists(), reason="the recordings are not beside the repository")
def test_recorded_answers():
    checked = 0
    for path in RECORDED.glob("*.json"):
        steps = json.loads(path.read_text())["steps"]
        definition = next(step["params"]["definition"] for step in steps if step["operation"] == "CreateStateMachine")
        described = next(step for step in steps if step["operation"] == "DescribeStateMachine")
        expected = described["expected"]["value"].get("variableReferences", {})
        assert variable_references(json.loads(definition)) == expected, path.name
        checked += 1
    assert checked == 12
