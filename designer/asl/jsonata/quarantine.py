"""Expressions that ran out of time or memory before: refused at once for a while, so that they hold up nobody again.

A pure book-keeper; the caller brings the clock (seconds from any start).  Two things are kept:

- each expression that did so twice in a row is refused, first for a minute, then for twice as long
  every time it is tried and does so again;
- while much time has been lost lately, expressions that never succeeded get a short deadline, so that
  ever new runaways cost little.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final

STRIKES: Final = 2
FIRST_S: Final = 60.0
LONGEST_S: Final = 3600.0
WINDOW_S: Final = 60.0
MOST_LOST_MS: Final = 3_000  # within the window, before deadlines get short
SHORT_MS: Final = 250
MAX_KEPT: Final = 2_000  # expressions, of each kind; the oldest are forgotten


@dataclass(slots=True)
class _Record:
    """How often an expression ran out of time or memory in a row, with which answer, and until when it is refused."""

    answer: dict[str, Any]
    strikes: int = 0
    until: float = 0.0
    pause: float = FIRST_S


class Quarantine:
    """Not safe between threads: the caller holds a lock."""

    def __init__(self, deadline_ms: int) -> None:
        self.deadline_ms = deadline_ms
        self._bad: OrderedDict[str, _Record] = OrderedDict()
        self._good: OrderedDict[str, None] = OrderedDict()
        self._lost: list[tuple[float, int]] = []

    def refusal(self, text: str, now: float) -> dict[str, Any] | None:
        """The last answer for an expression in quarantine, None for any other."""
        record = self._bad.get(text)
        return record.answer if record is not None and record.strikes >= STRIKES and now < record.until else None

    def deadline(self, text: str, now: float) -> int:
        """Milliseconds that an expression may take."""
        if text in self._good:
            return self.deadline_ms
        self._lost = [(when, ms) for when, ms in self._lost if when > now - WINDOW_S]
        return SHORT_MS if sum(ms for _, ms in self._lost) >= MOST_LOST_MS else self.deadline_ms

    def succeeded(self, text: str) -> None:
        """It ended in time, with a value or an error."""
        if self._bad:
            self._bad.pop(text, None)
        if text not in self._good:
            _keep(self._good, text, None)

    def failed(self, text: str, now: float, ms: int, answer: dict[str, Any]) -> None:
        """It was ended after `ms`, or ate all memory; `answer` is what that came to."""
        self._lost.append((now, ms))
        record = self._bad.get(text) or _Record(answer)
        _keep(self._bad, text, record)
        record.answer = answer
        record.strikes += 1
        if record.strikes >= STRIKES:
            record.until = now + record.pause
            record.pause = min(record.pause * 2, LONGEST_S)


def _keep(kept: OrderedDict[str, Any], text: str, value: Any) -> None:
    kept[text] = value
    kept.move_to_end(text)
    if len(kept) > MAX_KEPT:
        kept.popitem(last=False)
