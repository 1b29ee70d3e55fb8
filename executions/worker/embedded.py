"""The embedded engine: all running executions in the memory of one event loop.

What becomes of a signal is in stepper.py; here is the engine's life, and what actions ask of it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Final

from designer.errors import ActionError
from executions.actions import gateway
from executions.actions.delete_state_machine import finish_deletions
from executions.actions.gateway import ActivityTask, Figures, FinishedExecution, NewExecution, StartedExecution
from executions.actions.limits import load_limits
from executions.engine.signals import Began, Continue, Expired, Redriven, Signal, Started, Stopped
from executions.engine.test_state import Trial
from executions.engine.tokens import read_token
from executions.store import Taken, Write, close_threads, in_thread
from executions.store.load import has_ended, signals_of
from executions.store.writes import Reopening
from executions.worker import recovery
from executions.worker.activities import TooManyPollersError, Waiting
from executions.worker.answers import cannot_go_on, closing
from executions.worker.births import new_slot, of_same_name, reopened
from executions.worker.buckets import Gate
from executions.worker.clock import Clock
from executions.worker.housekeeping import Housekeeping
from executions.worker.keeper import Keeper
from executions.worker.machines import Machines
from executions.worker.slot import Entry, Slot
from executions.worker.stepper import Stepper
from executions.worker.tasks import Find
from executions.worker.trials import run_trial
from executions.worker.volatile import run_volatile

log = logging.getLogger(__name__)

SWEEP: Final = 15.0  # seconds between looks into the durable inbox, should a wake have been lost


class EmbeddedEngine:
    """Implements gateway.Engine.  `find` gives the integration of a resource."""

    def __init__(self, find: Find) -> None:
        self.loop = asyncio.get_running_loop()
        self.machines = Machines()
        self._clock = Clock()
        self._find = find
        self._stepper = Stepper(find, self._clock)
        self._gate = Gate()
        self._redriving: set[int] = set()
        self._keeper = Keeper(self.loop, self._stepper.committer.add)
        self.housekeeping = Housekeeping(
            self._clock, self._stepper.slots.values, lambda slot: self._stepper.post(slot, Entry(Expired())))
        self._sweeper: asyncio.Task[None] | None = None
        self._housekeeper: asyncio.Task[None] | None = None

    # -- lifetime

    async def open(self) -> None:
        """Load what runs, go on with it, and become the engine that actions talk to."""
        await in_thread(load_limits)
        self._stepper.committer.start()
        for slot in await recovery.load_slots(self.machines):
            self._stepper.adopt(slot)
        gateway.install(self)
        for slot in list(self._stepper.slots.values()):
            self._go_on(slot)
        try:
            await self._drain_inboxes()
            await finish_deletions()
        except Exception:  # one row must not keep everything else from going on
            log.exception("What earlier runs left to do could not be finished.")
        self._sweeper = self.loop.create_task(self._sweep())
        self._housekeeper = self.loop.create_task(self.housekeeping.run())

    def _go_on(self, slot: Slot) -> None:
        """Take up what a restart has found; what cannot be taken up harms no other."""
        if slot.failure is not None:
            return
        try:
            for effect in recovery.effects_of(slot):
                self._stepper.effects.carry_out(slot, effect)
        except Exception as error:
            log.exception("The execution %s cannot go on.", slot.run.arn)
            self._stepper.quarantine(slot, f"{type(error).__name__}: {error}")
            return
        if slot.run.header.ready:
            self._stepper.post(slot, Entry(Continue()))

    async def close(self) -> None:
        """End in order: work is put away, what was stepped is committed; the rest goes on after the next start."""
        for work in (self._sweeper, self._housekeeper):
            if work is not None:
                work.cancel()
        await self._keeper.close()
        await self._stepper.close()
        gateway.install(None)
        close_threads()

    # -- what actions ask for

    async def start(self, new: NewExecution) -> StartedExecution:
        machine = await self.machines.get(new.revision_id)
        if self._stepper.closing:
            raise closing()
        while (known := self._stepper.by_arn.get(new.arn)) is not None:
            if known.started is None or known.started.done():
                return of_same_name(known, new)
            await asyncio.wait([known.started])
        self._gate.admit(new.kind, len(self._stepper.slots))
        started: asyncio.Future[Taken | None] = self.loop.create_future()
        slot = new_slot(new, machine, self._clock.now(), started)
        self._stepper.adopt(slot)
        self._stepper.post(slot, Entry(Started(), kept=False))
        taken = await asyncio.shield(started)
        if taken is not None:
            return of_same_name(taken, new)
        return StartedExecution(slot.run.id, slot.run.arn, slot.run.started_at)

    def figures(self) -> Figures:
        slots = list(self._stepper.slots.values())
        return Figures(
            len(slots), sum(slot.failure is not None for slot in slots), self._gate.refused,
            self._stepper.pace.throttled)

    async def run_to_end(self, new: NewExecution) -> FinishedExecution:
        machine = await self.machines.get(new.revision_id)
        return await run_volatile(new, machine, self._find, self._clock, self._keeper.keep)

    async def test_state(self, trial: Trial) -> None:
        await run_trial(trial, self._find, self._clock)

    async def deliver(self, execution: int, signal: Signal) -> bool:
        slot = self._stepper.slots.get(execution)
        if slot is None:
            return False
        if self._stepper.closing:
            raise closing()
        if slot.failure is not None:
            if not isinstance(signal, Stopped):
                raise cannot_go_on(slot.failure)
            slot.failure = None  # stopping is what can still be tried
        answer = self.loop.create_future()
        self._stepper.post(slot, Entry(signal, answer, kept=False))
        return await asyncio.shield(answer)

    async def redrive(
        self, execution: int, count: int, client_token: str | None, user: int | None, revision: int | None = None,
    ) -> bool:
        if self._stepper.closing:
            raise closing()
        if execution in self._redriving or execution in self._stepper.slots:
            return False
        self._redriving.add(execution)
        try:
            slot = await reopened(execution, self.machines, Reopening(count, 0, client_token, user, revision))
            if slot is None:
                return False
            self._gate.admit(slot.run.kind, len(self._stepper.slots))
            self._stepper.adopt(slot)
            answer = self.loop.create_future()
            self._stepper.post(slot, Entry(Redriven(count), answer, kept=False))
            return await asyncio.shield(answer)
        finally:
            self._redriving.discard(execution)

    async def wake(self, execution: int) -> None:
        rows = await in_thread(signals_of, execution)
        slot = self._stepper.slots.get(execution)
        if slot is None:
            ended: bool = await in_thread(has_ended, execution)
            if rows and ended:  # one that runs but could not be read back keeps what came for it
                self._stepper.committer.add([Write(execution, consumed=[row for row, _ in rows])])
            return
        if self._stepper.closing:
            return
        answers = []
        for row, signal in rows:
            if row not in slot.rows and slot.failure is None:
                slot.rows.add(row)
                answers.append(self.loop.create_future())
                self._stepper.post(slot, Entry(signal, answers[-1], row=row))
        if answers:
            await asyncio.wait(answers)

    def waiting(self, token: str) -> tuple[int, int] | None:
        ids = read_token(token)
        slot = self._stepper.slots.get(ids[0]) if ids else None
        if ids is None or slot is None or slot.token_of(ids[1]) != token:
            return None
        task = slot.task_of(ids[1])
        return None if task is not None and task.resource.service == "approval" else ids

    async def get_activity_task(self, activity_arn: str, worker: str, wait: float) -> ActivityTask | None:
        until = time.monotonic() + wait
        while True:
            try:
                task = await self._stepper.activities.take(activity_arn, until - time.monotonic())
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
            self._stepper.activities.give_back(activity_arn, task)
            raise

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
