"""Fixes as replacements in the JSON text a definition was read from: only what a fix is about changes.

Spaces, order and numbers of everything else stay as they are, as an editor wants it (sarif.py).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

from designer.asl.json_scanner import Container
from designer.asl.problems import Fix, Operation
from designer.asl.source import Source

_DECODER: Final = json.JSONDecoder()
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_COMMA: Final = re.compile(r"[ \t\r\n]*,[ \t\r\n]*")
_COMMA_BEFORE: Final = re.compile(r",[ \t\r\n]*\Z")


@dataclass(frozen=True, slots=True)
class Replacement:
    """Characters from `start` to before `end` (offsets in the text) give way to `text`."""

    start: int
    end: int
    text: str


def replacements(source: Source, fix: Fix) -> list[Replacement] | None:
    """Replacements that make the fix, none overlapping; None where the text does not allow it (YAML, placeholders)."""
    if source.root is None or source.text[source.root.start] != "{":
        return None
    text = _Text(source)
    try:
        renamed = _renaming(fix.operations)
        if renamed is not None:
            return [text.rename(*renamed)]
        substituted = _substitution(fix.operations)
        if substituted is not None:
            return [text.substitute(*substituted)]
        return [text.change(operation) for operation in fix.operations]
    except (LookupError, ValueError):
        return None


def _steps(pointer: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _renaming(operations: tuple[Operation, ...]) -> tuple[list[str], str] | None:
    """(place, new name), when the operations only give a member another name."""
    if [operation.op for operation in operations] != ["remove", "add"]:
        return None
    old, new = _steps(operations[0].pointer), _steps(operations[1].pointer)
    return (old, new[-1]) if old[:-1] == new[:-1] and new[-1] != "-" else None


def _substitution(operations: tuple[Operation, ...]) -> tuple[list[str], str, object] | None:
    """(place, name, value), when the operations put one member in the place of another."""
    if [operation.op for operation in operations] != ["add", "remove"]:
        return None
    new, old = _steps(operations[0].pointer), _steps(operations[1].pointer)
    return (old, new[-1], operations[0].value) if old[:-1] == new[:-1] and not new[-1].isdecimal() else None


class _Text:
    """The text of a source, with the extents of keys and values."""

    def __init__(self, source: Source) -> None:
        self.text = source.text
        self.root = source.root

    def rename(self, steps: list[str], name: str) -> Replacement:
        start, _ = self._entry(steps)
        return Replacement(start, self._end(start), _shown(name))

    def substitute(self, steps: list[str], name: str, value: object) -> Replacement:
        start, is_member = self._entry(steps)
        if not is_member or name in self._container(steps[:-1]).children:
            raise ValueError
        return Replacement(start, self._end(self._value(steps)), f"{_shown(name)}: {_shown(value)}")

    def change(self, operation: Operation) -> Replacement:
        steps = _steps(operation.pointer)
        if operation.op == "remove":
            return self._remove(steps)
        if operation.op == "replace":
            start = self._value(steps)
            return Replacement(start, self._end(start), _shown(operation.value))
        return self._add(steps, operation.value)

    def _container(self, steps: list[str]) -> Container:
        """Raises KeyError."""
        node = self.root
        for step in steps:
            node = None if node is None else node.children[step][1]
        if node is None:
            raise KeyError(steps)
        return node

    def _entry(self, steps: list[str]) -> tuple[int, bool]:
        """Where a member's key or an element begins, and whether it is a member."""
        holder = self._container(steps[:-1])
        return holder.children[steps[-1]][0], self.text[holder.start] == "{"

    def _value(self, steps: list[str]) -> int:
        start, is_member = self._entry(steps)
        if not is_member:
            return start
        after = self._skip(self._end(start))
        if self.text[after:after + 1] != ":":
            raise ValueError
        return self._skip(after + 1)

    def _end(self, start: int) -> int:
        """The end of the JSON value that begins here.  Raises ValueError."""
        return _DECODER.raw_decode(self.text, start)[1]

    def _skip(self, at: int) -> int:
        space = _SPACE.match(self.text, at)
        return space.end() if space else at

    def _remove(self, steps: list[str]) -> Replacement:
        """With the comma behind it, else the one before it."""
        start, _ = self._entry(steps)
        end = self._end(self._value(steps))
        comma = _COMMA.match(self.text, end)
        if comma is not None:
            return Replacement(start, comma.end(), "")
        before = _COMMA_BEFORE.search(self.text, 0, start)
        return Replacement(start if before is None else before.start(), end, "")

    def _add(self, steps: list[str], value: object) -> Replacement:
        """A member, or an element at the end of its array, after the last one and indented like it."""
        holder = self._container(steps[:-1])
        is_object = self.text[holder.start] == "{"
        if (steps[-1] in holder.children) if is_object else steps[-1] != "-":
            raise ValueError
        entry = f"{_shown(steps[-1])}: {_shown(value)}" if is_object else _shown(value)
        if not holder.children:
            return Replacement(holder.start + 1, holder.start + 1, entry)
        last = list(holder.children)[-1]
        begin = holder.children[last][0]
        line = self.text[self.text.rfind("\n", 0, begin) + 1:begin]
        between = ", " if line.strip() or begin == 0 else f",\n{line}"
        end = self._end(self._value([*steps[:-1], last]))
        return Replacement(end, end, between + entry)


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def apply(text: str, changes: list[Replacement]) -> str:
    """The text after the replacements, which do not overlap."""
    for change in sorted(changes, key=lambda change: change.start, reverse=True):
        text = text[:change.start] + change.text + text[change.end:]
    return text
