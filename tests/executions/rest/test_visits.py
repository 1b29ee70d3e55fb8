"""Which events belong to a state's visits."""

from __future__ import annotations

from typing import Any

from executions.rest.visits import visits_of


def history(*rows: tuple[str, int, dict[str, Any]]) -> list[dict[str, Any]]:
    """Events from (type, previousEventId, details); ids are 1, 2, 3 …, one a second."""
    return [
        {"id": number, "previousEventId": previous, "timestamp": float(number), "type": kind, "xEventDetails": details}
        for number, (kind, previous, details) in enumerate(rows, 1)
    ]


def test_interleaved_iterations_are_told_apart() -> None:
    events = history(
        ("MapIterationStarted", 0, {}), ("MapIterationStarted", 0, {}),
        ("TaskStateEntered", 1, {"name": "T"}), ("TaskStateEntered", 2, {"name": "T"}),
        ("TaskScheduled", 4, {}), ("TaskScheduled", 3, {}),
        ("TaskFailed", 5, {"error": "Lost"}), ("TaskSucceeded", 6, {"output": "1"}),
        ("TaskStateExited", 8, {"name": "T", "output": "1"}),
    )
    first, second = visits_of("T", events)
    assert [(first.exited or {}).get("id"), second.exited] == [9, None]
    assert [one.status for one in first.tries + second.tries] == ["SUCCEEDED", "FAILED"]
    assert (first.failure, (second.failure or {}).get("id")) == (None, 7)


def test_a_failure_that_was_tried_again_is_no_failure_of_the_visit() -> None:
    events = history(
        ("TaskStateEntered", 0, {"name": "T"}), ("LambdaFunctionScheduled", 1, {}), ("LambdaFunctionTimedOut", 2, {}),
        ("LambdaFunctionScheduled", 3, {}), ("LambdaFunctionStarted", 4, {}),
    )
    (visit,) = visits_of("T", events)
    assert [one.status for one in visit.tries] == ["TIMED_OUT", "RUNNING"]
    assert visit.failure is None


def test_evaluation_failed_is_found_where_aws_let_it_follow_what_came_before() -> None:
    events = history(("PassStateEntered", 0, {"name": "P"}), ("EvaluationFailed", 0, {"state": "P", "error": "E"}))
    (visit,) = visits_of("P", events)
    assert visit.failure == events[1]


def test_a_runtime_error_has_no_failed_event_of_its_own() -> None:
    events = history(
        ("PassStateEntered", 0, {"name": "P"}), ("ExecutionFailed", 1, {"error": "States.Runtime", "cause": "no"}))
    (visit,) = visits_of("P", events)
    assert visit.failure == events[1]


def test_a_container_is_left_after_what_is_inside() -> None:
    events = history(
        ("MapStateEntered", 0, {"name": "M"}), ("MapStateStarted", 1, {}), ("MapIterationStarted", 2, {"name": "M"}),
        ("PassStateEntered", 3, {"name": "P"}), ("PassStateExited", 4, {"name": "P"}),
        ("MapIterationSucceeded", 5, {"name": "M"}), ("MapStateExited", 6, {"name": "M", "output": "[]"}),
    )
    (visit,) = visits_of("M", events)
    assert visit.exited == events[6]
