"""Histories → what tasks answered, by subject."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from designer.asl.jsontext import loads
from designer.asl.model import Resource
from designer.asl.resources import parse_resource
from designer.lens.tally import Tally, count
from executions.lens.subjects import subject_of

Event = dict[str, Any]
MAX_EVENTS: Final = 5_000  # of one execution that are looked at
_BEGINS: Final = {"LambdaFunctionScheduled": "lambda", "ActivityScheduled": "activity", "TaskScheduled": "task"}
_ENDS: Final = frozenset(("LambdaFunctionSucceeded", "ActivitySucceeded", "TaskSucceeded"))


def tallies(histories: Iterable[Iterable[Event]]) -> dict[str, Tally]:
    """What the tasks of these executions answered, counted by subject."""
    found: dict[str, Tally] = {}
    for events in histories:
        for subject, value in results(events):
            count(found.setdefault(subject, {"n": 0}), value)
    return found


def results(events: Iterable[Event]) -> Iterator[tuple[str, Any]]:
    """(subject, result) of every task that succeeded.  An event belongs to the state of the event it follows."""
    states: dict[int, str] = {}
    tasks: dict[int, str] = {}
    for event in events:
        kind, number, previous = event["type"], event["id"], event["previousEventId"]
        told = _details(event)
        if kind.endswith("StateEntered"):
            states[number] = told.get("name", "")
            continue
        if previous in states:
            states[number] = states[previous]
        if kind in _BEGINS:
            tasks[number] = _subject(kind, told, states.get(number, ""))
        elif previous in tasks:
            tasks[number] = tasks[previous]
        if kind in _ENDS and number in tasks:
            yield from _result(tasks[number], kind, told)


def _details(event: Event) -> dict[str, Any]:
    return next((value for key, value in event.items() if key.endswith("EventDetails")), {})


def _subject(kind: str, told: dict[str, Any], state: str) -> str:
    text = str(told.get("resource", ""))
    if kind != "TaskScheduled":
        return subject_of(parse_resource(text) or Resource(text, "lambda"), None, state)
    resource = parse_resource(f"arn:aws:states:::{told.get('resourceType', '')}:{text}")
    return subject_of(resource or Resource("", "service"), _parsed(told.get("parameters")), state)


def _result(subject: str, kind: str, told: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    value = _parsed(told.get("output"))
    if value is _NOTHING:
        return
    if kind == "TaskSucceeded" and subject.startswith("function:"):
        if isinstance(value, dict) and "Payload" in value:
            yield subject, value["Payload"]
        return
    yield subject, value


_NOTHING: Final = object()


def _parsed(text: Any) -> Any:
    """The JSON value of a text; nothing for one that was cut."""
    try:
        return loads(text)
    except (ValueError, TypeError, AttributeError):
        return _NOTHING
