"""The world around one execution: seeded dice decide what happens next.

First everything that can go wrong does; then the world is calm, and the execution has to come to its end.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

from designer.asl.compiler import compile_definition
from executions.engine.effects import StartTask
from executions.engine.memory import new_run
from executions.engine.redrive import REDRIVABLE
from executions.engine.signals import Beat, Began, Redriven, Refused, Replied, Signal, Stopped, Submitted
from executions.worker.clock import Clock
from tests.engine.simulation.definitions import Author
from tests.engine.simulation.invariants import Violation, Watch
from tests.engine.simulation.store import Store
from tests.engine.simulation.worker import Message, Worker

START: Final = 1_700_000_000_000
HOUR, DAY, YEAR = 3_600_000, 86_400_000, 31_536_000_000
LONGEST: Final = 100_000  # ms; no wait of any definition lasts so long
MOST_MOVES: Final = 20_000  # in the calm; far more than any definition takes


class World:
    """The story of one seed.  `steady` is true time in ms; `wall` what the wall clock shows beyond it."""

    def __init__(self, seed: int) -> None:
        dice = self.dice = random.Random(seed)
        self.definition = Author(dice).write()
        self.machine = compile_definition(self.definition)
        kind = "EXPRESS" if dice.random() < 0.1 else "STANDARD"
        self.store = Store(new_run('{"items":[0,1,2]}', kind=kind, started_at=START, seed=f"seed{seed}"))
        self.watch = Watch(self.definition)
        self.steady, self.wall = 0, START
        self.messages: list[Message] = []
        self.sent: list[Message] = []  # everything ever sent; all of it comes once more after the end
        self.rough = dice.choice((0, 1, 3))  # how rough the world is
        self.crashes = 0
        self.redrives = dice.choice((0, 0, 1, 2))
        self._asks: dict[str, StartTask] = {}
        self._answers = 0
        self.worker = self._boot()

    def live(self) -> World:
        """The whole story; Violation tells what went wrong."""
        for _ in range(self.dice.randint(5, 120)):
            if self._is_over() and not self._redrive():
                break
            self._move()
        for _ in range(MOST_MOVES):
            if self._is_over() and not self._redrive():
                break
            self._calmly()
        else:
            raise Violation("it does not come to an end")
        self.watch.at_the_end(self.store, self.machine, self.worker.run, self.sent)
        return self

    def _is_over(self) -> bool:
        worker = self.worker
        return worker.run.ended and not worker.effects and worker.flight is None and not worker.inbox

    def _redrive(self) -> bool:
        """Somebody wants a failed execution to run again, and may say so twice."""
        header = self.worker.run.header
        if not self.redrives or self.worker.run.kind == "EXPRESS" or header.status not in REDRIVABLE:
            return False
        self.redrives -= 1
        for _ in range(self.dice.choice((1, 1, 2))):
            self.worker.receive(Message(self.steady, Redriven(header.redrive_count + 1)))
        return True

    # -- what happens

    def _boot(self) -> Worker:
        clock = Clock(lambda: (self.steady + self.wall) * 1_000_000, lambda: self.steady * 1_000_000)
        worker = Worker(self.machine, self.store, clock, self.dice.choice((1, 2, 7, 1000)), self._begin)
        self.watch.loaded(worker.run)
        return worker

    def _move(self) -> None:
        moves: list[tuple[Callable[[], Any], float]] = [(self._tick, 1.0)]
        worker = self.worker
        if worker.effects:
            moves.append((worker.carry_out, 20.0))  # nothing else but a crash comes in between
        elif worker.flight is not None:
            moves.append((self._land, 4.0))
        elif worker.inbox:
            moves.append((worker.step, 4.0))
        if not worker.effects:
            moves += [(self._deliver, 4.0), (self._fire, 4.0)]
        moves += [(self._crash, 0.3 * self.rough), (self._jump, 0.1 * self.rough), (self._stop, 0.01 * self.rough)]
        move = self.dice.choices([move for move, _ in moves], [weight for _, weight in moves])[0]
        move()

    def _calmly(self) -> None:
        worker = self.worker
        if worker.effects:
            worker.carry_out()
        elif worker.flight is not None:
            self._commit()
        elif any(message.due <= self.steady for message in self.messages):
            self._deliver()
        elif worker.due():
            self._fire()
        elif worker.inbox:
            worker.step()
        else:
            self._sleep()

    def _sleep(self) -> None:
        """On to the next thing that is due."""
        now = self.worker.clock.now()
        times = [message.due - self.steady for message in self.messages]
        times += [due - now for due in self.worker.timers.values()]
        if not times:
            raise Violation("it is stuck: nothing is due any more")
        if not self.crashes and min(times) > LONGEST:
            raise Violation(f"a clock that was set back makes a wait last {min(times)} ms longer")
        self.steady += max(1, min(times))

    def _tick(self) -> None:
        self.steady += self.dice.choice((1, 10, 200, 1000, 5000))

    def _jump(self) -> None:
        self.wall += self.dice.choice((-1, 1)) * self.dice.choice((HOUR, DAY, YEAR))

    def _deliver(self) -> None:
        due = [message for message in self.messages if message.due <= self.steady]
        if due:
            message = self.dice.choice(due)
            self.messages.remove(message)
            self.worker.receive(message)

    def _fire(self) -> None:
        due = self.worker.due()
        if due:
            self.worker.fire(self.dice.choice(due))

    def _stop(self) -> None:
        self.worker.receive(Message(self.steady, Stopped("meant", "to stop")))

    def _crash(self) -> None:
        self.crashes += 1
        self.messages = [message for message in self.messages if not message.inside]
        entries = self.worker.inbox + ([] if self.worker.flight is None else self.worker.flight.entries)
        # Whoever got no answer tries again, also if the commit had happened.
        self._again(entry.message for entry in entries if entry.message is not None)
        self.worker = self._boot()

    def _again(self, messages: Iterable[Message]) -> None:
        self.messages += [replace(message, due=self.steady + 1000) for message in messages]

    def _land(self) -> None:
        """The commit: done, refused, done with its answer lost, or followed by a crash."""
        throw = self.dice.random() * (6 if not self.rough else 1)
        if throw < 0.1:
            self._refuse()
        elif throw < 0.15:
            flight = self.worker.flight
            assert flight is not None
            if flight.step.events:  # the worker looks what came of it
                self._write()
                assert self.store.has(flight.step.events[0]["id"])
                self._landed()
        elif throw < 0.25:
            self._write()
            self._crash()
        else:
            self._commit()

    def _commit(self) -> None:
        self._write()
        self._landed()

    def _write(self) -> None:
        flight = self.worker.flight
        assert flight is not None
        self.watch.committing(self.worker.run, flight, self.store)
        self.store.commit(flight.step, flight.changes, flight.signals, self.worker.budget)

    def _landed(self) -> None:
        flight = self.worker.flight
        assert flight is not None
        run = self.worker.run
        taken = [entry for entry in flight.entries
                 if isinstance(entry.signal, Began) and entry.message is not None and entry.signal.ask in run.by_ask]
        self.worker.landed(flight)
        self.watch.loaded(self.worker.run)
        for entry in taken:  # an activity's worker hears that the task is its own, and begins
            assert entry.message is not None
            assert entry.message.token is not None
            self._work(self._asks[entry.message.token], inside=False)

    def _refuse(self) -> None:
        flight = self.worker.flight
        assert flight is not None
        self.watch.refused(self.worker.run, self.store)
        self._again(self.worker.failed(flight))

    # -- what tasks do

    def _begin(self, task: StartTask) -> None:
        """A task starts, or starts again after a crash."""
        kind = task.resource.kind
        if task.token:
            self._asks[task.token] = task
        if kind == "activity":
            if not task.begun:
                self._send(Began(task.ask, "worker"), self.dice.randint(0, 3000), task.token)
        elif task.resource.waits_for_token:
            if not task.submitted:
                self._hand_over(task)
                self._work(task, inside=False)
        else:
            if task.resource.is_job and not task.submitted:
                self._hand_over(task)
            elif not task.begun or self.dice.random() < 0.5:
                self._send(Began(task.ask), self.dice.randint(0, 500))
            self._work(task, inside=True)

    def _hand_over(self, task: StartTask) -> None:
        self._send(Began(task.ask), 0)
        self._send(Submitted(task.ask, {"handed": "over"}), self.dice.randint(0, 300))

    def _work(self, task: StartTask, *, inside: bool) -> None:
        """Heartbeats, and an answer: good, bad, late or none."""
        token = None if inside else task.token
        limited = {"TimeoutSeconds", "HeartbeatSeconds"} & self.watch.states[task.state].keys()
        for after in range(500, self.dice.randint(0, 4000), 700):
            if task.heartbeat is not None:
                self._send(Beat(task.ask), after, token)
        if limited and self.dice.random() < 0.15:
            return
        self._send(self._answer(task), self.dice.choice((0, 100, 1000, 4000, 9000)), token)

    def _answer(self, task: StartTask) -> Signal:
        self._answers += 1
        throw = self.dice.random()
        if throw < 0.65:
            return Replied(task.ask, {"ask": task.ask, "answer": self._answers})
        error = self.dice.choice(("E1", "E2", "States.Timeout"))
        return Refused(task.ask, error, f"answer {self._answers}", timed_out=throw > 0.97)

    def _send(self, signal: Signal, after: int, token: str | None = None) -> None:
        """On its way; some messages come twice, some of them much later."""
        message = Message(self.steady + after, signal, token, inside=token is None)
        self.sent.append(message)
        self.messages.append(message)
        if self.rough and self.dice.random() < 0.2:
            self.messages.append(replace(message, due=message.due + self.dice.choice((0, 500, 20_000))))
