"""What AWS answered to single Choice and Pass states (../shared/conformance/executions)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.asl.shared import CONFORMANCE, run

CONTEXT = {
    "Execution": {
        "Id": "arn:<partition>:states:<region>:111111111111:execution:<ArnPart_0idx>:<ExecArnPart_0idx>",
        "Name": "<ExecArnPart_0idx>",
    },
    "StateMachine": {
        "Id": "arn:<partition>:states:<region>:111111111111:stateMachine:<ArnPart_0idx>",
        "Name": "<ArnPart_0idx>",
    },
}


def cases(folder: str) -> list[Any]:
    found = []
    for path in sorted((CONFORMANCE / folder).glob("*.json")):
        if "jsonata" not in path.name.lower() and "test_timestamp" not in path.name:  # their times are masked
            case = json.loads(path.read_text())
            for number, row in enumerate(case.get("cases", [case])):
                found.append(pytest.param(path, row, id=f"{path.stem.split('_test_')[-1]}-{number}"))
    return found


def outcome(row: dict[str, Any]) -> Any:
    context = {**CONTEXT, "Execution": {**CONTEXT["Execution"], "Input": row["input"]}}
    return run(row["definition"], row["input"], context)


@pytest.mark.parametrize(("path", "row"), cases("choice_operators"))
def test_choice_operators(path: Path, row: dict[str, Any]) -> None:
    assert outcome(row) == row["expected"]["output"]


@pytest.mark.parametrize(("path", "row"), cases("intrinsic_functions"))
def test_intrinsic_functions(path: Path, row: dict[str, Any]) -> None:
    answer, expected = outcome(row), row["expected"]["output"]
    if expected.get("FunctionResult") == "generated-uuid":
        assert len(answer["FunctionResult"]) == 36
    else:
        assert answer == expected


@pytest.mark.parametrize(
    ("path", "row"), [case for case in cases("base") if "no_input" in case.id or "null" in case.id]
)
def test_paths(path: Path, row: dict[str, Any]) -> None:
    assert outcome(row) == row["expected"]["output"]
