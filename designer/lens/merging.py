"""ResultPath: the transfer rule of `compile_result_path` (designer/asl/paths.py)."""

from __future__ import annotations

from typing import Any

from designer.asl.errors import RESULT_PATH
from designer.asl.path_syntax import Key, Path, PathSyntaxError, Step
from designer.asl.paths import parse_path
from designer.asl.report import Steps
from designer.lens.finding import GONE, key
from designer.lens.lattice import element, join_all
from designer.lens.notes import TYPE, Notes, whole
from designer.lens.shapes import UNKNOWN, Array, Field, Object, Shape, record


class _UnmatchedError(Exception):
    """The document cannot take the step with this number."""


def merge(text: Any, document: Shape, result: Shape, notes: Notes, steps: Steps) -> Shape:
    """The raw input with the result at a Reference Path; `text` None throws the result away."""
    if text is None:
        return document
    try:
        path = parse_path(text)
    except (PathSyntaxError, AttributeError, TypeError):
        return UNKNOWN
    if path.root != "$" or not path.is_reference:
        return UNKNOWN
    if not path.steps:
        return result
    try:
        return _put(document, path.steps, 0, result)
    except _UnmatchedError as fault:
        _tell(path, int(fault.args[0]), notes, steps)
        return UNKNOWN


def _tell(path: Path, number: int, notes: Notes, steps: Steps) -> None:
    there = whole(path, number)
    kind = "an object" if isinstance(path.steps[number], Key) else "an array that long"
    notes.fails(steps, TYPE, f"ResultPath '{path.text}' cannot be written: {there} is not {kind}", error=RESULT_PATH,
                hint="Write to a field that is not there yet, or to one that is an object; the data itself must be an "
                     "object, too.")


def _put(document: Shape, way: tuple[Step, ...], number: int, result: Shape) -> Shape:
    if number == len(way):
        return result
    step = way[number]
    if isinstance(step, Key):
        return _put_field(document, step.name, way, number, result)
    place = step.number  # type: ignore[union-attr]
    if document.unknown:
        return Shape(array=Array((), UNKNOWN, place + 1))
    array = document.array
    if array is None or element(array, place).is_never:
        raise _UnmatchedError(number)
    first = [element(array, at) for at in range(max(len(array.first), place + 1))]
    first[place] = _put(first[place], way, number + 1, result)
    return Shape(array=Array(tuple(first), array.rest, max(array.least, place + 1)))


def _put_field(document: Shape, name: str, way: tuple[Step, ...], number: int, result: Shape) -> Shape:
    known = Object({}, UNKNOWN) if document.unknown else document.object
    if known is None:
        raise _UnmatchedError(number)
    found = key(known, name)
    ways: list[Shape] = []
    fault: _UnmatchedError | None = None
    if found.sure != GONE or number + 1 == len(way):
        try:
            ways.append(_put(found.shape, way, number + 1, result))
        except _UnmatchedError as error:
            fault = error
    if found.sure and number + 1 < len(way) and isinstance(way[number + 1], Key):  # it may have to be made
        ways.append(_put(record({}), way, number + 1, result))
    if not ways:
        raise fault or _UnmatchedError(number + 1)
    return record({**known.fields, name: Field(join_all(ways))}, known.rest)
