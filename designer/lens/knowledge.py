"""Who knows what tasks answer: rooms that do register here when their app is ready (executions/apps.py)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from designer.lens.visits import Call, Known, Results

# ARNs of executions -> what their histories tell; raises LearningError.
Learner = Callable[[Sequence[str]], Results]

_RESULTS: Final[list[Results]] = []
_LEARNERS: Final[list[Learner]] = []


class LearningError(ValueError):
    """There is nothing to learn from; the message says why."""


def register(results: Results, learner: Learner) -> None:
    _RESULTS.append(results)
    _LEARNERS.append(learner)


def known(call: Call) -> Known:
    """What anybody knows of a task's result."""
    return first(call, _RESULTS)


def first(call: Call, sources: Sequence[Results]) -> Known:
    """The first that knows anything."""
    for source in sources:
        found = source(call)
        if found.origin:
            return found
    return Known()


def learned(executions: Sequence[str]) -> Results:
    """What these executions tell of results, and else what anybody knows.  Raises LearningError."""
    sources: list[Results] = [learner(executions) for learner in _LEARNERS]
    if not sources:
        raise LearningError("Nothing here keeps executions to learn from.")
    return lambda call: first(call, [*sources, *_RESULTS])
