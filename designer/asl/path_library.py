"""Indefinite paths, evaluated by jsonpath-ng.

The library's nodes (fields, indices, slices, wildcard, descendants) answer as Jayway does.  Three steps
of Jayway's have no like there and are nodes of ours, added the way the library's own extensions are:
a filter, several keys at once, and an index counted from the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from jsonpath_ng.jsonpath import Child, DatumInContext, Descendants, Fields, JSONPath, Root, Slice, Wildcard
from jsonpath_ng.jsonpath import Index as At

from designer.asl.path_syntax import Filter, FromEnd, Index, Indices, Key, Keys, Scan, Step, Test, Wild
from designer.asl.path_syntax import Slice as SliceStep


def compile_indefinite(steps: tuple[Step, ...]) -> Callable[[Any], list[Any]]:
    """document → the values found, in document order."""
    tree: JSONPath = Root()
    scanning = False
    for step in steps:
        if isinstance(step, Scan):
            scanning = True
            continue
        node = _node(step, scanning)
        tree = Descendants(tree, node) if scanning else Child(tree, node)
        scanning = False
    find = tree.find
    return lambda document: [found.value for found in find(document)]


def _node(step: Step, scanning: bool) -> JSONPath:
    if isinstance(step, Key):
        return _OneField(step.name)
    if isinstance(step, Wild):
        return Wildcard()
    if isinstance(step, SliceStep):
        return Slice(start=step.start, end=step.stop, step=step.step)
    if isinstance(step, Filter):
        return _Filtered(step.test, scanning)
    if isinstance(step, Keys):
        return _Object(step.names)
    return _Elements(_positions(step))


def _positions(step: Step) -> tuple[int, ...]:
    if isinstance(step, Index):
        return (step.number,)
    if isinstance(step, FromEnd):
        return (-step.distance,)
    return step.numbers if isinstance(step, Indices) else ()


def _element(datum: DatumInContext, position: int) -> DatumInContext:
    return DatumInContext(datum.value[position], path=At(position), context=datum)


def _whole_document(datum: DatumInContext) -> Any:
    while datum.context is not None:
        datum = datum.context
    return datum.value


class _OneField(Fields):
    """One member by name, whatever the name: `*` is a name like any other here."""

    def __init__(self, name: str) -> None:
        self.fields = (name,)
        self._deprecated_wildcard_use = False

    def find(self, datum: Any) -> list[DatumInContext]:
        here = DatumInContext.wrap(datum)
        name = self.fields[0]
        if not isinstance(here.value, dict) or name not in here.value:
            return []
        return [DatumInContext(here.value[name], path=self, context=here)]


class _Elements(JSONPath):
    """`[0,2]`, `[-1]`: elements that exist."""

    def __init__(self, positions: tuple[int, ...]) -> None:
        self.positions = positions

    def find(self, datum: Any) -> list[DatumInContext]:
        here = DatumInContext.wrap(datum)
        if not isinstance(here.value, list):
            return []
        size = len(here.value)
        return [_element(here, position) for position in self.positions if -size <= position < size]


class _Object(JSONPath):
    """`['a','b']`: an object with those of the keys that are there."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names

    def find(self, datum: Any) -> list[DatumInContext]:
        here = DatumInContext.wrap(datum)
        if not isinstance(here.value, dict):
            return []
        part = {name: here.value[name] for name in self.names if name in here.value}
        return [DatumInContext(part, path=self, context=here)]


class _Filtered(JSONPath):
    """`[?(…)]`: the elements of an array that pass; an object is tested itself.

    While `..` scans, each object comes by itself, so that of an array only what is no object is tested.
    """

    def __init__(self, test: Test, scanning: bool) -> None:
        self.test = test
        self.scanning = scanning

    def find(self, datum: Any) -> list[DatumInContext]:
        here = DatumInContext.wrap(datum)
        root = _whole_document(here)
        if isinstance(here.value, dict):
            return [here] if self.test(here.value, root) else []
        if not isinstance(here.value, list):
            return []
        items = here.value
        return [_element(here, position) for position in self._tested(items) if self.test(items[position], root)]

    def _tested(self, items: list[Any]) -> Iterable[int]:
        if not self.scanning:
            return range(len(items))
        return (position for position, item in enumerate(items) if not isinstance(item, dict))
