"""Stepping executions: signals in, one commit for many, effects out.

Its algorithm.  A signal goes into the inbox of its execution, and the execution into the queue of those
that are ready.  A turn of the pump takes executions from the queue, lets the core `advance` each over
its whole inbox, and hands the rows to the commit thread; a turn lasts a few milliseconds, then the loop
serves others.  While the commit is under way the execution only gathers signals.  After the commit the
run is changed in memory, effects are carried out, waiting callers are answered and observers told – in
that order, and nothing of it if the commit failed.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Final, ParamSpec, TypeVar

from designer.errors import ActionError
from executions.actions.gateway import Committed
from executions.actions.limits import limits
from executions.engine.signals import Continue, Expired, Fired, Signal
from executions.engine.step import Step, advance
from executions.store import Taken, Write, in_thread
from executions.store.load import are_written, load_run
from executions.worker.activities import Activities
from executions.worker.answers import away, cannot_go_on, closing, refuse, refuse_all, resolve, tell
from executions.worker.aside import ElsewhereError, advance_aside, never_wait_here
from executions.worker.buckets import Pace
from executions.worker.clock import Clock
from executions.worker.committer import Away, Committer, Outcome, Poison
from executions.worker.effects import Effects
from executions.worker.encode import encode
from executions.worker.holding import Holding, joined
from executions.worker.quarantine import last_flight
from executions.worker.slot import Entry, Flight, Slot, heard
from executions.worker.tasks import Find, Tasks
from executions.worker.timers import Key, Timers

log = logging.getLogger(__name__)

TURN: Final = 0.004  # seconds the pump works before the loop serves others
BUDGET: Final = 400  # transitions of one execution before others get their turn, about 3 ms
BATCH: Final = 1000  # signals of one execution that a step takes
PAUSE_AFTER_FAILURE: Final = 1.0  # seconds before it is looked at what came of a commit that was given up

Arguments = ParamSpec("Arguments")
Value = TypeVar("Value")


class Stepper:
    """All executions in memory, by id and by ARN, and what they wait for."""

    def __init__(self, find: Find, clock: Clock) -> None:
        self._loop = asyncio.get_running_loop()
        self._clock = clock
        self.slots: dict[int, Slot] = {}
        self.by_arn: dict[str, Slot] = {}
        self._ready: deque[Slot] = deque()
        self._pumping = False
        self.pace = Pace(self._loop, self._queue)
        self.closing = False
        self._flights: dict[int, Flight] = {}
        self.committer = Committer(self._loop, self._landed)
        self.activities = Activities()
        self.effects = Effects(
            Timers(self._loop, clock, self._fired), Tasks(self._loop, find, self._send, self.activities))
        self._doubts: set[asyncio.Task[None]] = set()
        self._holding = Holding(self._loop, lambda slot: self.post(slot, Entry(Continue())))
        never_wait_here()

    async def close(self) -> None:
        """Put work away, commit what was stepped, and refuse what came too late."""
        await self.effects.stop()
        self.closing = True
        self.pace.stop()
        self.committer.add(self._holding.stop())
        await asyncio.to_thread(self.committer.stop)
        await asyncio.sleep(0)  # the last commit reports through the loop
        for doubt in self._doubts:
            doubt.cancel()
        never_wait_here(False)
        for slot in self.slots.values():
            refuse_all(slot.inbox, closing())

    def adopt(self, slot: Slot) -> None:
        self.slots[slot.run.id] = slot
        self.by_arn[slot.run.arn] = slot

    def _forget(self, slot: Slot) -> None:
        self.slots.pop(slot.run.id, None)
        if self.by_arn.get(slot.run.arn) is slot:
            del self.by_arn[slot.run.arn]
        self.effects.forget(slot)

    # -- signals in

    def _send(self, execution: int, signal: Signal) -> asyncio.Future[bool]:
        """What integrations send: kept until it is committed, never refused."""
        answer: asyncio.Future[bool] = self._loop.create_future()
        slot = self.slots.get(execution)
        if slot is None or slot.failure is not None or self.closing:
            answer.set_result(False)
        else:
            self.post(slot, Entry(signal, answer))
        return answer

    def _fired(self, keys: Sequence[Key]) -> None:
        for key in keys:
            slot = self.slots.get(key.execution)
            if slot is not None and slot.failure is None:
                self.post(slot, Entry(Expired() if key.timer == "execution" else Fired(key.ask, key.timer)))

    def post(self, slot: Slot, entry: Entry) -> None:
        slot.inbox.append(entry)
        self._queue(slot)

    def _queue(self, slot: Slot) -> None:
        if slot.queued or slot.in_flight or not slot.inbox or self.closing:
            return
        slot.queued = True
        self._ready.append(slot)
        if not self._pumping:
            self._pumping = True
            self._loop.call_soon(self._pump)

    # -- steps

    def _pump(self) -> None:
        until = time.perf_counter() + TURN
        writes: list[Write] = []
        while self._ready:
            slot = self._ready.popleft()
            slot.queued = False
            if self.pace.holds(slot):
                continue
            write = self._step(slot)
            if write is not None:
                writes.append(write)
            if time.perf_counter() > until:
                break
        if writes:
            self.committer.add(writes)
        self._pumping = bool(self._ready)
        if self._pumping:
            self._loop.call_soon(self._pump)

    def _step(self, slot: Slot) -> Write | None:
        """Advance one execution over its inbox; None when there is nothing to commit."""
        entries, slot.inbox = slot.inbox[:BATCH], slot.inbox[BATCH:]
        now = self._clock.now()
        signals = [entry.signal for entry in entries]
        slot.run.largest = limits().largest_payload
        try:
            step = advance(slot.machine, slot.run, signals, now, budget=self.pace.budget(BUDGET))
            return self._stepped(slot, step, entries, now)
        except ElsewhereError:
            if slot.new is not None:  # the start is committed, and answered, before a first state that takes its time
                return self._stepped(slot, advance(slot.machine, slot.run, signals, now, budget=0), entries, now)
            slot.in_flight = True
            self._doubt(self._step_aside(slot, entries, now))
            return None
        except Exception as error:
            log.exception("The execution %s cannot go on.", slot.run.arn)
            return self._quarantine(slot, entries, f"{type(error).__name__}: {error}")

    async def _step_aside(self, slot: Slot, entries: list[Entry], now: int) -> None:
        """A step that has to wait for a helper process, in a thread; the core leaves the run alone until it is told."""
        signals = [entry.signal for entry in entries]
        try:
            step = await advance_aside(slot.machine, slot.run, signals, now, self.pace.budget(BUDGET))
            slot.in_flight = False
            write = self._stepped(slot, step, entries, now)
        except asyncio.CancelledError:
            refuse_all(entries, closing())
            raise
        except Exception as error:
            log.exception("The execution %s cannot go on.", slot.run.arn)
            slot.in_flight = False
            write = self._quarantine(slot, entries, f"{type(error).__name__}: {error}")
        if write is not None:
            self.committer.add([write])

    def _stepped(self, slot: Slot, step: Step, entries: list[Entry], now: int) -> Write | None:
        changes = step.changes
        write = encode(slot, step, changes, entries, now)
        self.pace.spend(slot, step)
        flight = Flight(slot, step, changes, entries, write)
        moved = step.events or step.effects or changes.frames or changes.removed or write.consumed
        if not moved and not slot.checkpoint:
            self._answer(flight, heard(slot.run, step, entries))
            self._rest(slot)
            return None
        if self._holding.takes(slot, write):
            self._took_over(flight)
            return None
        return self._sent(flight)

    def _rest(self, slot: Slot) -> None:
        """A step has changed nothing."""
        if slot.reopening is not None:  # it has ended, and its redrive is none
            self._forget(slot)
        self._queue(slot)

    def _sent(self, flight: Flight) -> Write:
        """What is to be committed; its other end is `_landed`."""
        slot = flight.slot
        slot.in_flight = True
        self._flights[slot.run.id] = flight
        flight.write = joined([*slot.held, flight.write])
        return flight.write

    # -- after the commit

    def _landed(self, writes: Sequence[Write], outcomes: Sequence[Outcome]) -> None:
        told: list[Committed] = []
        doubtful: list[Flight] = []
        for write, outcome in zip(writes, outcomes, strict=True):
            flight = self._flights.pop(write.execution, None)
            if flight is None:
                continue
            flight.slot.in_flight = False
            if outcome is None:
                self._committed(flight, told)
            elif isinstance(outcome, Taken):
                self._forget(flight.slot)
                resolve(flight.slot.started, outcome)
            elif isinstance(outcome, Away):
                self._given_up(flight)
                doubtful.append(flight)
            else:
                self._refused(flight, outcome)
        if told:
            tell(told)
        if doubtful:
            self._doubt(self._find_out(doubtful))

    def _doubt(self, work: Coroutine[Any, Any, None]) -> None:
        doubt = self._loop.create_task(work)
        self._doubts.add(doubt)
        doubt.add_done_callback(self._doubts.discard)

    def _committed(self, flight: Flight, told: list[Committed]) -> None:
        slot, header = flight.slot, flight.changes.header
        told.append(Committed(slot.run.id, slot.machine_id, header.next_event - 1, header.status))
        slot.held.clear()
        slot.checkpoint = False
        self._took_over(flight)

    def _took_over(self, flight: Flight) -> None:
        try:
            self._take_over(flight)
        except Exception as error:  # what is durable is durable; what is in memory may be neither old nor new
            log.exception("The execution %s cannot go on.", flight.slot.run.arn)
            self._doubt(self._read_back(flight, f"{type(error).__name__}: {error}"))

    def _take_over(self, flight: Flight) -> None:
        """What was committed becomes the state in memory, is carried out and answered."""
        slot, step = flight.slot, flight.step
        answers = heard(slot.run, step, flight.entries)
        slot.new = slot.reopening = None
        resolve(slot.started, None)
        slot.run.apply(flight.changes)
        if not self.closing:
            for effect in step.effects:
                self.effects.carry_out(slot, effect)
        self._answer(flight, answers)
        if slot.run.ended:
            self._forget(slot)
            self._came_too_late(slot)
        elif slot.run.header.ready:
            self.post(slot, Entry(Continue()))
        else:
            self._queue(slot)

    def _came_too_late(self, slot: Slot) -> None:
        """What is still in the inbox of an execution that has ended means nothing any more, nor do its rows."""
        for entry in slot.inbox:
            resolve(entry.heard, False)
        if rows := [entry.row for entry in slot.inbox if entry.row is not None]:
            self.committer.add([Write(slot.run.id, consumed=rows)])

    def _answer(self, flight: Flight, answers: Sequence[bool]) -> None:
        for entry, answer in zip(flight.entries, answers, strict=True):
            if entry.row is not None:
                flight.slot.rows.discard(entry.row)
            resolve(entry.heard, answer)

    def _refused(self, flight: Flight, outcome: Poison) -> None:
        slot, error = flight.slot, outcome.error
        log.error("The database refuses what %s has done.", slot.run.arn, exc_info=error)
        reason = f"{type(error).__name__}: {error}"
        if slot.held:  # one of these may be what it refuses
            self._doubt(self._read_back(flight, reason))
            return
        if slot.new is not None:
            slot.failure = "the database refuses its row"
        self.quarantine(slot, reason, flight.entries)

    def _given_up(self, flight: Flight) -> None:
        """Whoever waits hears of it; the execution stands still until it is known what the database holds."""
        slot = flight.slot
        refuse_all((entry for entry in flight.entries if not entry.kept), away())
        slot.in_flight = True
        if slot.new is not None:
            self._forget(slot)  # the name is free again, or the database will say that it is not
            refuse(slot.started, away())

    async def _find_out(self, flights: Sequence[Flight]) -> None:
        """A commit that was given up may have happened, its answer lost: look before anything is done again."""
        await asyncio.sleep(PAUSE_AFTER_FAILURE)
        landed = await patiently(are_written, [flight.write for flight in flights])
        told: list[Committed] = []
        for flight, there in zip(flights, landed, strict=True):
            slot = flight.slot
            slot.in_flight = False
            if there:
                self.adopt(slot)
                self._committed(flight, told)
            elif slot.failure is not None and slot.new is None:
                failure, slot.failure = slot.failure, None
                self.quarantine(slot, failure)
            elif slot.reopening is not None:  # whoever wanted it redriven has heard that it is not
                self._forget(slot)
                self._turn_away(slot, (), away())
            elif slot.new is None:
                slot.inbox[:0] = [entry for entry in flight.entries if entry.kept]
                self._queue(slot)
        tell(told)

    # -- executions that cannot go on

    def quarantine(self, slot: Slot, reason: str, entries: Sequence[Entry] = ()) -> None:
        """End an execution that cannot go on; its other end is `_landed`."""
        write = self._quarantine(slot, entries, reason)
        if write is not None:
            self.committer.add([write])

    def _quarantine(self, slot: Slot, entries: Sequence[Entry], reason: str) -> Write | None:
        """The commit that ends it as FAILED.

        None when that failed before or cannot be written either: then it stays as its last commit left it, out of
        the way, until it is stopped or the server starts anew.
        """
        if slot.reopening is not None:  # it has ended long ago, and stays as it did
            self._forget(slot)
            self._turn_away(slot, entries, cannot_go_on(reason))
            return None
        last = None if slot.failure is not None else last_flight(slot, reason, self._clock.now())
        slot.failure = reason
        self._turn_away(slot, entries, cannot_go_on(reason))
        if last is not None:
            return self._sent(last)
        if slot.new is not None:
            self._forget(slot)
            refuse(slot.started, cannot_go_on(reason))
        return None

    def _turn_away(self, slot: Slot, entries: Sequence[Entry], error: ActionError) -> None:
        for entry in [*entries, *slot.inbox]:
            if entry.kept:
                resolve(entry.heard, False)
            else:
                refuse(entry.heard, error)
        slot.inbox.clear()
        slot.rows.clear()

    async def _read_back(self, flight: Flight, reason: str) -> None:
        """A commit could not be taken over: what the database holds is the truth, and is ended from there."""
        slot = flight.slot
        slot.in_flight = True
        slot.held.clear()
        loaded = await patiently(load_run, slot.run.id)
        slot.in_flight = False
        if loaded is None or loaded.run.ended:
            self._forget(slot)
            self._turn_away(slot, flight.entries, cannot_go_on(reason))
            return
        slot.run = loaded.run
        self.quarantine(slot, reason, flight.entries)


async def patiently(
    read: Callable[Arguments, Value], *args: Arguments.args, **kwargs: Arguments.kwargs,
) -> Value:
    """What a function reads from the database, as soon as it can be read."""
    while True:
        try:
            return await in_thread(read, *args, **kwargs)
        except Exception as error:
            log.warning("The database cannot be read (%s); trying again.", error)
            await asyncio.sleep(PAUSE_AFTER_FAILURE)
