"""What is allowed but hardly meant: a warning each, with code, message and hint, and few on real workflows."""

from __future__ import annotations

from typing import Any

import pytest

from designer.asl.checker import check
from designer.asl.problems import WARNING
from designer.asl.yaml_source import read_yaml
from tests.asl.shared import CORPUS, corpus_index
from tests.asl.test_fixes import END, RULE, machine, task

OURS = ("NEVER_ENDING_LOOP", "UNUSED_VARIABLE", "UNDEFINED_VARIABLE", "RETRIER_NEVER_MATCHES", "CATCHER_NEVER_MATCHES")


def lints(definition: Any) -> list[tuple[str, str, str]]:
    problems = [problem for problem in check(definition) if problem.code in OURS]
    assert all(problem.severity == WARNING and problem.hint for problem in problems)
    return [(problem.code, problem.pointer, problem.message) for problem in problems]


def go(name: str) -> dict[str, Any]:
    return {"Type": "Pass", "Next": name}


def test_a_loop_that_never_ends() -> None:
    choice = {"Type": "Choice", "Choices": [RULE], "Default": "C"}
    states = {"A": choice, "B": END, "C": go("D"), "D": go("E"), "E": go("D")}
    assert lints({"StartAt": "A", "States": states}) == [
        ("NEVER_ENDING_LOOP", "/States/D", "The loop of these states can never end: [D, E]")
    ]


@pytest.mark.parametrize("definition", [
    machine({"Type": "Choice", "Choices": [RULE], "Default": "A"}),
    {"StartAt": "A", "TimeoutSeconds": 60,
     "States": {"A": {"Type": "Choice", "Choices": [RULE], "Default": "C"}, "B": END, "C": go("C")}},
    task(Next="A", Catch=[{"ErrorEquals": ["E"], "Next": "B"}]),
])  # fmt: skip
def test_loops_that_end(definition: dict[str, Any]) -> None:
    assert lints(definition) == []


def test_two_loops_are_two_warnings() -> None:
    choice = {"Type": "Choice", "Choices": [RULE, RULE | {"Next": "C"}], "Default": "D"}
    states = {"A": choice, "B": END, "C": go("C"), "D": go("D")}
    assert [pointer for _, pointer, _ in lints({"StartAt": "A", "States": states})] == ["/States/C", "/States/D"]


def test_unused_variables() -> None:
    states = {
        "A": {"Type": "Pass", "Assign": {"used.$": "$.a", "unused": 1}, "Next": "B"},
        "B": {"Type": "Pass", "Parameters": {"x.$": "$used.b"}, "End": True},
    }  # fmt: skip
    assert lints({"StartAt": "A", "States": states}) == [
        ("UNUSED_VARIABLE", "/States/A/Assign/unused", "The variable 'unused' is never read")
    ]


def test_undefined_variables() -> None:
    states = {"A": {"Type": "Pass", "Parameters": {"x.$": "States.Format('{}', $none.b)"}, "End": True}}
    assert lints({"StartAt": "A", "States": states}) == [
        ("UNDEFINED_VARIABLE", "/States/A", "The variable 'none' is never assigned")
    ]


@pytest.mark.parametrize("expression", [
    "$map([1], $string)", "($x := 1; $x)", "$map([1], function($y){$y})", "$states.input.a[$ > 1]", "'$text'",
])  # fmt: skip
def test_what_is_no_variable(expression: str) -> None:
    state = {"Type": "Succeed", "Output": f"{{% {expression} %}}"}
    assert lints({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": state}}) == []


def test_a_variable_read_in_a_branch_is_used() -> None:
    inner = {"StartAt": "I", "States": {"I": {"Type": "Pass", "Output": "{% $used & 'x' %}", "End": True}}}
    states = {
        "A": {"Type": "Pass", "Assign": {"used": 1}, "Next": "P"},
        "P": {"Type": "Parallel", "Branches": [inner], "End": True},
    }  # fmt: skip
    assert lints({"QueryLanguage": "JSONata", "StartAt": "A", "States": states}) == []


def catching(*names: list[str]) -> dict[str, Any]:
    return task(Catch=[{"ErrorEquals": each, "Next": "B"} for each in names])


@pytest.mark.parametrize(("names", "pointer", "message"), [
    ([["E"], ["E"]], "/1", "an earlier entry has the same name"),
    ([["E"], ["F", "E"]], "/1/ErrorEquals/1", "an earlier entry has the same name"),
    ([["States.ALL"], ["E"]], "/1", "an earlier entry has States.ALL"),
    ([["States.TaskFailed"], ["E", "Lambda.Unknown"]], "/1", "an earlier entry has States.TaskFailed"),
    ([["States.Runtime"]], "/0", "always ends the execution"),
    ([["States.Foo"]], "/0", "no error of that name"),
    ([["States.BranchFailed"]], "/0", "a Task cannot fail with it"),
])  # fmt: skip
def test_entries_that_never_match(names: list[list[str]], pointer: str, message: str) -> None:
    ((code, place, text),) = lints(catching(*names))
    assert (code, place) == ("CATCHER_NEVER_MATCHES", f"/States/A/Catch{pointer}")
    assert message in text
    retrying = task(Retry=[{"ErrorEquals": each} for each in names])
    assert [found[:2] for found in lints(retrying)] == [("RETRIER_NEVER_MATCHES", f"/States/A/Retry{pointer}")]


@pytest.mark.parametrize("names", [
    [["E"], ["States.TaskFailed"], ["States.ALL"]], [["States.TaskFailed"], ["States.Timeout"]],
    [["States.DataLimitExceeded"], ["States.ALL"]],
])  # fmt: skip
def test_entries_that_may_match(names: list[list[str]]) -> None:
    assert lints(catching(*names)) == []


def test_a_parallel_may_fail_with_any_name() -> None:
    branch = {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "States.QuorumMet"}}}
    catch = [{"ErrorEquals": ["States.QuorumMet"], "Next": "B"}]
    assert lints(machine({"Type": "Parallel", "Branches": [branch], "Catch": catch, "Next": "B"})) == []


def test_few_on_real_workflows() -> None:
    """Each of them was looked at: default retriers of the CDK after States.TaskFailed, names nobody raises."""
    warned = 0
    entries = [entry for entry in corpus_index() if entry["valid"] and entry["kind"] == "workflow"]
    for entry in entries:
        text = (CORPUS / entry["file"]).read_text(encoding="utf-8")
        warned += bool(lints(read_yaml(text) if entry["file"].endswith(".yaml") else text))
    print(f"{warned} of {len(entries)} workflows have a warning of ours")
    assert warned <= 0.08 * len(entries)
