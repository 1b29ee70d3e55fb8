"""The lens over the executions that AWS recorded: what fails there it says beforehand, what succeeds it lets pass."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from designer.asl.problems import ERROR, WARNING
from designer.lens.lens import look
from designer.lens.shapes import exactly
from tests.engine.recordings import FOLDER, cases, with_times

pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="the recordings lie beside the repository")

# Errors of paths, types and comparisons; others are raised by a task or by a Fail state, or are limits.
OF_DATA = ("States.Runtime", "States.IntrinsicFailure", "States.ResultPathMatchFailure", "States.ParameterPathFailure",
           "States.QueryEvaluationError", "States.NoChoiceMatched")
# What fails by such an error and is not foreseen, with the reason.
UNFORESEEN: dict[str, str] = {}


def look_at(case: Any) -> list[Any]:
    data = case.data
    return look(with_times(data["definition"]), exactly(with_times(data["input"]))).problems


def test_recorded_executions(capsys: pytest.CaptureFixture[str]) -> None:
    counts = Counter[str]()
    missed, wrong = {}, {}
    for name, case in cases("executions"):
        expected = case.expected
        status = expected.get("status")
        if status is None:
            continue  # the recording ends before the execution does
        problems = look_at(case)
        errors = [problem for problem in problems if problem.severity == ERROR]
        counts["warnings"] += sum(problem.severity == WARNING for problem in problems)
        counts[f"{status}, {'an error' if errors else 'no error'}"] += 1
        if status == "SUCCEEDED" and errors:
            wrong[name] = errors[0].message
        if status != "SUCCEEDED" and expected.get("error") in OF_DATA and not errors:
            missed[name] = expected.get("cause")
    with capsys.disabled():
        print("\nthe lens over the recorded executions:", dict(sorted(counts.items())))
    assert wrong == {}
    assert missed.keys() == UNFORESEEN.keys(), missed
