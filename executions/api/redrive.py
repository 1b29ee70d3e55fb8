"""Whether an execution can be redriven, as DescribeExecution says it (api.md section 11)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from executions.api.lookup import ExecutionRow

_DAY: Final = 24 * 3600 * 1000  # ms
REDRIVABLE_FOR: Final = 14 * _DAY
LONGEST_RUN: Final = 365 * _DAY
MOST_EVENTS: Final = 24_999
_REDRIVABLE_STATUSES: Final = frozenset({"FAILED", "TIMED_OUT", "ABORTED"})


def why_not_redrivable(row: ExecutionRow, now: int, count_events: Callable[[int], int]) -> str | None:
    """AWS's reason, None for an execution that can be redriven.  `now` in ms; events are counted only if need be."""
    if row.status not in _REDRIVABLE_STATUSES:
        return f"Execution is {row.status} and cannot be redriven"
    if row.machine_status == "DELETING":
        return "State machine is in DELETING status"
    stopped_at = now if row.stopped_at is None else row.stopped_at
    if stopped_at - row.started_at >= LONGEST_RUN:
        return "Execution has exceeded the max execution time"
    if now - stopped_at > REDRIVABLE_FOR:
        return "Execution redrivable period exceeded"
    if count_events(row.id) >= MOST_EVENTS:
        return "Execution history event limit exceeded"
    return None
