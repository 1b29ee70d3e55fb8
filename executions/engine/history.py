"""Writing history events in the form AWS answers them (history-events.md §1, §2)."""

from __future__ import annotations

from typing import Any, Final

from designer.asl.errors import DATA_LIMIT, MAX_PAYLOAD_BYTES, StateError
from designer.asl.jsontext import dumps

MAX_EVENTS: Final = 25_000
WHOLE: Final = {"truncated": False}
DATA_LIMIT_CAUSE: Final = (
    "The state/task '{}' returned a result with a size exceeding the maximum number of bytes service limit."
)

_STATES: Final = ("Pass", "Choice", "Wait", "Task", "Parallel", "Map", "Succeed", "Fail")
ENTERED: Final = {kind: f"{kind}StateEntered" for kind in _STATES}
EXITED: Final = {kind: f"{kind}StateExited" for kind in _STATES}
STARTED: Final = {"Parallel": "ParallelStateStarted", "Map": "MapStateStarted"}
SUCCEEDED: Final = {"Parallel": "ParallelStateSucceeded", "Map": "MapStateSucceeded"}
STATE_FAILED: Final = {"Parallel": "ParallelStateFailed", "Map": "MapStateFailed"}
STATE_ABORTED: Final = {kind: f"{kind}StateAborted" for kind in ("Task", "Wait", "Parallel", "Map")}

_DETAILS: Final[dict[str, str]] = {}
"""Event type → the member that holds its details."""


class HistoryFullError(Exception):
    """The event that would be number 25,000 is not written; the execution fails instead (§8)."""


def details_key(kind: str) -> str:
    """The name of the member with an event's details."""
    key = _DETAILS.get(kind)
    if key is None:
        shared = {ENTERED[name]: "stateEnteredEventDetails" for name in _STATES}
        shared |= {EXITED[name]: "stateExitedEventDetails" for name in _STATES}
        key = _DETAILS[kind] = shared.get(kind) or f"{kind[0].lower()}{kind[1:]}EventDetails"
    return key


class Log:
    """The events of one step.  `time` is the step's time in seconds since the epoch."""

    __slots__ = ("events", "limit", "next", "time")

    def __init__(self, first: int, now_ms: int, limited: bool) -> None:
        self.events: list[dict[str, Any]] = []
        self.next = first
        self.time = now_ms / 1000
        self.limit = MAX_EVENTS if limited else 0

    def note(self, kind: str, previous: int, details: dict[str, Any] | None = None) -> int:
        """Write an event and return its id.  Raises HistoryFullError."""
        number = self.next
        if number == self.limit:
            raise HistoryFullError
        event: dict[str, Any] = {"id": number, "previousEventId": previous, "timestamp": self.time, "type": kind}
        if details is not None:
            event[_DETAILS.get(kind) or details_key(kind)] = details
        self.events.append(event)
        self.next = number + 1
        return number

    def end(self, kind: str, previous: int, details: dict[str, Any]) -> int:
        """Write the execution's last event, for which there is always room."""
        self.limit = 0
        return self.note(kind, previous, details)


class Texts:
    """JSON texts of the values of one step: a value that several events show is encoded once."""

    __slots__ = ("_known", "_largest")

    def __init__(self, largest: int = MAX_PAYLOAD_BYTES) -> None:
        self._largest = largest
        self._known: dict[int, tuple[Any, str]] = {}

    def of(self, value: Any) -> str:
        known = self._known.get(id(value))
        if known is not None:
            return known[1]
        text = dumps(value)
        self._known[id(value)] = (value, text)  # keeps the value alive, so that its id stays its own
        return text

    def bounded(self, value: Any, name: str) -> str:
        """The text, or States.DataLimitExceeded when its UTF-8 form is over the limit (256 KiB)."""
        text = self.of(value)
        if len(text) > MAX_PAYLOAD_BYTES // 4 and too_large(text, self._largest):
            raise StateError(DATA_LIMIT, DATA_LIMIT_CAUSE.format(name), prefixed=False)
        return text

    def given(self, value: Any, text: str) -> None:
        """This value came as this text; it is shown in the same words."""
        self._known[id(value)] = (value, text)


def too_large(text: str, largest: int = MAX_PAYLOAD_BYTES) -> bool:
    return len(text) > largest or len(text.encode("utf-8", "surrogatepass")) > largest


def error_details(error: str | None, cause: str | None) -> dict[str, Any]:
    """Error and cause, each left out when there is none."""
    details = {}
    if error is not None:
        details["error"] = error
    if cause is not None:
        details["cause"] = cause
    return details
