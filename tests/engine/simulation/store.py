"""What is durable: rows as text, written in one go or not at all."""

from __future__ import annotations

from typing import Any

from designer.asl.jsontext import dumps, loads
from executions.engine.effects import Cancel, StartTask
from executions.engine.run import Changes, Frame, Header, Run
from executions.engine.signals import Signal
from executions.engine.step import Step


class Store:
    """The rows of one execution.  `batches` are the signals of every commit, to be replayed at the end."""

    def __init__(self, birth: Run) -> None:
        self.birth = dumps(birth.dump())
        self.header: str | None = None  # None: there is no such execution yet
        self.frames: dict[int, str] = {}
        self.segments: list[str] = []
        self.tokens: dict[str, str] = {}
        self.batches: list[tuple[list[Signal], int, int]] = []  # signals, now, budget

    @property
    def exists(self) -> bool:
        return self.header is not None

    def commit(self, step: Step, changes: Changes, signals: list[Signal], budget: int) -> None:
        for number in changes.removed:
            self.frames.pop(number, None)
        for number, frame in changes.frames.items():
            self.frames[number] = dumps(frame.dump())
        self.header = dumps(changes.header.dump())
        if step.events:
            self.segments.append(dumps(step.events))
        for effect in step.effects:
            if isinstance(effect, StartTask) and effect.token:
                self.tokens[effect.token] = "OPEN"
            elif isinstance(effect, Cancel) and effect.token:
                self.tokens[effect.token] = effect.reason
        self.batches.append((signals, step.now, budget))

    def has(self, event: int) -> bool:
        """Whether a segment begins with this event."""
        return any(loads(segment)[0]["id"] == event for segment in self.segments)

    def load(self) -> Run:
        """The run as the last commit left it."""
        run = Run.load(loads(self.birth))
        if self.header is None:
            return run
        frames = {number: Frame.load(loads(text)) for number, text in self.frames.items()}
        return Run(
            id=run.id, arn=run.arn, name=run.name, machine_arn=run.machine_arn, machine_name=run.machine_name,
            role_arn=run.role_arn, input=run.input, started_at=run.started_at, seed=run.seed, kind=run.kind,
            header=Header.load(loads(self.header)), frames=frames)

    def events(self) -> list[dict[str, Any]]:
        return [event for segment in self.segments for event in loads(segment)]
