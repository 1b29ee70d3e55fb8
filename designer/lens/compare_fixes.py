"""What to do about a comparison that can never match."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from designer.asl.choice import COMPARISONS
from designer.asl.problems import Fix, Operation
from designer.asl.report import pointer_of
from designer.lens.shapes import NUMERIC, kind_of_text

if TYPE_CHECKING:
    from designer.lens.conditions import Comparison
    from designer.lens.views import View

_PREFIXES: Final = ("String", "Numeric", "Boolean", "Timestamp")


def hint(comparison: Comparison, kind: str) -> str:
    if kind == "number" and comparison.shape.text:
        return ("The number is written as a text. Turn it into a number with States.StringToJson(…) before, or compare "
                "it as a text.")
    return f"Compare it with an operator for {_kinds(comparison)}, or have a state before turn it into what is wanted."


def _kinds(comparison: Comparison) -> str:
    return " or ".join(comparison.shape.kinds)


def fix(comparison: Comparison, view: View) -> Fix | None:
    """Another operator where one says the same; None where the data has to be changed."""
    prefix = next(prefix for prefix in _PREFIXES if comparison.operator.startswith(prefix))
    order = comparison.operator.removeprefix(prefix)
    if comparison.shape.kinds == ("string",) and prefix in ("Numeric", "Boolean"):
        return _as_text(comparison) if order == "Equals" else None
    if comparison.shape.kinds == ("number",) and prefix == "String" and f"Numeric{order}" in COMPARISONS:
        return _as_number(comparison, f"Numeric{order}")
    if comparison.shape.kinds == ("boolean",) and comparison.operand in ("true", "false"):
        return _other(comparison, "BooleanEquals", comparison.operand == "true") if order == "Equals" else None
    return None


def _as_text(comparison: Comparison) -> Fix:
    operand = comparison.operand
    text = ("true" if operand else "false") if isinstance(operand, bool) else str(operand)
    return _other(comparison, "StringEquals", text)


def _as_number(comparison: Comparison, operator: str) -> Fix | None:
    operand = comparison.operand
    if not isinstance(operand, str) or kind_of_text(operand) != NUMERIC:
        return None
    number = float(operand)
    return _other(comparison, operator, int(number) if number.is_integer() else number)


def _other(comparison: Comparison, operator: str, operand: Any) -> Fix:
    here = comparison.steps
    shown = f"{operand!r}" if isinstance(operand, str) else str(operand).lower()
    return Fix(f"Compare with {operator} {shown}", (
        Operation("add", pointer_of((*here, operator)), operand),
        Operation("remove", pointer_of((*here, comparison.operator)))))
