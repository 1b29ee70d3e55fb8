"""JSONata's values in Python: undefined, sequences, truth, equality, numbers as text."""

from __future__ import annotations

import math
from typing import Any, Final

from designer.asl.jsontext import dumps


class _Missing:
    """Undefined, which is not null."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "undefined"


MISSING: Final = _Missing()


class Irregular(Exception):  # noqa: N818 - a way out, not an error
    """Not for evaluation in place: the helper process gives the answer, or the exact error."""


class Sequence(list[Any]):
    """What a path finds: one value stands for a sequence of one, undefined for an empty one."""

    __slots__ = ("keep",)

    def __init__(self, items: Any = (), keep: bool = False) -> None:
        super().__init__(items)
        self.keep = keep


def settled(value: Any) -> Any:
    """A value as it leaves an expression."""
    if value.__class__ is not Sequence or value.keep:
        return value
    if not value:
        return MISSING
    return value[0] if len(value) == 1 else value


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def number_of(value: Any) -> int | float:
    """The number, or Irregular."""
    if value.__class__ is int or value.__class__ is float:
        number: int | float = value
        return number
    raise Irregular


def tidy(number: int | float) -> int | float:
    """A computed number as JSON writes it: whole numbers without a point."""
    if number.__class__ is float:
        if math.isinf(number) or math.isnan(number):
            raise Irregular
        if number == int(number) and abs(number) < 2**53:
            return int(number)
    elif not -2**63 <= number < 2**63:
        raise Irregular
    return number


def truth(value: Any) -> bool:
    """$boolean; undefined is false."""
    if value is MISSING or value is None:
        return False
    if isinstance(value, list):
        return any(truth(item) for item in value)
    return bool(value)


def equal(left: Any, right: Any) -> bool:
    """Deep equality; true is not 1."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(equal(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(equal(left[key], right[key]) for key in left)
    return bool(left == right)


def as_text(value: Any) -> str:
    """$string for the plain cases."""
    if isinstance(value, str):
        return value
    if value is MISSING:
        return ""
    if isinstance(value, (bool, int)) or value is None:
        return dumps(value)
    if isinstance(value, (dict, list)) and not _has_float(value):
        return dumps(list(value) if value.__class__ is Sequence else value)
    raise Irregular  # 15 digits, exponents: the helper knows


def _has_float(value: Any) -> bool:
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, dict):
            waiting.extend(current.values())
        elif isinstance(current, list):
            waiting.extend(current)
        elif isinstance(current, float) or current.__class__ is Sequence:
            return True
    return False
