"""Running one state (api.md §8): the core's Step, which ends the run as soon as it is known what the state comes to.

Parallel and Map do not begin their children: what these would come to is mocked.  A Task's mock is answered by
whoever drives the run, as any other task.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from designer.asl.errors import TIMEOUT
from designer.asl.model import JSONATA, Block, Machine, Map, State
from executions.engine import failing, forks, map_run
from executions.engine.effects import Finish
from executions.engine.flow import leave_work
from executions.engine.history import Texts
from executions.engine.map_items import item_input
from executions.engine.outcomes import Done, Fail, Fork
from executions.engine.run import Ask, Frame, Run
from executions.engine.signals import Signal
from executions.engine.states import Outcome
from executions.engine.step import BUDGET, Step
from executions.engine.test_state.recording import Book, recorded
from executions.engine.view import View

SUCCEEDED: Final = "SUCCEEDED"
FAILED: Final = "FAILED"
RETRIABLE: Final = "RETRIABLE"
CAUGHT: Final = "CAUGHT_ERROR"


@dataclass(frozen=True, slots=True)
class Mock:
    """What the work of the state comes to: a value with the text it was given as, or an error."""

    value: Any = None
    text: str | None = None
    error: str | None = None
    cause: str | None = None

    @property
    def fails(self) -> bool:
        return self.text is None


@dataclass(slots=True)
class Found:
    """What the state came to.

    `handlers`: catchIndex, retryIndex and retryBackoffIntervalSeconds, those that apply.
    """

    status: str = FAILED
    next: str | None = None
    output: str | None = None
    error: str | None = None
    cause: str | None = None
    handlers: dict[str, int] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)
    iterations: int | None = None


class Trial:
    """One state under test.

    `run` is an Express run that has not begun; `name` the state's name, anywhere in `machine`; `context` stands for
    the context object, `items` for what an ItemReader would read; `retries` are those already made of every retrier,
    `failures` the iterations of a distributed Map that failed.  `stages` has what was seen, `found` the end.
    """

    def __init__(
        self, machine: Machine, name: str, run: Run, *, mock: Mock | None = None, context: Any = None,
        variables: Mapping[str, Any] | None = None, retries: int = 0, failures: int = 0, items: Any = None,
    ) -> None:
        self.run, self.mock, self.context = run, mock, context
        self.variables, self.retries, self.failures = dict(variables or {}), retries, failures
        self.stages: Book = {}
        self.found = Found(variables=self.variables)
        self.texts = Texts()
        if mock is not None and mock.text is not None:
            self.texts.given(mock.value, mock.text)  # AWS shows it in the words it was given in
        self.machine = _alone(state_named(machine, name), machine, self.stages, items)
        self.stages["input"] = run.input_value
        state = self.machine.root.states[name]
        if state.type == "Fail" and state.language != JSONATA:
            self.stages["afterInputPath"] = run.input_value

    def advance(
        self, machine: Machine, run: Run, signals: Iterable[Signal], now_ms: int, *, budget: int = BUDGET,
    ) -> Step:
        """As the engine's `advance`."""
        step = _TestStep(self, now_ms)
        if not run.ended:
            step.take(signals, budget)
        return step

    def conclude(self, finish: Finish) -> None:
        """The run has ended."""
        found = self.found
        found.output = finish.output
        if finish.status in (FAILED, "TIMED_OUT"):
            found.status = FAILED
            found.error, found.cause = finish.error or (TIMEOUT if finish.status != FAILED else None), finish.cause

    def texts_of_stages(self) -> dict[str, Any]:
        """Every stage as JSON text; the limits of a Map as numbers."""
        return {name: value if name in _NUMBERS else self.texts.of(value) for name, value in self.stages.items()}


_NUMBERS: Final = frozenset({"maxConcurrency", "toleratedFailureCount", "toleratedFailurePercentage"})


def state_named(machine: Machine, name: str) -> State:
    """The state of this name, in whichever block it stands; KeyError."""
    for block in machine.blocks.values():
        if (state := block.states.get(name)) is not None:
            return state
    raise KeyError(name)


