"""What evaluating a state can raise.  The core turns it into history events (asl-language.md §20, §23)."""

from __future__ import annotations

RUNTIME = "States.Runtime"
ALL = "States.ALL"
TASK_FAILED = "States.TaskFailed"
TIMEOUT = "States.Timeout"
HEARTBEAT_TIMEOUT = "States.HeartbeatTimeout"
DATA_LIMIT = "States.DataLimitExceeded"
INTRINSIC = "States.IntrinsicFailure"
RESULT_PATH = "States.ResultPathMatchFailure"
QUERY_EVALUATION = "States.QueryEvaluationError"

MAX_PAYLOAD_BYTES = 262_144


class StateError(Exception):
    """A state cannot go on: an ASL error name and a cause without the "An error occurred …" prefix.

    `prefixed` says whether the core puts the standard prefix (state name and entered event id, §23)
    before the cause; `location` is the field ("Output/a", "Items") of a JSONata failure, which is
    written as an EvaluationFailed event, and None for every other error.
    """

    def __init__(self, error: str, cause: str | None, *, prefixed: bool = True, location: str | None = None) -> None:
        super().__init__(error, cause)
        self.error = error
        self.cause = cause
        self.prefixed = prefixed
        self.location = location
