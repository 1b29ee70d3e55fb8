"""Counts of what values looked like, and the shape they come to: how past results are learned from.

A tally is plain JSON, so that it can be kept: {"n": how many values, "null": how many of them …, "true", "false",
"number": {n, example}, "text": {n, kinds, example}, "array": {n, items: tally}, "object": {n, fields: {name: tally}}}.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from designer.lens.shapes import (
    NEVER,
    SOMETIMES,
    UNKNOWN,
    Array,
    Field,
    Number,
    Object,
    Shape,
    Text,
    array_of,
    kind_of_text,
)

Tally = dict[str, Any]
MAX_DEPTH: Final = 12
MAX_FIELDS: Final = 200
MAX_ITEMS: Final = 100  # of an array that are looked at
MAX_EXAMPLE: Final = 80  # characters


def tally(values: Iterable[Any]) -> Tally:
    found: Tally = {"n": 0}
    for value in values:
        count(found, value)
    return found


def count(found: Tally, value: Any, depth: int = 0) -> None:
    """One more value."""
    found["n"] += 1
    if value is None or isinstance(value, bool):
        name = {None: "null", True: "true", False: "false"}[value]
        found[name] = found.get(name, 0) + 1
    elif isinstance(value, (int, float)):
        _counted(found, "number")["example"] = value
    elif isinstance(value, str):
        text = _counted(found, "text")
        text["example"] = value[:MAX_EXAMPLE]
        text["kinds"] = sorted({*text.get("kinds", ()), kind_of_text(value)})
    elif isinstance(value, list):
        items = _counted(found, "array").setdefault("items", {"n": 0})
        for item in value[:MAX_ITEMS] if depth < MAX_DEPTH else ():
            count(items, item, depth + 1)
    elif isinstance(value, dict):
        _count_object(_counted(found, "object"), value, depth)


def _counted(found: Tally, name: str) -> Tally:
    part: Tally = found.setdefault(name, {"n": 0})
    part["n"] += 1
    return part


def _count_object(part: Tally, value: dict[str, Any], depth: int) -> None:
    fields = part.setdefault("fields", {})
    for name, item in value.items() if depth < MAX_DEPTH else ():
        if name not in fields and len(fields) >= MAX_FIELDS:
            part["more"] = True
        else:
            count(fields.setdefault(name, {"n": 0}), item, depth + 1)


def shape_of(found: Tally, depth: int = 0) -> Shape:
    """The shape of all values that were counted; UNKNOWN for none.  Fields carry how often they were missing."""
    if not found.get("n"):
        return UNKNOWN
    number, text, array, record = (found.get(name) for name in ("number", "text", "array", "object"))
    return Shape(
        null=bool(found.get("null")),
        booleans=frozenset((False, True)) if found.get("true") or found.get("false") else frozenset(),
        number=Number(None, number.get("example")) if number else None,
        text=Text(None, frozenset(text["kinds"]), text.get("example")) if text else None,
        array=_array(array, depth) if array else None,
        object=_object(record, depth) if record else None)


def _array(part: Tally, depth: int) -> Array:
    items = part.get("items") or {"n": 0}
    if depth >= MAX_DEPTH:
        return Array((), UNKNOWN)
    found = array_of(shape_of(items, depth + 1) if items["n"] else NEVER).array
    return found or Array((), UNKNOWN)


def _object(part: Tally, depth: int) -> Object:
    if depth >= MAX_DEPTH:
        return Object({}, UNKNOWN)
    times = part["n"]
    fields = {name: Field(shape_of(field, depth + 1), SOMETIMES if field["n"] < times else 0,
                          (times - field["n"], times) if field["n"] < times else None)
              for name, field in part.get("fields", {}).items()}
    return Object(fields, UNKNOWN if part.get("more") else NEVER)