def _alone(state: State, machine: Machine, book: Book, items: Any) -> Machine:
    """A machine of this state alone.  What an ItemReader reads is in `items`."""
    distributed = state.distributed if isinstance(state, Map) else None
    if isinstance(state, Map) and distributed is not None:
        if distributed.item_reader is not None:
            state = replace(state, items=lambda scope: items)
        distributed = replace(distributed, item_reader=None, item_batcher=None, result_writer=None)
        state = replace(state, distributed=distributed)
    root = Block((), state.name, {state.name: recorded(state, book)})
    return Machine(root, {(): root}, language=machine.language)


class _TestStep(Step):
    """A step of the core that ends the run when the state is left, and mocks what children would do."""

    __slots__ = ("_trial",)

    def __init__(self, trial: Trial, now_ms: int) -> None:
        super().__init__(trial.machine, trial.run, now_ms)
        self._trial = trial
        self.texts = trial.texts

    def spawn(
        self, parent: Frame | None, slot: int, path: tuple[str | int, ...], given: Any, last: int, quiet: bool = False
    ) -> None:
        super().spawn(parent, slot, path, given, last, quiet)
        frame = self.frames.own(self._next_id - 1)
        frame.variables = dict(self._trial.variables)
        state = self.state_of(frame)
        frame.attempts = dict.fromkeys(range(len(getattr(state, "retry", ()))), self._trial.retries)
        frame.retries = self._trial.retries

    def context(self, frame: Frame) -> dict[str, Any]:
        given = self._trial.context
        return super().context(frame) if given is None else dict(given)

    def settle(self, frame: Frame, state: State, outcome: Outcome) -> None:
        if isinstance(outcome, Fork):
            self._mocked(frame, state, outcome)
        else:
            super().settle(frame, state, outcome)

    def _mocked(self, frame: Frame, state: Any, outcome: Fork) -> None:
        """In place of the children, their mocked results or error."""
        mock = self._trial.mock or Mock()
        frame.work, frame.limit = outcome.work, outcome.limit
        self._trial.found.iterations = outcome.count
        if isinstance(state, Map) and state.item_selector is not None:
            self._trial.stages["afterItemSelector"] = [
                item_input(self, frame, state, slot) for slot in range(outcome.count)]
        failure = self._failure(frame, state, mock)
        forks.forget(self, frame)
        if failure is not None:
            failing.fail(self, frame, state, failure)
            return
        done = leave_work(View(self, frame, "result"), state, frame.input, mock.value)
        self.leave(frame, state, done, frame.last)

    def _failure(self, frame: Frame, state: State, mock: Mock) -> Fail | None:
        if mock.fails:
            return Fail(mock.error, mock.cause)
        distributed = state.distributed if isinstance(state, Map) else None
        if not isinstance(state, Map) or distributed is None or not self._trial.failures:
            return None
        if distributed.tolerated_count is None and distributed.tolerated_percentage is None:
            return None  # recorded: failures are counted against a threshold that is set
        return map_run.exceeded(frame, self._trial.failures)

    def leave(self, frame: Frame, state: State, done: Done, previous: int) -> None:
        super().leave(frame, state, Done(done.output, None, done.assigned), previous)
        found = self._trial.found
        found.status, found.next = SUCCEEDED, done.next
        found.variables = {**self._trial.variables, **(done.assigned or {})}

    def met(self, clause: str, index: int, outcome: Fail) -> None:
        found = self._trial.found
        found.error, found.cause = outcome.error, outcome.cause
        if clause == "catch":
            found.status = CAUGHT
            found.handlers["catchIndex"] = index
            return
        found.handlers["retryIndex"] = index
        if clause == "retry":
            found.status = RETRIABLE

    def sleep(self, frame: Frame, ask: Ask) -> None:
        found = self._trial.found
        if ask.kind != "retry" or ask.wake is None:
            super().sleep(frame, ask)
            return
        found.handlers["retryBackoffIntervalSeconds"] = (ask.wake - self.now) // 1000
        self.stop(FAILED)
        self.effects.append(Finish(RETRIABLE, error=found.error, cause=found.cause))
