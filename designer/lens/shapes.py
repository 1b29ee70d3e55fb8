"""What a value may be: a small, exact lattice.

A Shape holds at most one alternative of each JSON kind.  NEVER has none (no value at all), UNKNOWN has all.
    booleans  the values it may have
    number    the numbers it may be, or any
    text      the texts it may be, or the kinds of text: number-like, timestamp, other
    array     the shapes of its first elements, of the others, and the least length
    object    its known fields, each with how sure it is, and the shape of all other fields (NEVER: there are none)
Examples ride along and are no part of what a shape is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from designer.asl.timestamps import parse_timestamp

# How sure a field is: always there; a service may leave it out; data without it has been seen.
ALWAYS: Final = 0
DECLARED: Final = 1
SOMETIMES: Final = 2

NUMERIC: Final = "numeric"
TIMESTAMP: Final = "timestamp"
PLAIN: Final = "plain"
ANY_TEXT: Final = frozenset((NUMERIC, TIMESTAMP, PLAIN))
_NUMERIC: Final = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Number:
    """`values` None: any number."""

    values: frozenset[int | float] | None = None
    example: int | float | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Text:
    """`values` None: any text of these kinds."""

    values: frozenset[str] | None = None
    kinds: frozenset[str] = ANY_TEXT
    example: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Field:
    """`seen`: (times missing, times looked) in past executions; `is_guess`: only a test on it tells of it."""

    shape: Shape
    presence: int = ALWAYS
    seen: tuple[int, int] | None = field(default=None, compare=False)
    is_guess: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Array:
    """`first` are the shapes of the elements known by position, `rest` of all behind them (NEVER: there are none)."""

    first: tuple[Shape, ...]
    rest: Shape
    least: int = 0
    size: int = field(default=0, init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", self.rest.size + sum(shape.size for shape in self.first))


@dataclass(frozen=True, slots=True)
class Object:
    fields: Mapping[str, Field]
    rest: Shape
    size: int = field(default=0, init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", self.rest.size + sum(known.shape.size for known in self.fields.values()))


@dataclass(frozen=True, slots=True)
class Shape:
    """`size` counts the shapes in it, those that stand in several places each time."""

    null: bool = False
    booleans: frozenset[bool] = frozenset()
    number: Number | None = None
    text: Text | None = None
    array: Array | None = None
    object: Object | None = None
    unknown: bool = False
    size: int = field(default=0, init=False, compare=False)

    def __post_init__(self) -> None:
        inside = (self.array.size if self.array else 0) + (self.object.size if self.object else 0)
        object.__setattr__(self, "size", 1 + inside)

    @property
    def is_never(self) -> bool:
        return not (self.unknown or self.null or self.booleans or self.number or self.text or self.array or self.object)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The JSON kinds it may be of; all when it is unknown."""
        if self.unknown:
            return KINDS
        there = (self.null, self.booleans, self.number, self.text, self.array, self.object)
        return tuple(kind for kind, value in zip(KINDS, there, strict=True) if value)


KINDS: Final = ("null", "boolean", "number", "string", "array", "object")
NEVER: Final = Shape()
UNKNOWN: Final = Shape(unknown=True)
NULL: Final = Shape(null=True)
BOOLEAN: Final = Shape(booleans=frozenset((False, True)))
NUMBER: Final = Shape(number=Number())
TEXT: Final = Shape(text=Text())
ANY_ARRAY: Final = Shape(array=Array((), UNKNOWN))
ANY_OBJECT: Final = Shape(object=Object({}, UNKNOWN))
EMPTY_OBJECT: Final = Shape(object=Object({}, NEVER))
NUMERIC_TEXT: Final = Shape(text=Text(None, frozenset((NUMERIC,))))
TIMESTAMP_TEXT: Final = Shape(text=Text(None, frozenset((TIMESTAMP,))))


def array_of(item: Shape, least: int = 0) -> Shape:
    return Shape(array=Array((), item, least))


