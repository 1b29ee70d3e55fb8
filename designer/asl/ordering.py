"""The usual order of fields in a definition, for both forms of text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

# `*` stands for all fields that the list does not name, in the order they have.
_ORDERS: Final[dict[str, tuple[str, ...]]] = {
    "block": ("Comment", "QueryLanguage", "Version", "TimeoutSeconds", "ProcessorConfig", "*", "StartAt", "States"),
    "state": (
        "Type", "Comment", "QueryLanguage", "InputPath", "Resource", "Credentials", "ItemReader", "ItemsPath", "Items",
        "ItemSelector", "ItemBatcher", "Parameters", "Arguments", "*", "MaxConcurrency", "MaxConcurrencyPath",
        "Choices", "Default", "Branches", "Iterator", "ItemProcessor", "TimeoutSeconds", "TimeoutSecondsPath",
        "HeartbeatSeconds", "HeartbeatSecondsPath", "ResultWriter", "ResultSelector", "ResultPath", "Assign", "Output",
        "OutputPath", "Retry", "Catch", "Next", "End"),
    "entry": ("Comment", "ErrorEquals", "*", "ResultPath", "Assign", "Output", "Next"),
    "rule": ("Comment", "Variable", "*", "Assign", "Output", "Next"),
}
# (what holds it, field) -> what the value is; "…s" are objects or arrays of such.
_INSIDE: Final[dict[tuple[str, str], str]] = {
    ("block", "States"): "states", ("state", "Branches"): "blocks", ("state", "ItemProcessor"): "block",
    ("state", "Iterator"): "block", ("state", "Choices"): "rules", ("state", "Retry"): "entries",
    ("state", "Catch"): "entries", ("rule", "And"): "rules", ("rule", "Or"): "rules", ("rule", "Not"): "rule",
}
_ONE_OF: Final = {"states": "state", "blocks": "block", "rules": "rule", "entries": "entry"}
ROOT: Final = "block"


def role_inside(role: str, field: str | int) -> str:
    """What a member of an object or array is, "" for data that keeps its order."""
    return _ONE_OF.get(role) or _INSIDE.get((role, str(field)), "")


def in_order(role: str, names: Iterable[str]) -> list[str]:
    """The field names of an object in their usual order."""
    order = _ORDERS.get(role)
    if order is None:
        return list(names)
    places = {name: number for number, name in enumerate(order)}
    return sorted(names, key=lambda name: places.get(name, places["*"]))
