"""Where a path leads in a shape: the transfer rule of designer/asl/path_values.py."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from designer.asl.path_syntax import Filter, FromEnd, Index, Indices, Key, Keys, Path, Slice, Step, Wild
from designer.asl.path_values import compile_finder
from designer.lens.lattice import element, items_of, join, join_all
from designer.lens.shapes import (
    ALWAYS,
    DECLARED,
    NEVER,
    SOMETIMES,
    UNKNOWN,
    Array,
    Field,
    NotConstantError,
    Object,
    Shape,
    array_of,
    constant,
    exactly,
    record,
)

GONE: Final = 3  # one more than SOMETIMES: it is never there


@dataclass(frozen=True, slots=True)
class Found:
    """`sure` is ALWAYS … SOMETIMES, or GONE when the path leads nowhere; `at` is the number of the step where it may
    end (-1: the variable itself), `there` the shape it was looked for in.  `past_end`: only the last index may lie
    behind its array."""

    shape: Shape
    sure: int = ALWAYS
    at: int = -1
    there: Shape = NEVER
    past_end: bool = False
    seen: tuple[int, int] | None = None


def find(path: Path, document: Shape) -> Found:
    """What a path finds; `document` is the shape of its root."""
    if not path.steps or document.is_never:
        return Found(document)
    if not path.definite:
        return Found(_indefinite(path, document))
    found = Found(document)
    last = len(path.steps) - 1
    for number, step in enumerate(path.steps):
        before = found.shape
        after = _step(step, before)
        past = number == last and after.sure != ALWAYS and isinstance(step, (Index, FromEnd)) and bool(before.array)
        if after.sure > found.sure:
            found = Found(after.shape, after.sure, number, before, past, after.seen)
        else:
            found = replace(found, shape=after.shape, past_end=past)
        if found.sure == GONE:
            break
    return found


def _step(step: Step, shape: Shape) -> Found:
    if shape.unknown:
        return Found(UNKNOWN, DECLARED)
    if isinstance(step, Key):
        return _others(key(shape.object, step.name), shape, "object")
    if isinstance(step, Keys):
        return _others(_keys(shape.object, step.names), shape, "object")
    return _others(_index(shape.array, step), shape, "array")


def _others(found: Found, shape: Shape, kind: str) -> Found:
    """Values of other kinds have no such step."""
    if found.sure != GONE and shape.kinds != (kind,):
        return replace(found, sure=max(found.sure, SOMETIMES))
    return found


def key(known: Object | None, name: str) -> Found:
    """The field of an object."""
    if known is None:
        return Found(NEVER, GONE)
    field = known.fields.get(name)
    if field is not None:
        return Found(field.shape, field.presence, seen=field.seen)
    return Found(NEVER, GONE) if known.rest.is_never else Found(known.rest, DECLARED)


def _keys(known: Object | None, names: tuple[str, ...]) -> Found:
    if known is None:
        return Found(NEVER, GONE)
    fields: dict[str, Field] = {}
    for name in names:
        found = key(known, name)
        if found.sure != GONE:
            fields[name] = Field(found.shape, found.sure)
    return Found(record(fields))


def _index(array: Array | None, step: Step) -> Found:
    if array is None:
        return Found(NEVER, GONE)
    number = step.number if isinstance(step, Index) else -step.distance if isinstance(step, FromEnd) else 0
    if number < 0:
        return _from_end(array, -number)
    there = element(array, number)
    if there.is_never:
        return Found(NEVER, GONE)
    return Found(there, ALWAYS if number < array.least else DECLARED)


def _from_end(array: Array, distance: int) -> Found:
    if array.rest.is_never and array.least == len(array.first):  # the length is known
        place = array.least - distance
        return Found(array.first[place]) if place >= 0 else Found(NEVER, GONE)
    if array.rest.is_never and distance > len(array.first):
        return Found(NEVER, GONE)
    return Found(items_of(array), ALWAYS if distance <= array.least else DECLARED)


# ---- indefinite paths ----------------------------------------------------------------------------


def _indefinite(path: Path, document: Shape) -> Shape:
    """A list of what is found; never an error."""
    try:
        return exactly(compile_finder(path)(constant(document)))
    except NotConstantError:
        pass
    nodes = document
    for step in path.steps:
        nodes = _spread(step, nodes)
        if nodes.unknown:
            break
    return array_of(nodes)


def _spread(step: Step, nodes: Shape) -> Shape:
    if nodes.unknown:
        return UNKNOWN
    if isinstance(step, (Key, Keys)):
        found = _step(step, nodes)
        return NEVER if found.sure == GONE else found.shape
    elements = NEVER if nodes.array is None else items_of(nodes.array)
    if isinstance(step, (Index, Indices, FromEnd)):
        return elements
    if isinstance(step, Slice):
        return join(elements, nodes)  # the library takes what is no array for an array of one
    if isinstance(step, (Wild, Filter)):
        return join_all((elements, nodes, _members(nodes))) if isinstance(step, Filter) else join(
            elements, _members(nodes))
    return UNKNOWN


def _members(nodes: Shape) -> Shape:
    if nodes.object is None:
        return NEVER
    return join_all((*(field.shape for field in nodes.object.fields.values()), nodes.object.rest))
