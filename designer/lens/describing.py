"""Shapes for people and pages: a tree of plain data with examples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from designer.lens.lattice import items_of
from designer.lens.shapes import ALWAYS, DECLARED, Array, Field, Object, Shape

MAX_DEPTH: Final = 8
MAX_NODES: Final = 600
MAX_TEXT: Final = 80
SURE: Final = {ALWAYS: "always", DECLARED: "unsure"}


class _Room:
    """How many nodes may still be told."""

    def __init__(self) -> None:
        self.left = MAX_NODES


def tree(shape: Shape) -> dict[str, Any]:
    """{kinds: [JSON kinds] (all when it is unknown), unknown, example, known, texts, items, fields, open}.

    `example` of a plain value, `known` when it is the only one it can be; `texts` the kinds of text.  Of an array
    `items` tells of any element, of an object `fields` of each: the tree of its value with `sure` ("always", "unsure",
    "sometimes") and `missing` [times, of] where past executions told; `open`: there may be other fields.
    """
    return _tree(shape, MAX_DEPTH, _Room())


def _tree(shape: Shape, depth: int, room: _Room) -> dict[str, Any]:
    room.left -= 1
    if shape.unknown:
        return {"kinds": [], "unknown": True}
    found: dict[str, Any] = {"kinds": list(shape.kinds)}
    found.update(_plain(shape))
    if depth > 0 and room.left > 0:
        if shape.array is not None:
            found.update(_array(shape.array, depth, room))
        if shape.object is not None:
            found.update(_object(shape.object, depth, room))
    return found


def _plain(shape: Shape) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if shape.number is not None:
        values = shape.number.values
        found["example"] = next(iter(values)) if values and len(values) == 1 else shape.number.example
        found["known"] = values is not None and len(values) == 1
    elif shape.text is not None:
        texts = shape.text.values
        example = next(iter(texts)) if texts and len(texts) == 1 else shape.text.example
        found["example"] = example if example is None else example[:MAX_TEXT]
        found["known"] = texts is not None and len(texts) == 1
        found["texts"] = sorted(shape.text.kinds)
    elif shape.booleans:
        found["example"] = True in shape.booleans
        found["known"] = len(shape.booleans) == 1
    if len(found.get("kinds", shape.kinds)) > 1:
        found["known"] = False
    return {name: value for name, value in found.items() if value is not None}


def _array(array: Array, depth: int, room: _Room) -> dict[str, Any]:
    items = items_of(array)
    told: dict[str, Any] = {} if items.is_never else {"items": _tree(items, depth - 1, room)}
    if array.rest.is_never:
        told["length"] = len(array.first)
    return told


def _object(shape: Object, depth: int, room: _Room) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, field in shape.fields.items():
        if room.left <= 0:
            return {"fields": fields, "open": True}
        fields[name] = _field(field, depth, room)
    return {"fields": fields, "open": not shape.rest.is_never}


def _field(field: Field, depth: int, room: _Room) -> dict[str, Any]:
    told = _tree(field.shape, depth - 1, room) | {"sure": SURE.get(field.presence, "sometimes")}
    return told | {"missing": list(field.seen)} if field.seen else told


def variables(fields: Mapping[str, Field]) -> dict[str, Any]:
    """The variables of a state, by name."""
    return {name: _field(field, MAX_DEPTH, _Room()) for name, field in fields.items()}
