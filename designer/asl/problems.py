"""What the checker finds: a list of problems, never an exception (asl-language.md §22)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

ERROR: Final = "ERROR"
WARNING: Final = "WARNING"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding.

    `pointer` is an RFC 6901 JSON pointer into the definition ("" = the whole); `location` is the same
    place as AWS writes it (`/States/C/Choices[0]/Next`), None where AWS gives none.  `line` and
    `column` count from 1 in the source text and are 0 when only parsed data was checked.  `message`
    is AWS's text where AWS has one; `hint` says what to do about it.
    """

    severity: str
    code: str
    message: str
    pointer: str = ""
    location: str | None = None
    line: int = 0
    column: int = 0
    hint: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class DefinitionError(Exception):
    """The definition cannot be compiled; carries what the checker found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = list(problems)
