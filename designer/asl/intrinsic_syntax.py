"""The syntax of intrinsic functions, `States.Name(arg, …)`: text → Call (asl-language.md §8).

Arguments are quoted texts, numbers, true, false, null, paths and nested calls, at most ten deep.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

MAX_NESTING: Final = 10


class IntrinsicSyntaxError(ValueError):
    """The text is no intrinsic function call; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Literal:
    value: Any


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted text.  `raw` keeps its escapes (States.Format tells `{` from `\\{`); `value` is None when a
    backslash stands before something else, which fails when it is evaluated."""

    raw: str
    value: str | None


@dataclass(frozen=True, slots=True)
class PathArgument:
    path: str


@dataclass(frozen=True, slots=True)
class Call:
    text: str
    name: str
    arguments: tuple[Argument, ...]


Argument = Literal | Text | PathArgument | Call

_NAME = re.compile(r"States\.(\w+)\s*\(", re.ASCII)
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?(?=[\s,)])")
_WORD = re.compile(r"(true|false|null)(?=[\s,)])")
_WORDS: Final[dict[str, Any]] = {"true": True, "false": False, "null": None}
_ESCAPED: Final = "'{}\\"


def parse_intrinsic(text: str) -> Call:
    """Raises IntrinsicSyntaxError."""
    reader = _Reader(text)
    reader.skip_space()
    call = reader.call(1)
    reader.skip_space()
    if reader.at != len(text):
        raise reader.error("unexpected text after the function")
    return call


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def error(self, message: str) -> IntrinsicSyntaxError:
        return IntrinsicSyntaxError(f"{message} at character {self.at + 1} of {self.text}")

    def skip_space(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def call(self, depth: int) -> Call:
        start = self.at
        match = _NAME.match(self.text, self.at)
        if match is None:
            raise self.error("a function is written States.Name(…)")
        if depth > MAX_NESTING:
            raise self.error(f"functions are nested at most {MAX_NESTING} deep")
        self.at = match.end()
        arguments = self._arguments(depth)
        return Call(self.text[start:self.at], f"States.{match.group(1)}", arguments)

    def _arguments(self, depth: int) -> tuple[Argument, ...]:
        found: list[Argument] = []
        self.skip_space()
        if self.peek() == ")":
            self.at += 1
            return ()
        while True:
            self.skip_space()
            found.append(self._argument(depth))
            self.skip_space()
            mark = self.peek()
            if mark not in (",", ")") or not mark:
                raise self.error(", or ) is missing")
            self.at += 1
            if mark == ")":
                return tuple(found)

    def _argument(self, depth: int) -> Argument:
        char = self.peek()
        if char == "'":
            return self._quoted()
        if char == "$":
            return self._path()
        if char == "S":
            return self.call(depth + 1)
        word = _WORD.match(self.text, self.at)
        if word:
            self.at = word.end()
            return Literal(_WORDS[word.group(1)])
        number = _NUMBER.match(self.text, self.at)
        if number is None:
            raise self.error("an argument is a text in 'quotes', a number, true, false, null, a path or a function")
        self.at = number.end()
        text = number.group()
        return Literal(float(text) if number.group(1) or number.group(2) else int(text))

    def _quoted(self) -> Text:
        start = self.at + 1
        end = start
        while end < len(self.text) and self.text[end] != "'":
            end += 2 if self.text[end] == "\\" else 1
        if end >= len(self.text):
            raise self.error("the closing quote is missing")
        self.at = end + 1
        raw = self.text[start:end]
        return Text(raw, unescape(raw))

    def _path(self) -> PathArgument:
        """Up to the comma or bracket that ends the argument; those inside [ ] and quotes belong to the path."""
        start, depth, quote = self.at, 0, ""
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == "\\":
                self.at += 1
            elif quote:
                quote = "" if char == quote else quote
            elif depth and char in "'\"":
                quote = char
            elif char == "[":
                depth += 1
            elif char == "]":
                depth -= 1
            elif depth == 0 and char in ",)":
                break
            self.at += 1
        return PathArgument(self.text[start:self.at].rstrip())


def unescape(raw: str) -> str | None:
    """The text without its escapes, None when a lone backslash is in it."""
    if "\\" not in raw:
        return raw
    found: list[str] = []
    at = 0
    while at < len(raw):
        char = raw[at]
        if char == "\\":
            at += 1
            if at >= len(raw) or raw[at] not in _ESCAPED:
                return None
            char = raw[at]
        found.append(char)
        at += 1
    return "".join(found)
