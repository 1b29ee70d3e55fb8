"""The visits of one state, read from a history: when it was entered and left, with what, and each try.

An event belongs to the visit of the event it follows (previousEventId).  Only the events of the state asked for
are kept; how visits lie in branches and iterations is the page's affair (static/js/model/progress.js).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

Event = dict[str, Any]
_WORK: Final = re.compile(r"^(LambdaFunction|Task|Activity)(?!State)(.+)$")
_ENDS: Final = {"Succeeded": "SUCCEEDED", "TimedOut": "TIMED_OUT"}


@dataclass(slots=True)
class Try:
    """One try of a task; times in seconds as in the events.  `number` counts tasks over the whole history."""

    number: int
    scheduled: Event
    started_at: float | None = None
    submitted: Event | None = None
    ended: Event | None = None
    status: str = "RUNNING"
    worker: str | None = None


@dataclass(slots=True)
class Visit:
    """One entry into the state."""

    entered: Event
    exited: Event | None = None
    failure: Event | None = None  # the failure that ended it, or that a catcher took
    tries: list[Try] = field(default_factory=list)


def details(event: Event) -> dict[str, Any]:
    """The member that holds an event's details, or {}."""
    return next((value for key, value in event.items() if key.endswith("EventDetails")), {})


def says(event: Event, wanted: str) -> bool:
    """Whether a text, in folded case, stands in one of an event's texts, as it is or as JSON escapes it."""
    texts: list[Any] = [event["type"]]
    for value in details(event).values():
        texts += value.values() if isinstance(value, dict) else [value]
    forms = {wanted, json.dumps(wanted)[1:-1]}
    return any(isinstance(text, str) and any(form in text.casefold() for form in forms) for text in texts)


def visits_of(name: str, events: Iterable[Event]) -> list[Visit]:
    """The visits of the state `name`, oldest first."""
    visits: list[Visit] = []
    belongs: dict[int, Visit] = {}
    scheduled = 0
    for event in events:
        kind = event["type"]
        if kind.endswith("Scheduled"):
            scheduled += 1
        if kind.endswith("StateEntered") and details(event).get("name") == name:
            visits.append(Visit(event))
            belongs[event["id"]] = visits[-1]
        elif visits:
            _take(name, event, visits, belongs, scheduled)
    return visits


def _take(name: str, event: Event, visits: list[Visit], belongs: dict[int, Visit], scheduled: int) -> None:
    """Give an event to its visit, if it is one of this state's."""
    kind = event["type"]
    if kind.endswith("StateExited"):
        if details(event).get("name") == name:
            _visit_left(event, visits, belongs).exited = event
        return
    visit = belongs.get(event["previousEventId"])
    if kind == "EvaluationFailed" and details(event).get("state") == name:
        visit = visit or visits[-1]
    if visit is None:
        return
    work = _WORK.match(kind)
    if work:
        belongs[event["id"]] = visit
        _work(event, work[2], visit, scheduled)
    elif kind in ("EvaluationFailed", "ExecutionFailed", "MapStateFailed", "ParallelStateFailed"):
        belongs[event["id"]] = visit
        visit.failure = event if details(event) else visit.failure


def _visit_left(event: Event, visits: list[Visit], belongs: dict[int, Visit]) -> Visit:
    """The visit that an Exited event closes; a container's follows an event inside it, so the newest open one."""
    visit = belongs.get(event["previousEventId"])
    if visit is not None and visit.exited is None:
        return visit
    return next((one for one in reversed(visits) if one.exited is None), visits[-1])


def _work(event: Event, step: str, visit: Visit, scheduled: int) -> None:
    if step == "Scheduled":
        visit.tries.append(Try(scheduled, event))
        visit.failure = None
        return
    if not visit.tries:
        return
    last = visit.tries[-1]
    if step == "Started":
        last.started_at = event["timestamp"]
        last.worker = details(event).get("workerName")
    elif step == "Submitted":
        last.submitted = event
    else:
        last.ended = event
        last.status = _ENDS.get(step, "FAILED")
        visit.failure = None if step == "Succeeded" else event
