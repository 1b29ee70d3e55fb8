"""One server process, as executions/worker has it: what it holds is lost when it dies."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from designer.asl.model import Machine
from executions.engine import resume, step
from executions.engine.effects import Cancel, Effect, SetTimer, StartTask
from executions.engine.run import Changes
from executions.engine.signals import Continue, Expired, Fired, Redriven, Signal, Started
from executions.engine.tokens import read_token
from executions.worker.clock import Clock
from tests.engine.simulation.store import Store


@dataclass(frozen=True, slots=True)
class Message:
    """A signal on its way.  `due`: ms of true time; `inside`: it dies with the process that sent it."""

    due: int
    signal: Signal
    token: str | None = None
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A signal in the inbox; `message` when its sender tries again after a commit that failed."""

    signal: Signal
    message: Message | None = None


@dataclass(frozen=True, slots=True)
class Flight:
    """A step on its way into the store."""

    step: step.Step
    changes: Changes
    entries: list[Entry]

    @property
    def signals(self) -> list[Signal]:
        return [entry.signal for entry in self.entries]


class Worker:
    """`begin` is what the world does when a task starts."""

    def __init__(
        self, machine: Machine, store: Store, clock: Clock, budget: int, begin: Callable[[StartTask], None],
    ) -> None:
        self.machine, self.store, self.clock, self.budget, self._begin = machine, store, clock, budget, begin
        self.run = store.load()
        self.inbox: list[Entry] = []
        self.timers: dict[tuple[int, str], int] = {}
        self.effects: deque[Effect] = deque()
        self.flight: Flight | None = None
        if not store.exists:
            self.inbox.append(Entry(Started()))
        else:
            self.effects.extend(resume.resume(machine, self.run))
            self._go_on()

    def waiting(self, token: str) -> int | None:
        """The ask that a token is for, if anything waits for it."""
        found = read_token(token)
        number = self.run.by_ask.get(found[1]) if found else None
        ask = None if number is None else self.run.frames[number].ask
        return ask.id if ask is not None and ask.token == token else None

    def receive(self, message: Message) -> bool:
        """Take a message into the inbox; False when its token is for nothing."""
        ended = self.run.ended and not isinstance(message.signal, Redriven)
        if ended or (message.token is not None and self.waiting(message.token) is None):
            return False
        self.inbox.append(Entry(message.signal, None if message.inside else message))
        return True

    def due(self) -> list[tuple[int, str]]:
        now = self.clock.now()
        return [key for key, due in self.timers.items() if due <= now]

    def fire(self, key: tuple[int, str]) -> None:
        del self.timers[key]
        self.inbox.append(Entry(Expired() if key[1] == "execution" else Fired(*key)))

    def step(self) -> None:
        """Advance over the whole inbox; nothing is changed before the commit."""
        entries, self.inbox = self.inbox, []
        signals = [entry.signal for entry in entries]
        found = step.advance(self.machine, self.run, signals, self.clock.now(), budget=self.budget)
        changes = found.changes
        if found.events or found.effects or changes.frames or changes.removed:
            self.flight = Flight(found, changes, entries)

    def landed(self, flight: Flight) -> None:
        self.flight = None
        self.run.apply(flight.changes)
        self.effects.extend(flight.step.effects)
        self._go_on()

    def failed(self, flight: Flight) -> list[Message]:
        """Nothing was written; what nobody sends again stays.  The messages whose senders hear of it."""
        self.flight = None
        self.inbox[:0] = [entry for entry in flight.entries if entry.message is None]
        return [entry.message for entry in flight.entries if entry.message is not None]

    def carry_out(self) -> None:
        """The next effect."""
        effect = self.effects.popleft()
        if isinstance(effect, SetTimer):
            self.timers[effect.ask, effect.timer] = effect.due
        elif isinstance(effect, Cancel):
            for timer in ("wake", "timeout", "heartbeat"):
                self.timers.pop((effect.ask, timer), None)
        elif isinstance(effect, StartTask):
            self._begin(effect)

    def _go_on(self) -> None:
        if self.run.header.ready:
            self.inbox.append(Entry(Continue()))
