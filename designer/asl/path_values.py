"""What a path finds in a document, as Jayway JsonPath answers (../corpus/jsonpath).

A definite path gives its value or PathMissingError; an indefinite one always gives a list, empty when there
is nothing, even where a parent is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from designer.asl.jsontext import dumps
from designer.asl.path_library import compile_indefinite
from designer.asl.path_syntax import FromEnd, Index, Key, Keys, Path, Step

# document -> value; raises PathMissingError
Finder = Callable[[Any], Any]


class PathMissingError(Exception):
    """A definite path leads nowhere.  The message is Jayway's; `past_end` says that only the last
    index lies outside its array, which a payload template takes for null (§8)."""

    def __init__(self, reason: str, *, past_end: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.past_end = past_end


@lru_cache(maxsize=8192)
def compile_finder(path: Path) -> Finder:
    """A closure that finds the path's value."""
    steps = path.steps
    if not steps:
        return lambda document: document
    if not path.definite:
        return compile_indefinite(steps)
    if all(isinstance(step, Key) for step in steps):
        return _by_keys(path, tuple(step.name for step in steps if isinstance(step, Key)))
    return _by_keys_and_indices(path)


def _by_keys(path: Path, names: tuple[str, ...]) -> Finder:
    """The paths of nearly every workflow: `$.a`, `$.a.b` …"""
    if len(names) == 1:
        return _by_key(path, names[0])
    if len(names) == 2:
        first, second = names

        def two(document: Any) -> Any:
            try:
                return document[first][second]
            except (KeyError, TypeError, IndexError):
                return _walk(document, path)

        return two

    def many(document: Any) -> Any:
        node = document
        try:
            for name in names:
                node = node[name]
        except (KeyError, TypeError, IndexError):
            return _walk(document, path)
        return node

    return many


def _by_key(path: Path, name: str) -> Finder:
    def one(document: Any) -> Any:
        try:
            return document[name]
        except (KeyError, TypeError, IndexError):
            return _walk(document, path)

    return one


def _by_keys_and_indices(path: Path) -> Finder:
    plain: list[Any] = []
    for step in path.steps:
        if isinstance(step, Key):
            plain.append(step.name)
        elif isinstance(step, Index):
            plain.append(step.number)
        else:
            return lambda document: _walk(document, path)

    def find(document: Any) -> Any:
        node = document
        try:
            for step in plain:
                if node.__class__ is str:  # "text"[0] is no step of JSONPath
                    return _walk(document, path)
                node = node[step]
        except (KeyError, TypeError, IndexError):
            return _walk(document, path)
        return node

    return find


def _walk(document: Any, path: Path) -> Any:
    """Follow a definite path step by step; knows why it ends."""
    node = document
    last = len(path.steps) - 1
    for number, step in enumerate(path.steps):
        if isinstance(step, Key):
            node = _property(node, step.name, path, number)
        elif isinstance(step, Keys):
            node = _properties(node, step, path, number)
        elif isinstance(step, (Index, FromEnd)):
            position = step.number if isinstance(step, Index) else -step.distance
            if not isinstance(node, list):
                raise _not_an_array(node, position, path, number)
            if not -len(node) <= position < len(node):
                raise PathMissingError(f"No results for path: {_written(path.steps)}", past_end=number == last)
            node = node[position]
    return node


def _property(node: Any, name: str, path: Path, number: int) -> Any:
    if isinstance(node, dict):
        if name in node:
            return node[name]
        if number == len(path.steps) - 1:
            raise PathMissingError(f"No results for path: {_written(path.steps)}")
        raise PathMissingError(f"Missing property in path {_written(path.steps[:number + 1])}")
    here = _written(path.steps[:number])
    raise PathMissingError(f"Property ['{name}'] not found in path {here}")


def _properties(node: Any, step: Keys, path: Path, number: int) -> Any:
    if not isinstance(node, dict):
        raise PathMissingError(f"Properties {_written((step,))[1:]} not found in path {_written(path.steps[:number])}")
    return {name: node[name] for name in step.names if name in node}


def _not_an_array(node: Any, position: int, path: Path, number: int) -> PathMissingError:
    if node is None:
        return PathMissingError(f"The path {_written(path.steps[:number])} is null")
    shown = node if isinstance(node, str) else dumps(node)
    return PathMissingError(f"Filter: [{position}] can only be applied to arrays. Current context is: {shown}")


def _written(steps: tuple[Step, ...]) -> str:
    """Steps in Jayway's notation: $['a'][0]."""
    return "$" + "".join(map(_written_step, steps))


def _written_step(step: Step) -> str:
    if isinstance(step, Key):
        return f"['{step.name}']"
    if isinstance(step, Keys):
        return "[" + ",".join(f"'{name}'" for name in step.names) + "]"
    if isinstance(step, Index):
        return f"[{step.number}]"
    return f"[(@.length-{step.distance})]" if isinstance(step, FromEnd) else "[*]"