def object_of(rest: Shape = NEVER, **fields: Shape) -> Shape:
    """An object that always has these fields."""
    return Shape(object=Object({name: Field(shape) for name, shape in fields.items()}, rest))


def record(fields: Mapping[str, Field], rest: Shape = NEVER) -> Shape:
    return Shape(object=Object(dict(fields), rest))


def kind_of_text(text: str) -> str:
    if _NUMERIC.fullmatch(text):
        return NUMERIC
    return PLAIN if parse_timestamp(text) is None else TIMESTAMP


# ---- values → shapes -----------------------------------------------------------------------------

MAX_DEPTH: Final = 60
MAX_ITEMS: Final = 64  # elements known by position


def exactly(value: Any, depth: int = 0) -> Shape:
    """The shape whose only member is this JSON value (of long or very deep values: a looser one)."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return Shape(booleans=frozenset((value,)))
    if isinstance(value, (int, float)):
        return Shape(number=Number(frozenset((value,)), value))
    if isinstance(value, str):
        return Shape(text=Text(frozenset((value,)), frozenset((kind_of_text(value),)), value))
    if depth > MAX_DEPTH or not isinstance(value, (list, dict)):
        return UNKNOWN
    if isinstance(value, list):
        return _exact_array(value, depth)
    return record({str(name): Field(exactly(item, depth + 1)) for name, item in value.items()})


def _exact_array(value: list[Any], depth: int) -> Shape:
    shapes = [exactly(item, depth + 1) for item in value[:MAX_ITEMS]]
    if len(value) <= MAX_ITEMS:
        return Shape(array=Array(tuple(shapes), NEVER, len(value)))
    return Shape(array=Array(tuple(shapes), UNKNOWN, len(value)))


class NotConstantError(Exception):
    """The shape has more than one member, or none."""


def constant(shape: Shape) -> Any:
    """The only member of the shape.  Raises NotConstantError."""
    kinds = shape.kinds
    if len(kinds) != 1:
        raise NotConstantError
    if shape.null:
        return None
    if shape.booleans:
        return _only(shape.booleans)
    if shape.number:
        return _only(shape.number.values)
    if shape.text:
        return _only(shape.text.values)
    if shape.array:
        array = shape.array
        if not array.rest.is_never or array.least != len(array.first):
            raise NotConstantError
        return [constant(item) for item in array.first]
    return _constant_object(shape.object)


def _only(values: frozenset[Any] | None) -> Any:
    if values is None or len(values) != 1:
        raise NotConstantError
    return next(iter(values))


def _constant_object(shape: Object | None) -> dict[str, Any]:
    if shape is None or not shape.rest.is_never or any(field.presence for field in shape.fields.values()):
        raise NotConstantError
    return {name: constant(field.shape) for name, field in shape.fields.items()}


# ---- membership ----------------------------------------------------------------------------------


def is_member(value: Any, shape: Shape) -> bool:
    """Whether the JSON value is one of those that the shape stands for."""
    if shape.unknown:
        return True
    if value is None:
        return shape.null
    if isinstance(value, bool):
        return value in shape.booleans
    if isinstance(value, (int, float)):
        return shape.number is not None and (shape.number.values is None or value in shape.number.values)
    if isinstance(value, str):
        return shape.text is not None and _is_text(value, shape.text)
    if isinstance(value, list):
        return shape.array is not None and _is_array(value, shape.array)
    return shape.object is not None and _is_object(value, shape.object)


def _is_text(value: str, text: Text) -> bool:
    return kind_of_text(value) in text.kinds if text.values is None else value in text.values


def _is_array(value: list[Any], array: Array) -> bool:
    if len(value) < array.least:
        return False
    known = len(array.first)
    return all(is_member(item, array.first[place] if place < known else array.rest)
               for place, item in enumerate(value))


def _is_object(value: dict[str, Any], shape: Object) -> bool:
    for name, known in shape.fields.items():
        if name not in value and not known.presence:
            return False
    return all(is_member(item, shape.fields[name].shape if name in shape.fields else shape.rest)
               for name, item in value.items())
