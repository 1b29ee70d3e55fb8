"""An engine in memory with a clock of its own: no store, no network, no waiting.

    execution = Memory(machine, new_run("{}"), answer)
    execution.run()          # to the end, or until nothing more can happen
    execution.events, execution.status, execution.output

Time stands still while anything can go on and then jumps to the next timer.  Tests, Express executions
and TestState run here.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from designer.asl.model import Machine
from executions.engine.effects import Cancel, Effect, Finish, SetTimer, StartTask
from executions.engine.run import Run
from executions.engine.signals import Began, Continue, Fired, Refused, Replied, Signal, Started, Submitted
from executions.engine.step import BUDGET, Step, advance

# What a task does: signals, each with the milliseconds after which it comes.  No signal: it never answers.
Answer = Callable[[StartTask], Iterable[tuple[int, Signal]]]

DEFAULT_START: Final = 1_700_000_000_000
_ACCOUNT: Final = "arn:aws:states:us-east-1:123456789012"


def new_run(
    text: str = "{}",
    *,
    name: str = "execution",
    machine: str = "machine",
    id: int = 1,
    started_at: int = DEFAULT_START,
    kind: str = "STANDARD",
    seed: str = "seed",
) -> Run:
    """A run with a made-up identity; `text` is the input as JSON text."""
    return Run(
        id=id, arn=f"{_ACCOUNT}:execution:{machine}:{name}", name=name, machine_name=machine,
        machine_arn=f"{_ACCOUNT}:stateMachine:{machine}", role_arn="arn:aws:iam::123456789012:role/role",
        input=text, started_at=started_at,
        seed=seed, kind=kind,
    )  # fmt: skip


def never(task: StartTask) -> Iterable[tuple[int, Signal]]:
    """A task that does not answer."""
    return ()


class Memory:
    """One execution run in memory.  `events` is its whole history, `effects` everything it asked for."""

    def __init__(self, machine: Machine, run: Run, answer: Answer = never, *, budget: int = BUDGET) -> None:
        self.machine = machine
        self.execution = run
        self.answer = answer
        self.budget = budget
        self.now = run.started_at
        self.events: list[dict[str, Any]] = []
        self.effects: list[Effect] = []
        self.finish: Finish | None = None
        self._timers: dict[tuple[int, str], int] = {}
        self._due: list[tuple[int, int, Signal]] = []
        self._count = 0

    @property
    def status(self) -> str:
        return self.execution.header.status

    @property
    def output(self) -> str | None:
        """The output as JSON text, once it has succeeded."""
        return None if self.finish is None else self.finish.output

    def run(self, until: int | None = None) -> Memory:
        """Start and go on to the end, to the time `until` (ms), or until nothing is due any more."""
        if self.execution.header.next_event == 1:
            self.send(Started())
        while not self.execution.ended and (due := self._next_due()) is not None:
            if until is not None and due > until:
                self.now = until
                break
            self.now = max(self.now, due)
            self.send(*self._take_due())
        return self

    def send(self, *signals: Signal) -> None:
        """Deliver a batch of signals now, and go on as long as anything is ready."""
        batch: Sequence[Signal] = signals
        while True:
            step = self.step(batch)
            if not step.more:
                return
            batch = (Continue(),)

    def step(self, signals: Sequence[Signal]) -> Step:
        """One call of the interpreter, its changes applied and its effects carried out."""
        step = advance(self.machine, self.execution, signals, self.now, budget=self.budget)
        self.execution.apply(step.changes)
        self.events += step.events
        self.effects += step.effects
        for effect in step.effects:
            self._carry_out(effect)
        return step

    def _carry_out(self, effect: Effect) -> None:
        if isinstance(effect, SetTimer):
            self._timers[effect.ask, effect.timer] = effect.due
            self._push(effect.due, Fired(effect.ask, effect.timer))
        elif isinstance(effect, StartTask):
            for delay, signal in self.answer(effect):
                self._push(self.now + delay, signal)
        elif isinstance(effect, Cancel):
            for timer in ("wake", "timeout", "heartbeat"):
                self._timers.pop((effect.ask, timer), None)
        elif isinstance(effect, Finish):
            self.finish = effect

    def _push(self, due: int, signal: Signal) -> None:
        self._count += 1
        heapq.heappush(self._due, (due, self._count, signal))

    def _next_due(self) -> int | None:
        while self._due and self._is_stale(self._due[0]):
            heapq.heappop(self._due)
        return self._due[0][0] if self._due else None

    def _is_stale(self, entry: tuple[int, int, Signal]) -> bool:
        """A timer that was set anew or cancelled."""
        due, _, signal = entry
        return isinstance(signal, Fired) and self._timers.get((signal.ask, signal.timer)) != due

    def _take_due(self) -> list[Signal]:
        """Everything that is due at this moment, in one batch."""
        batch = []
        while self._due and self._due[0][0] <= self.now:
            entry = heapq.heappop(self._due)
            if not self._is_stale(entry):
                batch.append(entry[2])
        return batch


Script = list[tuple[int, Signal]]


def replies(task: StartTask, output: Any, *, after: int = 0, submitted: Any = None) -> Script:
    """A task that begins at once and gives `output` after some milliseconds; with TaskSubmitted when given."""
    between: Script = [] if submitted is None else [(0, Submitted(task.ask, submitted))]
    return [(0, Began(task.ask)), *between, (after, Replied(task.ask, output))]


def refuses(
    task: StartTask, error: str | None, cause: str | None = None, *, after: int = 0
) -> list[tuple[int, Signal]]:
    """A task that begins at once and fails after some milliseconds."""
    return [(0, Began(task.ask)), (after, Refused(task.ask, error, cause))]
