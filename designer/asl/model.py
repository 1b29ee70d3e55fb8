"""The frozen model that a definition compiles into; the only thing of the language that the engine sees.

Field names follow ASL in snake_case.  An evaluator that is None means "the field is absent", and the
engine then takes the language's default; explicit `null` paths are compiled into evaluators and
`result_path` into DISCARD.  JSONata states fill `arguments`, `output`, `assign`, `items` …; JSONPath
states fill the path fields; `assign` serves both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from designer.asl.scope import Evaluator

JSONPATH: Final = "JSONPath"
JSONATA: Final = "JSONata"

# (raw input, result) -> document; raises StateError(States.ResultPathMatchFailure).
ResultPath = Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True)
class Retrier:
    """One entry of `Retry`.  Times in seconds."""

    errors: tuple[str, ...]
    interval: float = 1.0
    attempts: int = 3
    backoff: float = 2.0
    max_delay: float | None = None
    jitter: bool = False


@dataclass(frozen=True, slots=True)
class Catcher:
    """One entry of `Catch`.  `result_path` None means `$`."""

    errors: tuple[str, ...]
    next: str
    result_path: ResultPath | None = None
    output: Evaluator | None = None
    assign: Evaluator | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One Choice rule; `condition` gives a bool."""

    condition: Evaluator
    next: str
    output: Evaluator | None = None
    assign: Evaluator | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """A Task's `Resource`, taken apart.

    kind: "lambda" (function ARN), "activity" (activity ARN) or "service" (arn:aws:states:::…).
    For a service: `service` is the part shown as resourceType in history ("lambda", "aws-sdk:sfn",
    "approval"), `action` without and `suffix` with the pattern ("", ".sync", ".sync:2",
    ".waitForTaskToken").  `approval:request` waits for a person and so behaves as a callback although
    it has no suffix.
    """

    arn: str
    kind: str
    service: str = ""
    action: str = ""
    suffix: str = ""

    @property
    def waits_for_token(self) -> bool:
        return self.suffix == ".waitForTaskToken" or self.service == "approval"

    @property
    def is_job(self) -> bool:
        return self.suffix.startswith(".sync")


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What all states have.  `next` None means End (or, for Choice, Succeed and Fail, that it has none)."""

    name: str
    type: str
    language: str = JSONPATH
    comment: str = ""
    next: str | None = None
    input_path: Evaluator | None = None
    output_path: Evaluator | None = None
    output: Evaluator | None = None
    assign: Evaluator | None = None  # gives {variable name: value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass(State):
    has_result: bool = False
    result: Any = None
    parameters: Evaluator | None = None
    result_path: ResultPath | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Succeed(State):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fail(State):
    error: Evaluator | None = None
    cause: Evaluator | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(State):
    rules: tuple[Rule, ...] = ()
    default: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(State):
    """Exactly one is set.  `seconds` gives a non-negative int, `until` an instant in ms since the epoch."""

    seconds: Evaluator | None = None
    until: Evaluator | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work(State):
    """What Task, Parallel and Map share: work that has a result and may fail."""

    arguments: Evaluator | None = None  # JSONPath `Parameters` or JSONata `Arguments`
    result_selector: Evaluator | None = None
    result_path: ResultPath | None = None
    retry: tuple[Retrier, ...] = ()
    catch: tuple[Catcher, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Work):
    """Timeouts give positive ints (seconds); None = not set."""

    resource: Resource
    timeout: Evaluator | None = None
    heartbeat: Evaluator | None = None
    credentials: Evaluator | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parallel(Work):
    branches: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Map(Work):
    """`arguments` is unused; `item_selector` sees Map.Item.* in its context.

    The evaluators of limits give ints (percentage: float) and check their range.  `distributed` holds
    what only a distributed Map has; it is None for an inline one.
    """

    processor: Block
    items: Evaluator | None = None  # `ItemsPath` (of the effective input) or JSONata `Items`
    item_selector: Evaluator | None = None
    max_concurrency: Evaluator | None = None
    distributed: Distributed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Distributed:
    """What a distributed Map adds."""

    execution_type: str = "STANDARD"
    label: str | None = None
    tolerated_count: Evaluator | None = None
    tolerated_percentage: Evaluator | None = None
    item_reader: Mapping[str, Any] | None = None
    item_batcher: Mapping[str, Any] | None = None
    result_writer: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A list of states: the whole machine, one branch, or an item processor.

    `path` is its address in the machine: () for the whole, then for each step down the name of the
    Parallel or Map state and the branch number (0 for a Map).
    """

    path: tuple[str | int, ...]
    start_at: str
    states: Mapping[str, State]


@dataclass(frozen=True, slots=True)
class Machine:
    """A compiled definition.  `blocks` finds every block by its path."""

    root: Block
    blocks: Mapping[tuple[str | int, ...], Block]
    comment: str = ""
    timeout_seconds: int | None = None
    language: str = JSONPATH
    state_count: int = field(default=0)


class _Discard:
    """`ResultPath: null`: the result is thrown away and the raw input kept."""

    def __call__(self, document: Any, result: Any) -> Any:
        return document


DISCARD: Final[ResultPath] = _Discard()
