"""The syntax of JSONPath, as Jayway JsonPath reads it: text → steps.

Read here since jsonpath-ng's parser refuses names like `評価結果`, `||`, `!`, brackets in filters and
`[(@.length-1)]`; what is read is evaluated by that library (path_library.py, docs/explanation/jsonpath.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# (node under test, root document) -> does the node pass?
Test = Callable[[Any, Any], bool]


class PathSyntaxError(ValueError):
    """The text is no path; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Key:
    name: str


@dataclass(frozen=True, slots=True)
class Index:
    number: int


@dataclass(frozen=True, slots=True)
class Keys:
    """`['a','b']`: an object with these keys."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Indices:
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Slice:
    start: int | None
    stop: int | None
    step: int | None


@dataclass(frozen=True, slots=True)
class FromEnd:
    """`[(@.length-n)]`."""

    distance: int


@dataclass(frozen=True, slots=True)
class Wild:
    pass


@dataclass(frozen=True, slots=True)
class Scan:
    """`..`: the next step is applied to every container below, the nearest first."""


@dataclass(frozen=True, slots=True)
class Filter:
    test: Test


Step = Key | Index | Keys | Indices | Slice | FromEnd | Wild | Scan | Filter
_INDEFINITE = (Indices, Slice, Wild, Scan, Filter)


@dataclass(frozen=True, slots=True)
class Path:
    """A parsed path.  `root` is "$" (data), "$$" (context) or a variable's name."""

    text: str
    root: str
    steps: tuple[Step, ...]

    @property
    def definite(self) -> bool:
        """Whether it gives one value; by its syntax, never by the number of matches."""
        return not any(isinstance(step, _INDEFINITE) for step in self.steps)

    @property
    def is_reference(self) -> bool:
        """Whether it can only name one node by names and indices (Reference Path, §7)."""
        return all(isinstance(step, Key) or (isinstance(step, Index) and step.number >= 0) for step in self.steps)


_SPACE = " \t\r\n"
_ENDS_NAME = frozenset(".[]" + _SPACE)
_ENDS_NAME_IN_FILTER = _ENDS_NAME | frozenset("()=!<>&|,~'\"")
_NUMBERS = re.compile(r"\s*(-?\d+)\s*((?:,\s*-?\d+\s*)*)\]")
_SLICE = re.compile(r"\s*(-?\d+)?\s*:\s*(-?\d+)?\s*(?::\s*(-?\d+)?\s*)?\]")
_FROM_END = re.compile(r"\s*\(\s*@\.length(?:\(\))?\s*-\s*(\d+)\s*\)\s*\]")


class Reader:
    """A cursor over the text of one path.  `read_filter` reads the inside of `[?( … )]` (path_filters)."""

    def __init__(self, text: str, at: int, read_filter: Callable[[Reader], Test]) -> None:
        self.text = text
        self.at = at
        self.depth = 0
        self._read_filter = read_filter

    def error(self, message: str) -> PathSyntaxError:
        return PathSyntaxError(f"{message} at character {self.at + 1} of {self.text}")

    def peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def skip_space(self) -> None:
        while self.at < len(self.text) and self.text[self.at] in _SPACE:
            self.at += 1

    def take(self, word: str) -> bool:
        if self.text.startswith(word, self.at):
            self.at += len(word)
            return True
        return False

    def steps(self, *, inside_filter: bool) -> tuple[Step, ...]:
        found: list[Step] = []
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == "[":
                found.append(self._bracket())
            elif char == ".":
                self._dot(found, inside_filter)
            elif found and isinstance(found[-1], Index) and not inside_filter and char not in _SPACE:
                found.append(Key(self._name(inside_filter)))  # Jayway lets `[0]name` pass
            else:
                break
        return tuple(found)

    def _dot(self, found: list[Step], inside_filter: bool) -> None:
        self.at += 1
        if self.take("."):
            found.append(Scan())
        if self.peek() == "[":
            found.append(self._bracket())
        elif self.take("*"):
            found.append(Wild())
        else:
            found.append(Key(self._name(inside_filter)))

    def _name(self, inside_filter: bool) -> str:
        ends = _ENDS_NAME_IN_FILTER if inside_filter else _ENDS_NAME
        name: list[str] = []
        while self.at < len(self.text) and self.text[self.at] not in ends:
            if self.text[self.at] == "\\" and self.at + 1 < len(self.text):
                self.at += 1
            name.append(self.text[self.at])
            self.at += 1
        if not name:
            raise self.error("a name is missing")
        return "".join(name)

    def _bracket(self) -> Step:
        self.at += 1
        self.skip_space()
        char = self.peek()
        if char in ("'", '"'):
            return self._quoted_names()
        if char == "*":
            self.at += 1
            self._close("]")
            return Wild()
        if char == "?":
            return self._filter()
        return self._numbers()

    def _quoted_names(self) -> Step:
        names = [self.quoted()]
        self.skip_space()
        while self.take(","):
            self.skip_space()
            names.append(self.quoted())
            self.skip_space()
        self._close("]")
        return Key(names[0]) if len(names) == 1 else Keys(tuple(names))

    def quoted(self) -> str:
        """A quoted text.  Only the quote itself and the backslash are unescaped, as AWS does."""
        quote = self.peek()
        if quote not in ("'", '"') or not quote:
            raise self.error("a quoted name is missing")
        self.at += 1
        found: list[str] = []
        while self.peek() != quote:
            if self.peek() == "":
                raise self.error("the closing quote is missing")
            if self.peek() == "\\" and self.text[self.at + 1:self.at + 2] in (quote, "\\"):
                self.at += 1
            found.append(self.peek())
            self.at += 1
        self.at += 1
        return "".join(found)

    def _filter(self) -> Step:
        self.at += 1
        self.skip_space()
        if not self.take("("):
            raise self.error("a filter is written [?(…)]")
        test = self._read_filter(self)
        self._close(")")
        self._close("]")
        return Filter(test)

    def _numbers(self) -> Step:
        match = _NUMBERS.match(self.text, self.at)
        if match:
            self.at = match.end()
            first, rest = match.groups()
            others = [int(number) for number in rest.split(",") if number.strip()]
            return Indices((int(first), *others)) if others else Index(int(first))
        match = _SLICE.match(self.text, self.at)
        if match:
            self.at = match.end()
            start, stop, step = (None if number is None else int(number) for number in match.groups())
            if step is not None and step <= 0:
                raise self.error("the step of a slice is positive")
            return Slice(start, stop, step)
        match = _FROM_END.match(self.text, self.at)
        if match:
            self.at = match.end()
            return FromEnd(int(match.group(1)))
        raise self.error("an index, a slice, *, a quoted name or a filter is missing")

    def _close(self, mark: str) -> None:
        self.skip_space()
        if not self.take(mark):
            raise self.error(f"{mark} is missing")
