"""JSONata, `{% … %}`: the one door through which compiler and checker reach it (asl-language.md §4).

    lexer ← parser ← static        text → tree, and what is refused before it runs
    values ← operators, functions ← evaluate     evaluation in place, where it is bounded
    helper ← processes             everything else, in a process that can be ended
    quarantine ← processes         what ran out of time before
    expressions                    puts them together
"""

from __future__ import annotations

from typing import Any

from designer.asl.jsonata.expressions import JsonataError, compile_expression
from designer.asl.jsonata.names import undefined_function
from designer.asl.jsonata.parser import parse
from designer.asl.jsonata.processes import HELPERS
from designer.asl.jsonata.static import ALWAYS, Fault, find_faults
from designer.asl.placeholders import OpenExpression, filled
from designer.asl.scope import Evaluator

__all__ = ["ALWAYS", "Fault", "JsonataError", "check", "compile_value", "is_expression", "missing_function", "warm"]


def warm() -> None:
    """Start the helper processes ahead of the first expression that needs one; returns at once."""
    HELPERS.warm()


def is_expression(value: Any) -> bool:
    """Whether a value is an expression: a text that starts with `{%` and ends with `%}`, exactly."""
    return isinstance(value, str) and value.startswith("{%") and value.endswith("%}") and len(value) >= 4


def check(marked: str, available: frozenset[str] = ALWAYS) -> list[Fault]:
    """What is wrong with an expression, found without evaluating it: each bare name once, of all else the first.

    `available`: the properties of `$states` that the field may read.  Placeholders are filled in only in
    an expression that was marked: `${a: b}` is JSONata, too.
    """
    return find_faults(_plain(marked), available)


def _plain(marked: str) -> str:
    return (filled(marked, "null") if isinstance(marked, OpenExpression) else marked)[2:-2]


def missing_function(marked: str) -> str | None:
    """A function that an expression without faults calls though there is none of that name."""
    return undefined_function(parse(_plain(marked)))


def compile_value(value: Any, field: str, kind: str = "") -> Evaluator:
    """An evaluator of any JSON whose texts may be expressions.

    `field` is the field's name in messages ("Output", "Choices[1]/Condition"); `kind` what the result
    must be (expressions._CHECKS), "" for anything.  Raises JsonataError.
    """
    if is_expression(value):
        return compile_expression(value, field, kind)
    if not _has_expression(value):
        return lambda scope: value
    if isinstance(value, list):
        items = [compile_value(item, f"{field}[{number}]") for number, item in enumerate(value)]
        return lambda scope: [item(scope) for item in items]
    members = [(key, compile_value(item, f"{field}/{key}")) for key, item in value.items()]
    return lambda scope: {key: member(scope) for key, member in members}


def _has_expression(value: Any) -> bool:
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if is_expression(current):
            return True
        if isinstance(current, (dict, list)):
            waiting.extend(current.values() if isinstance(current, dict) else current)
    return False
