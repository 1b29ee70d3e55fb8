"""Histories as text, one line an event: "5←4 TaskScheduled", with the name of a state or the index of an iteration."""

from __future__ import annotations

from typing import Any

from designer.asl.jsontext import loads


def details(event: dict[str, Any]) -> dict[str, Any]:
    """An event's details, {} when it has none."""
    return next((value for key, value in event.items() if key.endswith("EventDetails")), {})


def story(events: list[dict[str, Any]]) -> list[str]:
    lines = []
    for event in events:
        told = details(event)
        of = told.get("index", told.get("length", told.get("name")))
        line = f"{event['id']}←{event['previousEventId']} {event['type']}"
        lines.append(line if of is None else f"{line} {of}")
    return lines


def one(events: list[dict[str, Any]], kind: str, number: int = 0) -> dict[str, Any]:
    """The details of the number-th event of a type."""
    return [details(event) for event in events if event["type"] == kind][number]


def output(events: list[dict[str, Any]]) -> Any:
    """The execution's output, parsed."""
    return loads(one(events, "ExecutionSucceeded")["output"])


def lines(text: str) -> list[str]:
    """A story written in a test as an indented text."""
    return [line.strip() for line in text.strip().splitlines()]
