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


def test_executions_match_the_recordings(capsys: pytest.CaptureFixture[str]) -> None:
    """At least 98 % of all cases, and all that use variables or JSONata; what differs is printed (all of it with -s).

    Eight of AWS's recordings have an older form of MapStateExited.previousEventId than five newer ones
    (history-events.md §7); the engine follows the newer form.
    """
    found: dict[str, list[tuple[str, list[str]]]] = defaultdict(list)
    for name, case in cases("executions"):
        found[group(case)].append((name, differences(case)))
    for title, results in found.items():
        with capsys.disabled():
            print(f"\n{title}: {share(results):.1%} of {len(results)} recorded executions are like AWS")
        for name, different in results:
            if different:
                print(f"  {name}: {different[0]}")
    with capsys.disabled():
        print(*(f"  {name}: {different[0]}" for name, different in found["JSONPath"] if different), sep="\n")
    assert share([result for results in found.values() for result in results]) >= 0.98
    assert share(found["JSONata"]) == share(found["JSONPath with variables"]) == 1


def share(results: list[tuple[str, list[str]]]) -> float:
    return sum(not different for _, different in results) / len(results)


# Recorded in the older form of MapStateExited.previousEventId, or with other machinery than a task's answer.
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
