"""JSON definitions in the usual form: two blanks a level, fields in order, every number and text as it was."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from designer.asl.jsontext import loads
from designer.asl.ordering import ROOT, in_order, role_inside
from designer.asl.source import read

WIDTH: Final = 100  # an array of plain values stays in one line up to this column
_TOKEN: Final = re.compile(r'\s*("(?:[^"\\]|\\.)*"|\$\{[^{}]*\}|[{}\[\],:]|[^\s{}\[\],:"]+)')


class FormatError(ValueError):
    """The text cannot be formatted; the message says where and why."""


@dataclass(slots=True)
class _Node:
    """`text` is a plain value as written; containers have members by name, or items, and no text."""

    text: str = ""
    members: dict[str, tuple[str, _Node]] | None = None
    items: list[_Node] = field(default_factory=list)


def format_json(text: str) -> str:
    """The text in its usual form, with a line break at its end.  Raises FormatError."""
    source = read(text, placeholders=True)
    if source.problems:
        problem = source.problems[0]
        raise FormatError(f"line {problem.line}, column {problem.column}: {problem.message.splitlines()[0]}")
    tokens = [match.group(1) for match in _TOKEN.finditer(text.lstrip("\ufeff"))]
    try:
        return "".join(_write(_Parser(tokens).value(), ROOT, 0, 0)) + "\n"
    except RecursionError:
        raise FormatError("The definition is nested too deeply to be formatted.") from None


class _Parser:
    """Tokens of a text that is known to be JSON → nodes.  Its depth is bounded by the scanner."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.at = 0

    def take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]

    def value(self) -> _Node:
        text = self.take()
        if text == "{":
            return self.object()
        return self.array() if text == "[" else _Node(text)

    def object(self) -> _Node:
        members: dict[str, tuple[str, _Node]] = {}
        while (text := self.take()) != "}":
            if text != ",":
                self.take()  # the colon
                members[str(loads(text))] = (text, self.value())
        return _Node(members=members)

    def array(self) -> _Node:
        items: list[_Node] = []
        while self.tokens[self.at] != "]":
            if self.tokens[self.at] == ",":
                self.at += 1
            else:
                items.append(self.value())
        self.at += 1
        return _Node(items=items)


def _write(node: _Node, role: str, level: int, column: int) -> list[str]:
    if node.text:
        return [node.text]
    if node.members is not None:
        lines = [[node.members[name][0], ": ", *_write(
            node.members[name][1], role_inside(role, name), level + 1, 2 * level + 4 + len(node.members[name][0]))]
            for name in in_order(role, node.members)]
        return _block("{", lines, "}", level)
    short = "[" + ", ".join(item.text for item in node.items) + "]"
    if all(item.text for item in node.items) and column + len(short) < WIDTH:
        return [short]
    inner = [_write(item, role_inside(role, number), level + 1, 2 * level + 2)
             for number, item in enumerate(node.items)]
    return _block("[", inner, "]", level)


def _block(begin: str, lines: list[list[str]], end: str, level: int) -> list[str]:
    if not lines:
        return [begin + end]
    indent = "\n" + "  " * (level + 1)
    parts = [begin]
    for number, line in enumerate(lines):
        parts += ["," if number else "", indent, *line]
    return [*parts, "\n" + "  " * level, end]
