"""The engine's histories against those AWS recorded, event for event (shared/conformance)."""

from __future__ import annotations

from collections import defaultdict

import pytest

from tests.engine.recordings import (
    FOLDER,
    cases,
    differences,
    group,
    recorded_answers,
    without_placeholders,
)  # fmt: skip

pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="the recordings lie beside the repository")


# Recorded in the newer form of MapStateExited.previousEventId (history-events.md §7), of which there are fewer.
NEWER_FORM = {
    "test_assign_reference_variables__TestAssignReferenceVariables_test_reference_in_map_state_MAP_STATE_REFERENCE_IN_"
    + field for field in ("ITEM_SELECTOR", "TOLERATED_FAILURE_PATH")
} | {
    f"test_base_scenarios__TestBaseScenarios_test_map_state_{case}"
    for case in ("config_distributed_items_path_from_previous", "nested_config_distributed")
}  # fmt: skip


def test_executions_match_the_recordings(capsys: pytest.CaptureFixture[str]) -> None:
    """At least 98 % of all cases; what differs is printed.

    By compare.py alone some cases with variables differ from every server (`recordings.PARSED`).
    """
    found: dict[str, list[tuple[str, list[str]]]] = defaultdict(list)
    strictly = []
    for name, case in cases("executions"):
        found[group(case)].append((name, differences(case)))
        strictly.append((name, differences(case, parsed=False)))
    with capsys.disabled():
        for title, results in found.items():
            print(f"\n{title}: {share(results):.1%} of {len(results)} recorded executions are like AWS")
            print(*(f"  {name}: {different[0]}" for name, different in results if different), sep="\n")
        print(f"By compare.py alone: {share(strictly):.1%} of {len(strictly)}")
    assert share(strictly) >= 0.98
    assert {name for results in found.values() for name, different in results if different} == NEWER_FORM


def share(results: list[tuple[str, list[str]]]) -> float:
    return sum(not different for _, different in results) / len(results)


# Recorded in the newer form of MapStateExited.previousEventId, or with other machinery than a task's answer.
NOT_ALIKE = {
    "test_base_scenarios__TestBaseScenarios_test_map_state_nested_config_distributed_no_max_max_concurrency",
}


def test_task_histories_match_the_recordings() -> None:
    """Machines with Lambda tasks, each task answering as it did in the recording."""
    different = {}
    for name, recorded in cases("lambda"):
        if "events" in recorded.expected and name not in NOT_ALIKE:
            case = without_placeholders(recorded)
            if found := differences(case, recorded_answers(case)):
                different[name] = found
    for name, found in different.items():
        print(name, *found, sep="\n  ")
    assert not different
