"""How much an execution may keep in variables."""

from __future__ import annotations

from typing import Any

from executions.engine.variables import MAX_STORED
from tests.engine.machines import catch, each, machine
from tests.engine.proving import play
from tests.engine.stories import one

LARGE = "x" * 250_000
FULL = MAX_STORED // (len(LARGE) + 2)  # so many variables of this size may be kept


def assigns(count: int, name: str = "v") -> list[tuple[str, dict[str, Any]]]:
    return [(f"{name}{number}", {"Type": "Pass", "Assign": {f"{name}{number}": LARGE}}) for number in range(count)]


def test_ten_mebibytes_and_no_more() -> None:
    assert play(machine(*assigns(FULL))).status == "SUCCEEDED"
    execution = play(machine(*assigns(FULL + 1)))
    assert execution.status == "FAILED"
    failed = one(execution.events, "ExecutionFailed")
    assert failed["error"] == "States.DataLimitExceeded"
    assert failed["cause"] == (f"With those assigned by the state 'v{FULL}', the variables of the execution are larger "
                               f"than {MAX_STORED} bytes.")


def test_a_variable_that_is_assigned_again_counts_once() -> None:
    again = {"Type": "Pass", "Assign": {"v": LARGE}}
    assert play(machine(*[(f"S{number}", again) for number in range(FULL + 10)])).status == "SUCCEEDED"


def test_variables_of_a_branch_count_while_it_lives() -> None:
    inner = each(*assigns(2, "inner"), ItemsPath="$")
    before = assigns(FULL - 3)
    assert play(machine(*before, ("M", inner | {"MaxConcurrency": 1})), [1]).status == "SUCCEEDED"
    assert play(machine(*before, ("M", inner)), [1, 2]).status == "FAILED"
    caught = inner | {"Catch": [catch("States.DataLimitExceeded", Next="Less")]}
    assert play(machine(*before, ("M", caught | {"Next": "Less"}), ("Less", {"Type": "Pass"})), [1, 2]).status == (
        "SUCCEEDED")
    assert play(machine(*before[:-2], ("M", inner), *assigns(2, "after")), [1, 2]).status == "SUCCEEDED"


def test_bytes_count_not_characters() -> None:
    def wide(count: int) -> dict[str, Any]:
        return machine(*[(f"S{number}", {"Type": "Pass", "Assign": {f"v{number}": "あ" * 80_000}})
                         for number in range(count)])

    assert play(wide(MAX_STORED // 240_002)).status == "SUCCEEDED"
    assert play(wide(MAX_STORED // 240_002 + 1)).status == "FAILED"
