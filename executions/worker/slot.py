"""One execution as the embedded engine holds it in memory."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from designer.asl.model import Machine, Task
from executions.engine.effects import Cancel, StartTask
from executions.engine.run import Changes, Frame, Run
from executions.engine.signals import MapRunUpdated, Redriven, Refused, Replied, Signal, Stopped
from executions.engine.step import Step
from executions.store.writes import ExecutionRow, Reopening, Taken, Write


class Entry(NamedTuple):
    """A signal in the inbox.

    `heard` resolves after the commit: did anything wait for the signal?  `kept`: nobody outside sends
    it again, so it stays when a commit has to be given up.  `row`: its row in the Signal table.
    """

    signal: Signal
    heard: asyncio.Future[bool] | None = None
    kept: bool = True
    row: int | None = None


@dataclass(slots=True, eq=False)
class Slot:
    """`new` is the row to insert with the first commit; `started` resolves after it, to who has the name if taken."""

    run: Run
    machine: Machine
    machine_id: int
    new: ExecutionRow | None = None
    started: asyncio.Future[Taken | None] | None = None
    inbox: list[Entry] = field(default_factory=list)
    queued: bool = False  # it is among the slots that are ready to step
    in_flight: bool = False  # a step of it waits for its commit
    rows: set[int] = field(default_factory=set)  # Signal rows taken into the inbox
    failure: str | None = None  # why it is quarantined
    held: list[Write] = field(default_factory=list)  # steps taken over but not committed (holding.py)
    checkpoint: bool = False  # the next step commits what is held
    reopening: Reopening | None = None  # it has ended, and runs again with the commit of its redrive

    def token_of(self, ask: int) -> str | None:
        """The task token of an open ask."""
        frame = self._frame(ask)
        return frame.ask.token if frame and frame.ask else None

    def task_of(self, ask: int) -> Task | None:
        """The Task state that an open ask belongs to."""
        frame = self._frame(ask)
        if frame is None:
            return None
        block = self.machine.blocks.get(frame.path)
        state = None if block is None else block.states.get(frame.state)
        return state if isinstance(state, Task) else None

    def as_it_is(self, task: StartTask) -> StartTask:
        """A task with what is known of it by now: whether it has begun and was submitted."""
        frame = self._frame(task.ask)
        ask = None if frame is None else frame.ask
        return task if ask is None else replace(task, begun=ask.begun, submitted=ask.submitted)

    def _frame(self, ask: int) -> Frame | None:
        number = self.run.by_ask.get(ask)
        return None if number is None else self.run.frames.get(number)


@dataclass(slots=True, eq=False)
class Flight:
    """A step on its way into the database, what it changes, and the entries it took up."""

    slot: Slot
    step: Step
    changes: Changes
    entries: list[Entry]
    write: Write


def heard(run: Run, step: Step, entries: list[Entry]) -> list[bool]:
    """For each entry: has something waited for it?  `run` is as before the step.

    Of several answers to one ask the first counts, and only if the ask ended as answered.
    """
    answered = {effect.ask for effect in step.effects if isinstance(effect, Cancel) and effect.reason == "answered"}
    open_asks = run.by_ask.keys()
    results: list[bool] = []
    for entry in entries:
        signal = entry.signal
        if isinstance(signal, Replied | Refused):
            results.append(signal.ask in answered)
            answered.discard(signal.ask)
        elif isinstance(signal, Stopped | Redriven | MapRunUpdated):
            results.append(not run.ended or step.redrives > run.header.redrive_count)
        else:
            results.append(getattr(signal, "ask", 0) in open_asks)
    return results
