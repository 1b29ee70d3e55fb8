"""Payload templates: the transfer rule of designer/asl/templates.py."""

from __future__ import annotations

from typing import Any

from designer.asl.intrinsics import is_intrinsic
from designer.asl.report import Steps
from designer.asl.templates import SUFFIX, is_dynamic
from designer.lens.intrinsics import intrinsic
from designer.lens.shapes import MAX_DEPTH, NEVER, UNKNOWN, Array, Field, Shape, exactly, record
from designer.lens.views import View


def template(value: Any, view: View, steps: Steps, depth: int = 0) -> Shape:
    """What a payload template gives."""
    if depth > MAX_DEPTH:
        return UNKNOWN
    if not is_dynamic(value):
        return exactly(value)
    if isinstance(value, list):
        items = tuple(template(item, view, (*steps, number), depth + 1) for number, item in enumerate(value))
        return Shape(array=Array(items, NEVER, len(items)))
    fields: dict[str, Field] = {}
    for name, item in value.items():
        here = (*steps, name)
        if name.endswith(SUFFIX):
            shape = expression(item, view, here) if isinstance(item, str) else UNKNOWN
        else:
            shape = template(item, view, here, depth + 1)
        fields[name.removesuffix(SUFFIX)] = Field(shape)
    return record(fields)


def expression(text: str, view: View, steps: Steps) -> Shape:
    """A path or an intrinsic function where a template or a …Path field has one."""
    if is_intrinsic(text):
        return intrinsic(text, view, steps)
    return view.path(text, steps, null_past_end=True)
