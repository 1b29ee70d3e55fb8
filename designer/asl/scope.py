"""What an expression may read, and what an evaluator is."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any, Final


class _Absent:
    __slots__ = ()


ABSENT: Final = _Absent()


class Scope:
    """The data an expression reads: `$`, the context object `$$` and variables `$name`.

    `data` is set anew for each stage of the data flow (raw input, effective input, result …).
    `context` and `random` are functions since most expressions need neither: `context()` builds the
    context object of asl-language.md §6; `random()` gives the generator seeded from execution and
    state visit, so that UUIDs and random numbers are the same at every replay.
    `now` is the time of the signal in ms since the epoch (JSONata's $now, $millis).
    `result` and `error_output` are what JSONata's `$states.result` / `$states.errorOutput` see; ABSENT where there
    is none (a result may be null).
    """

    __slots__ = ("context", "data", "error_output", "now", "random", "result", "variables")

    def __init__(self, data: Any, context: Callable[[], dict[str, Any]], variables: Mapping[str, Any],
                 random: Callable[[], random.Random], now: int = 0) -> None:
        self.data = data
        self.context = context
        self.variables = variables
        self.random = random
        self.now = now
        self.result: Any = ABSENT
        self.error_output: Any = ABSENT


# Any compiled expression: a path, a payload template, an intrinsic, a choice rule, a JSONata
# expression or a constant.  Raises StateError; never changes what it reads.
Evaluator = Callable[[Scope], Any]
