"""The interpreter: signals in, events and effects out.

Law: nothing here reads a clock, does IO or changes the Run it is given; the same signals at the same
times give the same events, byte for byte.

One step takes a batch of signals in two passes.  First every signal writes the event it tells of
(receive.py) and leaves an outcome; then the outcomes are settled, so that two branches that fail in the
same step are one failure.  After that the frames that are ready enter their states, one after another,
until none is ready or the budget is used up; what is left stays ready in the header.

    Done  leave: …StateExited, then the next state, or the end of the frame        (step.leave)
    Fail  Retry, else Catch, else the frame above fails, else the execution        (failing.py)
    Ask   sleep until a reply or a timer                                           (step.sleep)
    Fork  children begin; the last one to end joins                                (forks.py)
    Die   States.Runtime: the execution ends, whatever stands around it            (failing.py)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import dropwhile
from typing import Any, Final

from designer.asl.errors import RUNTIME, StateError
from designer.asl.model import Machine, State
from executions.engine import ending, failing, forks, receive, variables
from executions.engine.effects import Cancel, Effect, SetTimer, StartTask
from executions.engine.history import ENTERED, EXITED, MAX_EVENTS, WHOLE, HistoryFullError, Log, Texts
from executions.engine.outcomes import Done, Fail
from executions.engine.overlay import Overlay
from executions.engine.run import LIVE, ROOT, RUNNING, Ask, Changes, Frame, Header, Run
from executions.engine.signals import Redriven, Signal
from executions.engine.states import ENTER, Outcome
from executions.engine.view import context_object

BUDGET: Final = 1000  # transitions a step; about 7 ms


def advance(machine: Machine, run: Run, signals: Iterable[Signal], now_ms: int, *, budget: int = BUDGET) -> Step:
    """Take a batch of signals at the time `now_ms`; `run` stays as it is until `run.apply(step.changes)`."""
    step = Step(machine, run, now_ms)
    if run.ended:  # a redrive is all that can still come
        signals = dropwhile(lambda signal: not isinstance(signal, Redriven), signals)
    step.take(signals, budget)
    return step


class Step:
    """What one call of `advance` comes to.

    `events` in AWS's wire form (timestamp in seconds), `effects` in the order they are wanted,
    `changes` to apply after the commit; `more` when the budget ran out and Continue should follow.
    """

    __slots__ = (
        "_first_ask", "_next_id", "_ready", "deadline", "effects", "frames", "log", "machine", "now",
        "outcomes", "redriven_at", "redrives", "run", "status", "stored", "texts",
    )  # fmt: skip

    def __init__(self, machine: Machine, run: Run, now_ms: int) -> None:
        header = run.header
        self.machine = machine
        self.run = run
        self.now = now_ms
        self.frames = Overlay(run)
        self.log = Log(header.next_event, now_ms, limited=run.kind != "EXPRESS")
        self.texts = Texts(run.largest)
        self.effects: list[Effect] = []
        self.outcomes: list[tuple[int, receive.Received]] = []
        self.status = header.status
        self.deadline = header.deadline
        self.stored = header.stored
        self.redrives, self.redriven_at = header.redrive_count, header.redriven_at
        self._next_id = self._first_ask = header.next_id
        self._ready = deque(header.ready)

    @property
    def events(self) -> list[dict[str, Any]]:
        return self.log.events

    @property
    def more(self) -> bool:
        return bool(self._ready)

    @property
    def changes(self) -> Changes:
        header = Header(
            self.status, self.log.next, self._next_id, tuple(self._ready), self.deadline, self.redrives, self.stored,
            self.redriven_at,
        )  # fmt: skip
        return self.frames.changes(header)

    @property
    def region(self) -> str:
        return self.run.machine_arn.split(":")[3]

    def take(self, signals: Iterable[Signal], budget: int) -> None:
        try:
            for signal in signals:
                if self.status == RUNNING or isinstance(signal, Redriven):
                    receive.receive(self, signal)
            for number, received in self.outcomes:
                frame = self.frames.peek(number)
                if frame is not None and frame.status == LIVE and self.status == RUNNING:
                    receive.settle(self, self.frames.own(number), received)
            self._go_on(budget)
        except HistoryFullError:
            ending.history_full(self)
        self._drop_what_was_cut()

    def _go_on(self, budget: int) -> None:
        """Let frames that are ready enter their states, at most `budget` of them."""
        ready, frames = self._ready, self.frames
        while ready and budget > 0:
            number = ready.popleft()
            frame = frames.frames.get(number) or frames.peek(number)
            if frame is not None and frame.status == LIVE:
                self._enter(frames.own(number))
                budget -= 1

    def _enter(self, frame: Frame) -> None:
        state = self.machine.blocks[frame.path].states[frame.state]
        if frame.quiet and frame.last > MAX_EVENTS:  # its events are only counted, along its own path
            self.raised(frame, state, StateError(RUNTIME, ending.HISTORY_FULL, prefixed=False))
            return
        if not frame.entered:
            details = {"name": state.name, "input": self.texts.of(frame.input), "inputDetails": WHOLE}
            frame.before = frame.last
            frame.last = frame.entered = self.note(frame, ENTERED[state.type], frame.last, details)
            frame.entered_at = self.now
        try:
            self.settle(frame, state, ENTER[state.type](self, frame, state))
        except StateError as error:
            self.raised(frame, state, error)

    def settle(self, frame: Frame, state: State, outcome: Outcome) -> None:
        """Do what entering a state came to.  Raises StateError."""
        if isinstance(outcome, Done):
            self.leave(frame, state, outcome, frame.last)
        elif isinstance(outcome, Ask):
            self.sleep(frame, outcome)
        elif isinstance(outcome, Fail):
            failing.fail(self, frame, state, outcome)
        else:
            forks.fork(self, frame, state, outcome)

    def leave(self, frame: Frame, state: State, done: Done, previous: int) -> None:
        """Write …StateExited after event `previous` and go on.  Raises StateError when the output is too large."""
        output = done.output
        text = self.texts.bounded(output, state.name)
        details: dict[str, Any] = {"name": state.name, "output": text, "outputDetails": WHOLE}
        if done.assigned:
            self._assign(frame, state, details, done.assigned)
        frame.last = self.note(frame, EXITED[state.type], previous, details)
        if done.next is not None:
            frame.state, frame.input, frame.entered = done.next, output, 0
            if frame.retries:
                frame.attempts, frame.retries = {}, 0
            self._ready.append(frame.id)
        elif frame.id == ROOT:
            ending.succeeded(self, frame, text)
        else:
            forks.child_done(self, frame, output)

    def _assign(self, frame: Frame, state: State, details: dict[str, Any], assigned: dict[str, Any]) -> None:
        texts = {name: self.texts.bounded(value, state.name) for name, value in assigned.items()}
        self.stored = variables.stored(self, frame, state, assigned, texts)
        details["assignedVariables"], details["assignedVariablesDetails"] = texts, WHOLE
        frame.variables = {**frame.variables, **assigned}

    def raised(self, frame: Frame, state: State, error: StateError) -> None:
        """An expression or a limit stopped a state."""
        failing.raised(self, frame, state, error)

    def go_on(self, parent: Frame, state: State, previous: int, after: int) -> None:
        """A child has ended."""
        forks.go_on(self, parent, state, previous, after)

    def met(self, clause: str, index: int, outcome: Fail) -> None:
        """An error met the clause with this index: "retry", "exhausted" (a retrier that gave up) or "catch".

        Nothing to do here; who tests a single state wants to know (test_state/).
        """

    def context(self, frame: Frame) -> dict[str, Any]:
        """The context object that a frame's expressions see."""
        return context_object(self, frame)

    def sleep(self, frame: Frame, ask: Ask) -> None:
        frame.ask = ask
        if ask.wake is not None:
            self.effects.append(SetTimer(ask.id, "wake", ask.wake))

    def spawn(
        self, parent: Frame | None, slot: int, path: tuple[str | int, ...], given: Any, last: int, quiet: bool = False
    ) -> None:
        """A new frame, ready to enter the first state of the block at `path`."""
        start = self.machine.blocks[path].start_at
        above = 0 if parent is None else parent.id
        frame = Frame(self.new_id(), above, slot, path, start, given, last=last, quiet=quiet)
        self.frames.add(frame)
        self._ready.append(frame.id)

    def again(self, frame: Frame) -> None:
        """A retry's pause is over: the state is tried once more, without being entered anew."""
        self._ready.append(frame.id)

    def note(self, frame: Frame, kind: str, previous: int, details: dict[str, Any] | None = None) -> int:
        """Write an event; those of a distributed Map's children are counted, but not part of this history."""
        return previous + 1 if frame.quiet else self.log.note(kind, previous, details)

    def cancel(self, ask: Ask, reason: str) -> None:
        self.effects.append(Cancel(ask.id, reason, ask.token))

    def new_id(self) -> int:
        number = self._next_id
        self._next_id = number + 1
        return number

    def state_of(self, frame: Frame) -> State:
        return self.machine.blocks[frame.path].states[frame.state]

    def waiting(self, ask: int) -> Frame | None:
        """The frame that waits for an ask, to read."""
        number = self.run.by_ask.get(ask)
        frame = None if number is None else self.frames.peek(number)
        return frame if frame is not None and frame.ask is not None and frame.ask.id == ask else None

    def stop(self, status: str) -> None:
        """Nothing is ready any more: the execution has this final status."""
        self.status = status
        self._ready.clear()

    def _drop_what_was_cut(self) -> None:
        """Work that this very step both asked for and cancelled need not begin at all."""
        first = self._first_ask
        cut = {effect.ask for effect in self.effects if isinstance(effect, Cancel) and effect.ask >= first}
        if cut:
            self.effects = [
                effect for effect in self.effects
                if not (isinstance(effect, StartTask | SetTimer | Cancel) and effect.ask in cut)
            ]  # fmt: skip
