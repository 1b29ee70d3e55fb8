"""The embedded engine: all running executions in the memory of one event loop.

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
from collections.abc import Sequence
from typing import Final

from designer.errors import ActionError
from executions.actions import gateway
from executions.actions.delete_state_machine import finish_deletions
from executions.actions.gateway import ActivityTask, Committed, FinishedExecution, NewExecution, StartedExecution
from executions.engine.signals import Began, Continue, Expired, Fired, Signal, Started, Stopped
from executions.engine.step import advance
from executions.engine.tokens import read_token
from executions.store import Taken, Write, close_threads, in_thread
from executions.store.load import are_written, has_ended, signals_of
from executions.worker import recovery
from executions.worker.activities import Activities, TooManyPollersError, Waiting
from executions.worker.answers import refuse, refuse_all, resolve, tell
from executions.worker.births import new_slot, of_same_name
from executions.worker.clock import Clock
from executions.worker.committer import Away, Committer, Outcome, Poison
from executions.worker.effects import Effects
from executions.worker.encode import encode
from executions.worker.machines import Machines
from executions.worker.slot import Entry, Flight, Slot, heard
from executions.worker.tasks import Find, Tasks
from executions.worker.timers import Key, Timers
from executions.worker.volatile import run_volatile

log = logging.getLogger(__name__)

TURN: Final = 0.004  # seconds the pump works before the loop serves others
BUDGET: Final = 400  # transitions of one execution before others get their turn, about 3 ms
BATCH: Final = 1000  # signals of one execution that a step takes
PAUSE_AFTER_FAILURE: Final = 1.0  # seconds before it is looked at what came of a commit that was given up
SWEEP: Final = 15.0  # seconds between looks into the durable inbox, should a wake have been lost


class EmbeddedEngine:
    """Implements gateway.Engine.  `find` gives the integration of a resource."""

    def __init__(self, find: Find) -> None:
        self.loop = asyncio.get_running_loop()
        self.machines = Machines()
        self._clock = Clock()
        self._find = find
        self._slots: dict[int, Slot] = {}
        self._by_arn: dict[str, Slot] = {}
        self._ready: deque[Slot] = deque()
        self._pumping = False
        self._closing = False
        self._flights: dict[int, Flight] = {}
        self._committer = Committer(self.loop, self._landed)
        self._activities = Activities()
        self._effects = Effects(
            Timers(self.loop, self._clock, self._fired), Tasks(self.loop, find, self._send, self._activities))
        self._sweeper: asyncio.Task[None] | None = None
        self._doubts: set[asyncio.Task[None]] = set()

    # -- lifetime

    async def open(self) -> None:
        """Load what runs, go on with it, and become the engine that actions talk to."""
        self._committer.start()
        for slot in await recovery.load_slots(self.machines):
            self._adopt(slot)
        gateway.install(self)
        for slot in list(self._slots.values()):
            for effect in recovery.effects_of(slot):
                self._effects.carry_out(slot, effect)
            if slot.run.header.ready:
                self._post(slot, Entry(Continue()))
        try:
            await self._drain_inboxes()
            await finish_deletions()
        except Exception:  # one row must not keep everything else from going on
            log.exception("What earlier runs left to do could not be finished.")
        self._sweeper = self.loop.create_task(self._sweep())

    async def close(self) -> None:
        """End in order: work is put away, what was stepped is committed; the rest goes on after the next start."""
        if self._sweeper is not None:
            self._sweeper.cancel()
        await self._effects.stop()
        self._closing = True
        await asyncio.to_thread(self._committer.stop)
        await asyncio.sleep(0)  # the last commit reports through the loop
        for doubt in self._doubts:
            doubt.cancel()
        for slot in self._slots.values():
            refuse_all(slot.inbox, _closing())
        gateway.install(None)
        close_threads()

    # -- what actions ask for

    async def start(self, new: NewExecution) -> StartedExecution:
        machine = await self.machines.get(new.revision_id)
        if self._closing:
            raise _closing()
        while (known := self._by_arn.get(new.arn)) is not None:
            if known.started is None or known.started.done():
                return of_same_name(known, new)
            await asyncio.wait([known.started])
        started: asyncio.Future[Taken | None] = self.loop.create_future()
        slot = new_slot(new, machine, self._clock.now(), started)
        self._adopt(slot)
        self._post(slot, Entry(Started(), kept=False))
        taken = await asyncio.shield(started)
        if taken is not None:
            return of_same_name(taken, new)
        return StartedExecution(slot.run.id, slot.run.arn, slot.run.started_at)

    async def run_to_end(self, new: NewExecution) -> FinishedExecution:
        return await run_volatile(new, await self.machines.get(new.revision_id), self._find, self._clock)

    async def deliver(self, execution: int, signal: Signal) -> bool:
        slot = self._slots.get(execution)
        if slot is None:
            return False
        if self._closing:
            raise _closing()
        if slot.failure is not None:
            if not isinstance(signal, Stopped):
                raise ActionError("InternalFailure", f"The execution cannot go on: {slot.failure}")
            slot.failure = None  # stopping is what can still be tried
        answer = self.loop.create_future()
        self._post(slot, Entry(signal, answer, kept=False))
        return await asyncio.shield(answer)

    async def wake(self, execution: int) -> None:
        rows = await in_thread(signals_of, execution)
        slot = self._slots.get(execution)
        if slot is None:
            ended: bool = await in_thread(has_ended, execution)
            if rows and ended:  # one that runs but could not be read back keeps what came for it
                self._committer.add([Write(execution, consumed=[row for row, _ in rows])])
            return
        if self._closing:
            return
        answers = []
        for row, signal in rows:
            if row not in slot.rows and slot.failure is None:
                slot.rows.add(row)
                answers.append(self.loop.create_future())
                self._post(slot, Entry(signal, answers[-1], row=row))
        if answers:
            await asyncio.wait(answers)

    def waiting(self, token: str) -> tuple[int, int] | None:
        ids = read_token(token)
        slot = self._slots.get(ids[0]) if ids else None
        return ids if ids and slot and slot.token_of(ids[1]) == token else None

    async def get_activity_task(self, activity_arn: str, worker: str, wait: float) -> ActivityTask | None:
        until = time.monotonic() + wait
        while True:
            try:
                task = await self._activities.take(activity_arn, until - time.monotonic())
            except TooManyPollersError:
                message = f"Too many workers poll the activity at once: '{activity_arn}'"
                raise ActionError("ActivityWorkerLimitExceeded", message) from None
            if task is None:
                return None
            if self.waiting(task.token) and await self._begin(activity_arn, task, worker):
                return ActivityTask(task.token, task.input)

    async def _begin(self, activity_arn: str, task: Waiting, worker: str) -> bool:
        """Note that a worker has the task; one that could not be noted is still to be had."""
        try:
            return await self.deliver(task.execution, Began(task.ask, worker))
        except ActionError as error:
            if error.code != "ServiceUnavailable":  # its execution cannot go on; the next task may
                return False
            self._activities.give_back(activity_arn, task)
            raise

    # -- signals in

    def _send(self, execution: int, signal: Signal) -> asyncio.Future[bool]:
        """What integrations send: kept until it is committed, never refused."""
        answer: asyncio.Future[bool] = self.loop.create_future()
        slot = self._slots.get(execution)
        if slot is None or slot.failure is not None or self._closing:
            answer.set_result(False)
        else:
            self._post(slot, Entry(signal, answer))
        return answer

    def _fired(self, keys: Sequence[Key]) -> None:
        for key in keys:
            slot = self._slots.get(key.execution)
            if slot is not None and slot.failure is None:
                self._post(slot, Entry(Expired() if key.timer == "execution" else Fired(key.ask, key.timer)))

    def _post(self, slot: Slot, entry: Entry) -> None:
        slot.inbox.append(entry)
        self._queue(slot)

    def _queue(self, slot: Slot) -> None:
        if slot.queued or slot.in_flight or not slot.inbox or self._closing:
            return
        slot.queued = True
        self._ready.append(slot)
        if not self._pumping:
            self._pumping = True
            self.loop.call_soon(self._pump)

    # -- steps

    def _pump(self) -> None:
        until = time.perf_counter() + TURN
        writes: list[Write] = []
        while self._ready:
            slot = self._ready.popleft()
            slot.queued = False
            write = self._step(slot)
            if write is not None:
                writes.append(write)
            if time.perf_counter() > until:
                break
        if writes:
            self._committer.add(writes)
        self._pumping = bool(self._ready)
        if self._pumping:
            self.loop.call_soon(self._pump)

    def _step(self, slot: Slot) -> Write | None:
        """Advance one execution over its inbox; None when there is nothing to commit."""
        entries, slot.inbox = slot.inbox[:BATCH], slot.inbox[BATCH:]
        now = self._clock.now()
        try:
            step = advance(slot.machine, slot.run, [entry.signal for entry in entries], now, budget=BUDGET)
            changes = step.changes
            write = encode(slot, step, changes, entries, now)
        except Exception as error:
            log.exception("The execution %s cannot go on.", slot.run.arn)
            self._quarantine(slot, entries, f"{type(error).__name__}: {error}")
            return None
        flight = Flight(slot, step, changes, entries, write)
        if not (step.events or step.effects or changes.frames or changes.removed or write.consumed):
            self._answer(flight, heard(slot.run, step, entries))
            self._queue(slot)
            return None
        slot.in_flight = True
        self._flights[slot.run.id] = flight
        return write

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
            doubt = self.loop.create_task(self._find_out(doubtful))
            self._doubts.add(doubt)
            doubt.add_done_callback(self._doubts.discard)

    def _committed(self, flight: Flight, told: list[Committed]) -> None:
        slot, header = flight.slot, flight.changes.header
        told.append(Committed(slot.run.id, slot.machine_id, header.next_event - 1, header.status))
        try:
            self._take_over(flight)
        except Exception as error:  # what is durable is durable; a restart takes it up
            log.exception("The execution %s cannot go on.", slot.run.arn)
            self._quarantine(slot, flight.entries, f"{type(error).__name__}: {error}")

    def _take_over(self, flight: Flight) -> None:
        """What was committed becomes the state in memory, is carried out and answered."""
        slot, step = flight.slot, flight.step
        answers = heard(slot.run, step, flight.entries)
        slot.new = None
        resolve(slot.started, None)
        slot.run.apply(flight.changes)
        if not self._closing:
            for effect in step.effects:
                self._effects.carry_out(slot, effect)
        self._answer(flight, answers)
        if slot.run.ended:
            self._forget(slot)
            for entry in slot.inbox:
                resolve(entry.heard, False)
        elif slot.run.header.ready:
            self._post(slot, Entry(Continue()))
        else:
            self._queue(slot)

    def _answer(self, flight: Flight, answers: Sequence[bool]) -> None:
        for entry, answer in zip(flight.entries, answers, strict=True):
            if entry.row is not None:
                flight.slot.rows.discard(entry.row)
            resolve(entry.heard, answer)

    def _refused(self, flight: Flight, outcome: Poison) -> None:
        slot, error = flight.slot, outcome.error
        log.error("The database refuses what %s has done.", slot.run.arn, exc_info=error)
        self._quarantine(slot, flight.entries, f"{type(error).__name__}: {error}")

    def _given_up(self, flight: Flight) -> None:
        """Whoever waits hears of it; the execution stands still until it is known what the database holds."""
        slot = flight.slot
        refuse_all((entry for entry in flight.entries if not entry.kept), _away())
        slot.in_flight = True
        if slot.new is not None:
            self._forget(slot)  # the name is free again, or the database will say that it is not
            refuse(slot.started, _away())

    async def _find_out(self, flights: Sequence[Flight]) -> None:
        """A commit that was given up may have happened, its answer lost: look before anything is done again."""
        while True:
            await asyncio.sleep(PAUSE_AFTER_FAILURE)
            try:
                landed = await in_thread(are_written, [flight.write for flight in flights])
                break
            except Exception as error:
                log.warning("The database cannot be read (%s); trying again.", error)
        told: list[Committed] = []
        for flight, there in zip(flights, landed, strict=True):
            slot = flight.slot
            slot.in_flight = False
            if there:
                self._adopt(slot)
                self._committed(flight, told)
            elif slot.new is None:
                slot.inbox[:0] = [entry for entry in flight.entries if entry.kept]
                self._queue(slot)
        tell(told)

    def _quarantine(self, slot: Slot, entries: Sequence[Entry], reason: str) -> None:
        """Leave it as its last commit left it, out of the way, until it is stopped or the server starts anew."""
        slot.failure = reason
        error = ActionError("InternalFailure", f"The execution cannot go on: {reason}")
        for entry in [*entries, *slot.inbox]:
            if entry.kept:
                resolve(entry.heard, False)
            else:
                refuse(entry.heard, error)
        slot.inbox.clear()
        slot.rows.clear()
        if slot.new is not None:
            self._forget(slot)
            refuse(slot.started, error)

    # -- the books

    def _adopt(self, slot: Slot) -> None:
        self._slots[slot.run.id] = slot
        self._by_arn[slot.run.arn] = slot

    def _forget(self, slot: Slot) -> None:
        self._slots.pop(slot.run.id, None)
        if self._by_arn.get(slot.run.arn) is slot:
            del self._by_arn[slot.run.arn]
        self._effects.forget(slot)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP)
            try:
                await self._drain_inboxes()
            except Exception:
                log.exception("The durable inbox could not be read.")

    async def _drain_inboxes(self) -> None:
        executions = await recovery.waiting_inboxes()
        for outcome in await asyncio.gather(*map(self.wake, executions), return_exceptions=True):
            if isinstance(outcome, Exception):
                log.error("A durable inbox could not be read.", exc_info=outcome)


def _away() -> ActionError:
    return ActionError("ServiceUnavailable", "The database cannot be written to; try again later.")


def _closing() -> ActionError:
    return ActionError("ServiceUnavailable", "The server is stopping; try again later.")

