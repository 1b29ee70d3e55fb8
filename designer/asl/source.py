"""Definition text → data, with the place of every value and what is wrong with the text itself."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any, Final

from designer.asl.json_scanner import Container, JsonSyntaxError, scan
from designer.asl.placeholders import mark
from designer.asl.problems import ERROR, Problem
from designer.asl.templates import pointer_step

_BREAK: Final = re.compile("\n")


@dataclass(slots=True)
class Source:
    """`data` is None when the text is no JSON.  `problems` holds broken JSON and keys that come twice."""

    text: str
    data: Any = None
    problems: list[Problem] = field(default_factory=list)
    root: Container | None = None
    _lines: list[int] | None = None

    def position(self, pointer: str) -> tuple[int, int]:
        """(line, column), from 1, of the value at a JSON pointer; for a member of an object, of its key.

        Where the pointer leads into nothing, the place of the nearest container is given.
        """
        place, node = 0, self.root
        if node is not None:
            place = node.start
        for step in pointer.split("/")[1:]:
            if node is None:
                break
            found = node.children.get(step.replace("~1", "/").replace("~0", "~"))
            if found is None:
                break
            place, node = found
        return self.line_column(place)

    def line_column(self, offset: int) -> tuple[int, int]:
        if self._lines is None:
            self._lines = [0, *(match.end() for match in _BREAK.finditer(self.text))]
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1


def read(text: str, *, placeholders: bool = False) -> Source:
    """Read JSON; never raises.  `placeholders`: those of SAM, CloudFormation and Terraform are tolerated."""
    source = Source(text)
    if not text.strip():
        source.problems.append(empty())
        return source
    try:
        source.data, source.root, doubles = scan(text, placeholders=placeholders)
    except JsonSyntaxError as broken:
        line, column = source.line_column(broken.offset)
        source.problems.append(_broken(broken, text, *source.line_column(broken.reported), line, column))
        return source
    for steps, offset in doubles:
        source.problems.append(double(steps, *source.line_column(offset)))
    if placeholders:
        source.data = mark(source.data)
    return source


def empty() -> Problem:
    """A text with nothing in it."""
    return Problem(ERROR, "SCHEMA_VALIDATION_FAILED", "Definition must be a valid JSON object", line=1, column=1,
                   hint="Write an object with StartAt and States.")


def _broken(broken: JsonSyntaxError, text: str, seen_line: int, seen_column: int, line: int, column: int) -> Problem:
    """AWS repeats the text of its parser (Jackson), which shows up to 500 characters of the source."""
    shown = text if len(text) <= 500 else text[:500] + f'"[truncated {len(text) - 500} chars]'
    place = f'[Source: (String)"{shown}{"" if len(text) > 500 else chr(34)}; line: {seen_line}, column: {seen_column}]'
    return Problem(ERROR, "INVALID_JSON_DESCRIPTION", f"{broken.message}\n at {place}", "", place, line, column,
                   hint=broken.hint)


def double(steps: tuple[str | int, ...], line: int, column: int) -> Problem:
    """A key that comes twice in one object."""
    pointer = "".join(map(pointer_step, steps))
    name = steps[-1]
    if len(steps) >= 2 and steps[-2] == "States":
        return Problem(ERROR, "DUPLICATE_STATE_NAME", f"Duplicate State name: {name}", pointer, pointer, line, column,
                       hint="Give one of the two states another name; the second replaces the first.")
    return Problem(ERROR, "SCHEMA_VALIDATION_FAILED", f"Duplicate field '{name}'", pointer, pointer, line, column,
                   hint="Remove one of the two; the second replaces the first.")
