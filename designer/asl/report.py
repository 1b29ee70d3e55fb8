"""Gathers problems while a definition is checked, each with its place."""

from __future__ import annotations

from designer.asl.problems import ERROR, WARNING, Fix, Problem
from designer.asl.source import Source
from designer.asl.templates import pointer_step

SCHEMA = "SCHEMA_VALIDATION_FAILED"
MAX_PROBLEMS = 1000

# A place in the definition: names and array indices.
Steps = tuple[str | int, ...]


class Report:
    """`source` gives lines and columns; None when only parsed data is checked.

    `is_template`: words in the definition may stand for what a template fills in.
    """

    def __init__(self, source: Source | None, *, is_template: bool = False) -> None:
        self.source = source
        self.is_template = is_template
        self.problems: list[Problem] = list(source.problems) if source else []

    def error(self, steps: Steps, message: str, code: str = SCHEMA, *, hint: str = "", at: Steps | None = None,
              nowhere: bool = False, fix: Fix | None = None) -> None:
        """`at` is the place AWS names where it is not the exact one; `nowhere`: AWS names none."""
        self._add(ERROR, code, message, steps, hint, None if nowhere else steps if at is None else at, fix)

    def warning(self, steps: Steps, message: str, code: str, *, hint: str = "", fix: Fix | None = None) -> None:
        self._add(WARNING, code, message, steps, hint, steps, fix)

    def _add(self, severity: str, code: str, message: str, steps: Steps, hint: str, at: Steps | None,
             fix: Fix | None) -> None:
        if len(self.problems) >= MAX_PROBLEMS:
            return
        pointer = pointer_of(steps)
        line, column = self.source.position(pointer) if self.source else (0, 0)
        self.problems.append(Problem(severity, code, message, pointer, None if at is None else location_of(at), line,
                                     column, hint, fix))


def pointer_of(steps: Steps) -> str:
    return "".join(map(pointer_step, steps))


def location_of(steps: Steps) -> str:
    """The place as AWS writes it: /States/C/Choices[0]/Next, "/" for the whole."""
    return "".join(f"[{step}]" if isinstance(step, int) else f"/{step}" for step in steps) or "/"
