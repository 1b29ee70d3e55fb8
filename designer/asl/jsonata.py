"""JSONata, `{% … %}`: the one door through which the compiler reaches it (asl-language.md §4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from designer.asl.scope import Evaluator, Scope


class JsonataError(ValueError):
    """The value holds a JSONata expression that cannot be compiled."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an expression, found without evaluating it."""

    message: str
    code: str = "INVALID_JSONATA_EXPRESSION"
    hint: str = ""


def check(text: str) -> Fault | None:
    """The first thing wrong with an expression, found without evaluating it."""
    if not text[2:-2].strip():
        return Fault("The JSONata expression is empty", hint="Write an expression between '{%' and '%}'.")
    return None


def is_expression(value: Any) -> bool:
    """Whether a value is an expression: a text that starts with `{%` and ends with `%}`, exactly."""
    return isinstance(value, str) and value.startswith("{%") and value.endswith("%}") and len(value) >= 4


def compile_value(value: Any, field: str, kind: str = "") -> Evaluator:
    """An evaluator of any JSON whose texts may be expressions.

    `field` is the field's name in messages ("Output", "Choices[1]/Condition"); `kind` what the result
    must be ("array", "boolean", "string", "integer" …), "" for anything.  Raises JsonataError.
    """
    if _has_expression(value):
        raise JsonataError(f"JSONata expressions are not supported yet (field {field}); write the state in JSONPath")

    def literal(scope: Scope) -> Any:
        return value

    return literal


def _has_expression(value: Any) -> bool:
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if is_expression(current):
            return True
        if isinstance(current, (dict, list)):
            waiting.extend(current.values() if isinstance(current, dict) else current)
    return False
