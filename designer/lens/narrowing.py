"""What is known of the data once a test was made on the value of a path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from designer.asl.path_syntax import Key, Path
from designer.lens.finding import GONE, find, key
from designer.lens.shapes import (
    ALWAYS,
    ANY_ARRAY,
    ANY_OBJECT,
    BOOLEAN,
    DECLARED,
    NEVER,
    NULL,
    NUMBER,
    TEXT,
    TIMESTAMP,
    TIMESTAMP_TEXT,
    UNKNOWN,
    Field,
    Number,
    Object,
    Shape,
    Text,
    kind_of_text,
)

_ALL: Final = {"null": NULL, "boolean": BOOLEAN, "number": NUMBER, "string": TEXT, "array": ANY_ARRAY,
               "object": ANY_OBJECT}
_PARTS: Final = {"null": "null", "boolean": "booleans", "number": "number", "string": "text", "array": "array",
                 "object": "object"}
MAX_FIELDS: Final = 60  # that tests may tell of
# (a value of the kind) -> may it pass?
Passes = Callable[[Any], bool]


def only(shape: Shape, kind: str) -> Shape:
    """The members of one JSON kind, or timestamps."""
    if kind == TIMESTAMP:
        return _timestamps(shape)
    if shape.unknown:
        return _ALL[kind]
    part = _PARTS[kind]
    return Shape(**{part: getattr(shape, part)})


def _timestamps(shape: Shape) -> Shape:
    if shape.unknown:
        return TIMESTAMP_TEXT
    text = shape.text
    if text is None or TIMESTAMP not in text.kinds:
        return NEVER
    values = None if text.values is None else frozenset(value for value in text.values
                                                        if kind_of_text(value) == TIMESTAMP)
    return Shape(text=Text(values, frozenset((TIMESTAMP,)), text.example)) if values != frozenset() else NEVER


def without(shape: Shape, kind: str) -> Shape:
    """The members that are not of the kind."""
    if shape.unknown:
        return shape
    if kind != TIMESTAMP:
        return replace(shape, **{_PARTS[kind]: getattr(NEVER, _PARTS[kind])})
    text = shape.text
    if text is None or TIMESTAMP not in text.kinds:
        return shape
    kinds = text.kinds - {TIMESTAMP}
    values = None if text.values is None else frozenset(value for value in text.values
                                                        if kind_of_text(value) != TIMESTAMP)
    return replace(shape, text=Text(values, kinds, text.example) if kinds and values != frozenset() else None)


def passing(shape: Shape, passes: Passes) -> Shape:
    """Of a shape of one kind, the members that may pass a test; values that are not known all may."""
    if shape.number is not None and shape.number.values is not None:
        numbers = frozenset(value for value in shape.number.values if passes(value))
        return Shape(number=Number(numbers, shape.number.example)) if numbers else NEVER
    if shape.text is not None and shape.text.values is not None:
        texts = frozenset(value for value in shape.text.values if passes(value))
        kinds = frozenset(map(kind_of_text, texts))
        return Shape(text=Text(texts, kinds, shape.text.example)) if texts else NEVER
    if shape.booleans:
        return Shape(booleans=frozenset(value for value in shape.booleans if passes(value)))
    return shape


# ---- writing back --------------------------------------------------------------------------------


def _names(path: Path) -> tuple[str, ...] | None:
    names = tuple(step.name for step in path.steps if isinstance(step, Key))
    return names if len(names) == len(path.steps) else None


def with_value(document: Shape, path: Path, value: Shape) -> Shape:
    """The members of `document` in which the path leads to a member of `value`."""
    names = _names(path)
    return document if names is None else _with(document, names, value)


def _with(document: Shape, names: tuple[str, ...], value: Shape) -> Shape:
    if not names:
        return value
    known = Object({}, UNKNOWN) if document.unknown else document.object
    if known is None:
        return document
    if names[0] not in known.fields and len(known.fields) > MAX_FIELDS:
        return document
    found = key(known, names[0])
    inner = _with(UNKNOWN if found.sure == GONE else found.shape, names[1:], value)
    field = known.fields.get(names[0])
    field = Field(inner, is_guess=True) if field is None else replace(field, shape=inner, presence=ALWAYS)
    return Shape(object=Object({**known.fields, names[0]: field}, known.rest))


def lacking(document: Shape, path: Path) -> Shape:
    """The members of `document` in which the path leads nowhere; more where that cannot be said."""
    names = _names(path)
    if not names or document.unknown or document.kinds != ("object",):
        return document
    holder = find(Path(path.text, path.root, path.steps[:-1]), document)
    if holder.sure != ALWAYS or holder.shape.unknown or holder.shape.kinds != ("object",):
        return document
    known = holder.shape.object
    if known is None or names[-1] not in known.fields:
        return document
    fields = dict(known.fields)
    if known.rest.is_never:
        del fields[names[-1]]
    else:
        fields[names[-1]] = replace(fields[names[-1]], presence=DECLARED)
    return _with(document, names[:-1], Shape(object=Object(fields, known.rest)))


