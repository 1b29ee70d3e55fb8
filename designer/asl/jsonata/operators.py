"""Binary operators of JSONata on settled values; type errors are Irregular."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

from designer.asl.jsonata.values import MISSING, Irregular, as_text, equal, is_number, number_of, tidy

Operate = Callable[[Any, Any], Any]


def _arithmetic(operate: Operate) -> Operate:
    def run(left: Any, right: Any) -> Any:
        if left is MISSING or right is MISSING:
            for operand in (left, right):
                if operand is not MISSING:
                    number_of(operand)
            return MISSING
        return tidy(operate(number_of(left), number_of(right)))

    return run


def _divide(left: Any, right: Any) -> Any:
    if right == 0:
        raise Irregular
    return left // right if isinstance(left, int) and isinstance(right, int) and left % right == 0 else left / right


def _remainder(left: Any, right: Any) -> Any:
    """The sign is the dividend's."""
    if right == 0:
        raise Irregular
    if isinstance(left, int) and isinstance(right, int):
        return (abs(left) % abs(right)) * (1 if left >= 0 else -1)
    return math.fmod(left, right)


def _ordered(operate: Operate) -> Operate:
    def run(left: Any, right: Any) -> Any:
        for operand in (left, right):
            if operand is not MISSING and not isinstance(operand, str) and not is_number(operand):
                raise Irregular
        if left is MISSING or right is MISSING:
            return MISSING
        if isinstance(left, str) != isinstance(right, str):
            raise Irregular
        return operate(left, right)

    return run


def _in(left: Any, right: Any) -> Any:
    if left is MISSING or right is MISSING:
        return False
    if isinstance(left, (dict, list)):
        raise Irregular
    return any(not isinstance(item, (dict, list)) and equal(left, item)
               for item in (right if isinstance(right, list) else [right]))


OPERATORS: Final[dict[str, Operate]] = {
    "+": _arithmetic(lambda a, b: a + b),
    "-": _arithmetic(lambda a, b: a - b),
    "*": _arithmetic(lambda a, b: a * b),
    "/": _arithmetic(_divide),
    "%": _arithmetic(_remainder),
    "&": lambda a, b: as_text(a) + as_text(b),
    "=": lambda a, b: a is not MISSING and b is not MISSING and equal(a, b),
    "!=": lambda a, b: a is not MISSING and b is not MISSING and not equal(a, b),
    "<": _ordered(lambda a, b: a < b),
    "<=": _ordered(lambda a, b: a <= b),
    ">": _ordered(lambda a, b: a > b),
    ">=": _ordered(lambda a, b: a >= b),
    "in": _in,
}
