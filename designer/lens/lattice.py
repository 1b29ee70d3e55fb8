"""Joining shapes where ways meet, and loosening them so that loops come to an end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce
from typing import Final

from designer.lens.shapes import DECLARED, NEVER, SOMETIMES, UNKNOWN, Array, Field, Number, Object, Shape, Text

MAX_VALUES: Final = 8
MAX_FIELDS: Final = 400


def join(one: Shape, other: Shape) -> Shape:
    """The least shape that has the members of both."""
    if one is other or other.is_never:
        return one
    if one.is_never:
        return other
    if one.unknown or other.unknown:
        return UNKNOWN
    return Shape(
        null=one.null or other.null,
        booleans=one.booleans | other.booleans,
        number=_join_numbers(one.number, other.number),
        text=_join_texts(one.text, other.text),
        array=_join_arrays(one.array, other.array),
        object=_join_objects(one.object, other.object))


def join_all(shapes: Iterable[Shape]) -> Shape:
    return reduce(join, shapes, NEVER)


def _join_numbers(one: Number | None, other: Number | None) -> Number | None:
    if one is None or other is None:
        return one or other
    example = other.example if one.example is None else one.example
    if one.values is None or other.values is None or len(one.values | other.values) > MAX_VALUES:
        return Number(None, example)
    return Number(one.values | other.values, example)


def _join_texts(one: Text | None, other: Text | None) -> Text | None:
    if one is None or other is None:
        return one or other
    example = other.example if one.example is None else one.example
    kinds = one.kinds | other.kinds
    if one.values is None or other.values is None or len(one.values | other.values) > MAX_VALUES:
        return Text(None, kinds, example)
    return Text(one.values | other.values, kinds, example)


def _join_arrays(one: Array | None, other: Array | None) -> Array | None:
    if one is None or other is None:
        return one or other
    known = max(len(one.first), len(other.first))
    first = tuple(join(element(one, place), element(other, place)) for place in range(known))
    return Array(first, join(one.rest, other.rest), min(one.least, other.least))


def element(array: Array, place: int) -> Shape:
    """The shape of an element that may be there; NEVER when none can be."""
    return array.first[place] if place < len(array.first) else array.rest


def items_of(array: Array) -> Shape:
    """What any element may be."""
    return join_all((*array.first, array.rest))


def _join_objects(one: Object | None, other: Object | None) -> Object | None:
    if one is None or other is None:
        return one or other
    rest = join(one.rest, other.rest)
    fields = {name: _join_fields(one.fields.get(name), other.fields.get(name), one.rest, other.rest)
              for name in (*one.fields, *(name for name in other.fields if name not in one.fields))}
    return Object(fields, rest)


def _join_fields(one: Field | None, other: Field | None, rest: Shape, other_rest: Shape) -> Field:
    if one is not None and other is not None:
        return Field(join(one.shape, other.shape), max(one.presence, other.presence), one.seen or other.seen,
                     one.is_guess and other.is_guess)
    known = one or other or Field(NEVER)
    elsewhere = other_rest if one is not None else rest
    if elsewhere.is_never:
        return replace(known, presence=SOMETIMES)
    return replace(known, shape=join(known.shape, elsewhere), presence=max(known.presence, DECLARED))


# ---- loosening -----------------------------------------------------------------------------------


def loosen(shape: Shape) -> Shape:
    """The same kinds with any values: what a sample says of data like it.  Examples stay."""
    if shape.unknown:
        return shape
    return Shape(
        null=shape.null,
        booleans=frozenset((False, True)) if shape.booleans else shape.booleans,
        number=Number(None, shape.number.example) if shape.number else None,
        text=Text(None, shape.text.kinds, shape.text.example) if shape.text else None,
        array=_loosen_array(shape.array) if shape.array else None,
        object=_loosen_object(shape.object) if shape.object else None)


def _loosen_array(array: Array) -> Array:
    return Array((), loosen(items_of(array)))


def _loosen_object(shape: Object) -> Object:
    return Object({name: replace(known, shape=loosen(known.shape))
                   for name, known in shape.fields.items()}, loosen(shape.rest))


def widen(old: Shape, new: Shape, visits: int) -> Shape:
    """A shape with the members of both; the more visits, the looser, so that it ends after a few."""
    joined = join(old, new)
    if visits < 3 or joined == old:
        return joined
    if visits > 10:
        return UNKNOWN
    return _cut(loosen(joined), 8)


def _cut(shape: Shape, depth: int) -> Shape:
    """Nothing is known of what lies deeper."""
    if depth == 0:
        return UNKNOWN
    array, record = shape.array, shape.object
    if array is not None:
        array = Array(tuple(_cut(item, depth - 1) for item in array.first), _cut(array.rest, depth - 1), array.least)
    if record is not None:
        if len(record.fields) > MAX_FIELDS:
            record = Object({}, UNKNOWN)
        else:
            rest = record.rest if record.rest.is_never else _cut(record.rest, depth - 1)
            record = Object({name: replace(known, shape=_cut(known.shape, depth - 1))
                             for name, known in record.fields.items()}, rest)
    if shape.unknown:
        return shape
    return Shape(shape.null, shape.booleans, shape.number, shape.text, array, record)
