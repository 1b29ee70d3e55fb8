"""Regular expressions in JSONPath filters, kept from running for ever.

Python's engine backtracks and cannot be stopped from inside, so a pattern that repeats a repetition or
an alternative (`(a+)+`, `(a|aa)*`), or refers back, is refused when it is compiled, and a long text is
refused when the repetitions of the pattern could make it expensive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from designer.asl.errors import RUNTIME, StateError

_MAX_WORK = 10_000_000  # characters to the power of the repetitions
_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
_REFUSED = (codes.GROUPREF, codes.GROUPREF_EXISTS, codes.ASSERT, codes.ASSERT_NOT)


@dataclass(frozen=True, slots=True)
class Pattern:
    expression: re.Pattern[str]
    repeats: int

    def matches(self, value: Any) -> bool:
        """Whether the whole text matches.  Numbers match as their JSON text; other values never do."""
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            return False
        text = value if isinstance(value, str) else str(value)
        if len(text) ** max(self.repeats, 1) > _MAX_WORK:
            raise StateError(RUNTIME, f"The text is too long for the regular expression /{self.expression.pattern}/.")
        return self.expression.fullmatch(text) is not None


def compile_pattern(source: str, *, ignore_case: bool) -> Pattern:
    """Raises ValueError when `source` is no pattern or could run for ever."""
    try:
        repeats = _count(parser.parse(source), inside=False)
        return Pattern(re.compile(source, re.IGNORECASE if ignore_case else 0), repeats)
    except (re.error, RecursionError, OverflowError) as broken:
        raise ValueError(f"the regular expression /{source}/ cannot be read: {broken}") from None


def _count(items: Any, *, inside: bool) -> int:
    """How many repetitions follow each other; `inside` a repetition none may come again."""
    total = 0
    for code, argument in items:
        if code in _REFUSED or (inside and code in (*_REPEATS, codes.BRANCH)):
            raise ValueError("the regular expression repeats a repetition or refers back, which could run for ever,")
        if code in _REPEATS:
            total += 1 + _count(argument[2], inside=True)
        elif code is codes.SUBPATTERN:
            total += _count(argument[3], inside=inside)
        elif code is codes.BRANCH:
            total += max(_count(branch, inside=inside) for branch in argument[1])
        elif code is codes.ATOMIC_GROUP:
            total += _count(argument, inside=inside)
    return total
