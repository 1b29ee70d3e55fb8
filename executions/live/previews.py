"""Events small enough to send many of: long texts are cut, and the event says so.

An event that was cut has a member `previews`: {name of the field: its length in characters}.  The whole
event is read from the REST API, executions/<id>/events/<event id>/.
"""

from __future__ import annotations

from typing import Any, Final

LONGEST: Final = 512  # characters of one field
FIELDS: Final[tuple[str, ...]] = ("input", "output", "parameters", "cause")


def preview(event: dict[str, Any]) -> dict[str, Any]:
    """`event`, or a copy of it with its long texts cut."""
    for key, details in event.items():
        if key.endswith("EventDetails") and isinstance(details, dict):
            lengths = _long_fields(details)
            if lengths:
                return {**event, key: _cut(details, lengths), "previews": event.get("previews", {}) | lengths}
    return event


def _long_fields(details: dict[str, Any]) -> dict[str, int]:
    lengths = {name: len(details[name]) for name in FIELDS if len(details.get(name) or "") > LONGEST}
    assigned = details.get("assignedVariables")
    if assigned and sum(len(text) for text in assigned.values()) > LONGEST:
        lengths["assignedVariables"] = sum(len(text) for text in assigned.values())
    return lengths


def _cut(details: dict[str, Any], lengths: dict[str, int]) -> dict[str, Any]:
    short: dict[str, Any] = {name: details[name][:LONGEST] for name in FIELDS if name in lengths}
    if "assignedVariables" in lengths:
        short["assignedVariables"] = {name: text[:80] for name, text in details["assignedVariables"].items()}
    return {**details, **short}
