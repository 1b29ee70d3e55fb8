"""Joining shapes where ways meet, and loosening them so that loops come to an end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce
from typing import Final

from designer.lens.shapes import DECLARED, NEVER, SOMETIMES, UNKNOWN, Array, Field, Number, Object, Shape, Text

MAX_VALUES: Final = 8
MAX_FIELDS: Final = 400
_BOTH: Final = frozenset((False, True))


def join(one: Shape, other: Shape) -> Shape:
    """The least shape that has the members of both."""
    if one is other or other.is_never:
        return one
    if one.is_never:
        return other
    if one.unknown or other.unknown:
        return UNKNOWN
    number = _join_numbers(one.number, other.number)
    text = _join_texts(one.text, other.text)
    array = one.array if one.array is other.array else _join_arrays(one.array, other.array)
    record = one.object if one.object is other.object else _join_objects(one.object, other.object)
    null, booleans = one.null or other.null, one.booleans | other.booleans
    # What is as it was stays the same object: loops of states and long ways compare much that did not change.
    if (number is one.number and text is one.text and array is one.array and record is one.object and null == one.null
            and booleans == one.booleans):
        return one
    return Shape(null, booleans, number, text, array, record)


def join_all(shapes: Iterable[Shape]) -> Shape:
    return reduce(join, shapes, NEVER)


def _join_numbers(one: Number | None, other: Number | None) -> Number | None:
    if one is None or other is None or one is other:
        return one or other
    example = other.example if one.example is None else one.example
    if (one.values is None or (other.values is not None and other.values <= one.values)) and one.example is not None:
        return one
    if one.values is None or other.values is None or len(one.values | other.values) > MAX_VALUES:
        return Number(None, example)
    return Number(one.values | other.values, example)


def _join_texts(one: Text | None, other: Text | None) -> Text | None:
    if one is None or other is None or one is other:
        return one or other
    example = other.example if one.example is None else one.example
    kinds = one.kinds | other.kinds
    if kinds == one.kinds and one.example is not None and (
            one.values is None or (other.values is not None and other.values <= one.values)):
        return one
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
    if rest is one.rest and one.fields.keys() >= other.fields.keys():
        joined = [_join_fields(field, other.fields.get(name), one.rest, other.rest)
                  for name, field in one.fields.items()]
        if all(found is field for found, field in zip(joined, one.fields.values(), strict=True)):
            return one
        return Object(dict(zip(one.fields, joined, strict=True)), rest)
    fields = {name: _join_fields(one.fields.get(name), other.fields.get(name), one.rest, other.rest)
              for name in (*one.fields, *(name for name in other.fields if name not in one.fields))}
    return Object(fields, rest)


def _join_fields(one: Field | None, other: Field | None, rest: Shape, other_rest: Shape) -> Field:
    if one is other and one is not None:
        return one
    if one is not None and other is not None:
        shape = join(one.shape, other.shape)
        if shape is one.shape and one.presence >= other.presence and (one.seen or not other.seen) and (
                other.is_guess or not one.is_guess):
            return one
        return Field(shape, max(one.presence, other.presence), one.seen or other.seen,
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
    number, text, array, record = shape.number, shape.text, shape.array, shape.object
    if number is not None and number.values is not None:
        number = Number(None, number.example)
    if text is not None and text.values is not None:
        text = Text(None, text.kinds, text.example)
    if array is not None:
        array = _loosen_array(array)
    if record is not None:
        record = _loosen_object(record)
    booleans = _BOTH if shape.booleans else shape.booleans
    if (number is shape.number and text is shape.text and array is shape.array and record is shape.object
            and booleans == shape.booleans):
        return shape
    return Shape(shape.null, booleans, number, text, array, record)


def _loosen_array(array: Array) -> Array:
    item = loosen(items_of(array) if array.first else array.rest)
    return array if item is array.rest and not array.first and not array.least else Array((), item)


def _loosen_object(shape: Object) -> Object:
    rest = loosen(shape.rest)
    fields = {}
    for name, known in shape.fields.items():
        loose = loosen(known.shape)
        fields[name] = known if loose is known.shape else replace(known, shape=loose)
    is_same = rest is shape.rest and all(fields[name] is known for name, known in shape.fields.items())
    return shape if is_same else Object(fields, rest)


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
