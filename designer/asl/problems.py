"""What the checker finds: a list of problems, never an exception (asl-language.md §22)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

ERROR: Final = "ERROR"
WARNING: Final = "WARNING"


@dataclass(frozen=True, slots=True)
class Operation:
    """One change of a definition: `op` is add, remove or replace as in JSON Patch (RFC 6902).

    `pointer` is a JSON pointer; `value` is what to add or put in place, None for remove.
    """

    op: str
    pointer: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Fix:
    """Changes, to be made in this order, that end a problem; `title` says what they do."""

    title: str
    operations: tuple[Operation, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain data; a removal has no `value`."""
        return {"title": self.title, "operations": [
            {"op": change.op, "pointer": change.pointer} | ({} if change.op == "remove" else {"value": change.value})
            for change in self.operations]}


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding.

    `pointer` is an RFC 6901 JSON pointer into the definition ("" = the whole); `location` is the same
    place as AWS writes it (`/States/C/Choices[0]/Next`), None where AWS gives none.  `line` and
    `column` count from 1 in the source text and are 0 when only parsed data was checked.  `message`
    is AWS's text where AWS has one; `hint` says what to do about it; `fix` does it, where that is obvious.
    """

    severity: str
    code: str
    message: str
    pointer: str = ""
    location: str | None = None
    line: int = 0
    column: int = 0
    hint: str = ""
    fix: Fix | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain data, `fix` included (None where there is none)."""
        members = {field.name: getattr(self, field.name) for field in fields(self)}
        return members | {"fix": self.fix and self.fix.as_dict()}


class DefinitionError(Exception):
    """The definition cannot be compiled; carries what the checker found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = list(problems)
