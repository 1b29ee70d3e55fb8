"""The driver all engine tests run on; it proves the laws on the way (architecture.md §2).

Before every step the run is frozen to JSON text and thawed; every signal makes the same trip and is
delivered twice; what was delivered comes once more afterwards and must do nothing; `advance` must not
have touched the run; the indexes must be those a fresh load builds; what `resume` would ask for must be
what is open.  At the end all batches are replayed on a fresh run and must give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from designer.asl.compiler import compile_definition
from designer.asl.jsontext import dumps, loads
from designer.asl.model import Machine
from executions.engine.effects import SetTimer, StartTask
from executions.engine.memory import Answer, Memory, never, new_run
from executions.engine.resume import resume
from executions.engine.run import CUT, DONE, FAILED, LIVE, Run
from executions.engine.signals import Beat, Continue, Signal, Started, dump_signal, load_signal
from executions.engine.step import BUDGET, Step, advance


class Proving(Memory):
    """Memory that freezes, doubles and replays."""

    def __init__(self, machine: Machine, run: Run, answer: Answer = never, *, budget: int = BUDGET) -> None:
        super().__init__(machine, run, answer, budget=budget)
        self.birth = dumps(run.dump())
        self.batches: list[tuple[list[Signal], int]] = []

    def step(self, signals: Sequence[Signal]) -> Step:
        before = dumps(self.execution.dump())
        self.execution = Run.load(loads(before))
        doubled = [load_signal(loads(dumps(dump_signal(signal)))) for signal in signals for _ in range(2)]
        self.batches.append((doubled, self.now))
        advance(self.machine, self.execution, doubled, self.now, budget=self.budget)
        assert dumps(self.execution.dump()) == before, "advance has changed the run"
        step = super().step(doubled)
        self._late_signals_do_nothing(signals)
        self._indexes_are_right()
        self._resume_knows_what_is_open()
        return step

    def _late_signals_do_nothing(self, signals: Sequence[Signal]) -> None:
        late = [signal for signal in signals if not isinstance(signal, Beat | Continue)]
        again = advance(self.machine, self.execution, late, self.now, budget=0)
        assert not again.events
        assert not again.effects
        assert again.changes.header == self.execution.header

    def _indexes_are_right(self) -> None:
        fresh = Run.load(loads(dumps(self.execution.dump())))
        assert self.execution.by_ask == fresh.by_ask
        families = {parent: family for parent, family in self.execution.children.items() if family.slots}
        assert families == fresh.children
        for frame in self.execution.frames.values():
            assert frame.status in (LIVE, DONE, FAILED, CUT)
            assert frame.status == LIVE or frame.ask is None
        if self.execution.ended:
            assert not self.execution.by_ask
            assert all(frame.status != LIVE for frame in self.execution.frames.values())

    def _resume_knows_what_is_open(self) -> None:
        effects = resume(self.machine, self.execution)
        if self.execution.ended:
            assert not effects
            return
        timers = {(effect.ask, effect.timer): effect.due for effect in effects if isinstance(effect, SetTimer)}
        assert timers == {key: due for key, due in self._timers.items() if key in timers or due > self.now}
        open_tasks = {effect.ask for effect in effects if isinstance(effect, StartTask)}
        asked = {effect.ask: effect for effect in self.effects if isinstance(effect, StartTask)}
        assert open_tasks <= set(asked)
        for effect in effects:
            if isinstance(effect, StartTask):
                first = asked[effect.ask]
                assert (effect.token, effect.payload, effect.resource) == (first.token, first.payload, first.resource)

    def prove(self) -> Proving:
        """Replay everything on a fresh run: the same bytes must come out."""
        again = Run.load(loads(self.birth))
        events: list[dict[str, Any]] = []
        for signals, now in self.batches:
            step = advance(self.machine, again, signals, now, budget=self.budget)
            again.apply(step.changes)
            events += step.events
        assert dumps(events) == dumps(self.events)
        assert dumps(again.dump()) == dumps(self.execution.dump())
        check_history(self.events, self.status)
        return self


def check_history(events: list[dict[str, Any]], status: str) -> None:
    """Ids without gaps, every cause before its effect, an end that is the last event or followed by a redrive."""
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    assert all(0 <= event["previousEventId"] < event["id"] for event in events)
    ends = ("ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted")
    found = [index for index, event in enumerate(events) if event["type"] in ends]
    redrives = [index - 1 for index, event in enumerate(events) if event["type"] == "ExecutionRedriven"]
    assert found == (redrives if status == "RUNNING" else [*redrives, len(events) - 1])


def start(definition: dict[str, Any] | Machine, given: Any = None, answer: Answer = never, *,
          budget: int = BUDGET, kind: str = "STANDARD") -> Proving:
    """Run a definition with an input (a JSON value) as far as it goes; not proved yet."""
    machine = definition if isinstance(definition, Machine) else compile_definition(definition)
    run = new_run(dumps({} if given is None else given), kind=kind)
    execution = Proving(machine, run, answer, budget=budget)
    execution.run()
    return execution


def begun(definition: dict[str, Any] | Machine, given: Any = None, answer: Answer = never) -> Proving:
    """An execution that has begun and waits; its clock stands still."""
    machine = definition if isinstance(definition, Machine) else compile_definition(definition)
    execution = Proving(machine, new_run(dumps({} if given is None else given)), answer)
    execution.send(Started())
    return execution


def play(definition: dict[str, Any] | Machine, given: Any = None, answer: Answer = never, *,
         budget: int = BUDGET) -> Proving:
    """Run a definition to its end and prove the laws on it."""
    return start(definition, given, answer, budget=budget).prove()
