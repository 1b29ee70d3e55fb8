"""JSONata as the lens sees it (stub)."""
from __future__ import annotations

from typing import Any

from designer.asl import jsonata
from designer.asl.report import Steps
from designer.lens.shapes import MAX_DEPTH, NEVER, UNKNOWN, Array, Field, Shape, exactly, record
from designer.lens.views import View


def value(given: Any, view: View, steps: Steps, depth: int = 0) -> Shape:
    """Any JSON whose texts may be expressions."""
    if depth > MAX_DEPTH:
        return UNKNOWN
    if isinstance(given, str):
        return UNKNOWN if jsonata.is_expression(given) else exactly(given)
    if isinstance(given, list):
        items = tuple(value(item, view, (*steps, number), depth + 1) for number, item in enumerate(given))
        return Shape(array=Array(items, NEVER, len(items)))
    if isinstance(given, dict):
        return record({name: Field(value(item, view, (*steps, name), depth + 1)) for name, item in given.items()})
    return exactly(given)
