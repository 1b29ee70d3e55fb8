"""Check a definition before it is saved."""

from __future__ import annotations

import json
from collections.abc import Iterable

from designer.asl.checker import check
from designer.asl.problems import ERROR, Problem
from designer.asl.yaml_source import read_yaml
from designer.errors import ActionError


def check_definition(definition: str, kind: str) -> list[Problem]:
    """Return the warnings of a definition text; raise InvalidDefinition when there are errors.

    The exception carries all problems as `problems` (not part of AWS's answer) for those who show them.
    """
    problems = check(definition, kind=kind)
    errors = [problem for problem in problems if problem.severity == ERROR]
    if errors:
        refused = invalid_definition(errors)
        refused.problems = problems  # type: ignore[attr-defined]
        raise refused
    return problems


def check_source(source: str, definition: str) -> None:
    """The YAML of a definition says what the definition says; InvalidDefinition when it does not."""
    if source and read_yaml(source).data != json.loads(definition):
        raise ActionError("InvalidDefinition", "The source is not the YAML of the definition; save both anew.")


def invalid_definition(errors: Iterable[Problem]) -> ActionError:
    return ActionError("InvalidDefinition", f"Invalid State Machine Definition: '{in_one_line(errors)}'")


def in_one_line(problems: Iterable[Problem]) -> str:
    """Problems as AWS strings them together (asl-language.md section 22); no location is `null`."""
    return ", ".join(
        f"{problem.code}: {problem.message.rstrip()} at {problem.location or 'null'}" for problem in problems)
