"""Synchronous Express executions: run in memory, lost with the process (at most once, quotas.md section 5).

The same core, integrations, timers and clock as the durable engine; only the commit between a step and its
effects is missing.  What was run is kept for a while, but only after it has ended and been answered (keeper.py).
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from typing import Any, Final

from designer.asl.model import Machine
from executions.actions.gateway import FinishedExecution, NewExecution
from executions.actions.limits import limits
from executions.engine.effects import Finish
from executions.engine.quarantine import quarantine
from executions.engine.run import RUNNING, Run
from executions.engine.signals import Continue, Expired, Fired, Signal, Started
from executions.engine.step import Step, advance
from executions.store import new_id
from executions.worker.activities import Activities
from executions.worker.aside import Advance, ElsewhereError, advance_aside
from executions.worker.clock import Clock
from executions.worker.effects import Effects
from executions.worker.encode import EXPRESS_EVENTS
from executions.worker.keeper import Ended
from executions.worker.slot import Slot
from executions.worker.tasks import Find, Tasks
from executions.worker.timers import Key, Timers

log = logging.getLogger(__name__)

BUDGET: Final = 400  # transitions before others get their turn


async def run_volatile(
    new: NewExecution, machine: Machine, find: Find, clock: Clock, keep: Callable[[Ended], None],
) -> FinishedExecution:
    """Run an execution to its end; `keep` is told what it was."""
    started_at = clock.now()
    run = Run(
        id=new_id(), arn=new.arn, name=new.name, machine_arn=new.machine_arn, machine_name=new.machine_name,
        role_arn=new.role_arn, input=new.input, started_at=started_at, seed=secrets.token_hex(24), kind=new.kind,
        version_arn=new.version_arn, alias_arn=new.alias_arn)
    run.largest = limits().largest_payload
    execution = Volatile(machine, run, find, clock)
    finish = await execution.run()
    stopped_at = clock.now()
    keep(Ended(new, run, finish, stopped_at, execution.history))
    return FinishedExecution(
        new.arn, started_at, stopped_at, finish.status, finish.output, finish.error, finish.cause)


class Volatile:
    """One execution in the memory of the running loop."""

    def __init__(self, machine: Machine, run: Run, find: Find, clock: Clock, core: Advance | None = None) -> None:
        self._core = core or advance
        self._loop = asyncio.get_running_loop()
        self._clock = clock
        self._slot = Slot(run, machine, 0)
        self._effects = Effects(
            Timers(self._loop, clock, self._fired), Tasks(self._loop, find, self._send, Activities()))
        self._inbox: list[Signal] = [Started()]
        self._news = asyncio.Event()
        self._finish: Finish | None = None
        self.history: list[list[dict[str, Any]]] = []  # the events of each step, as far as they are kept

    async def run(self) -> Finish:
        """Step until the execution has ended; whatever still works for it then is stopped."""
        try:
            while self._finish is None:
                if not self._inbox:
                    await self._news.wait()
                self._news.clear()
                await self._step()
                await asyncio.sleep(0)
            return self._finish
        finally:
            await self._effects.stop()

    async def _step(self) -> None:
        signals, self._inbox = self._inbox, []
        step = await self._advance(signals)
        self._slot.run.apply(step.changes)
        if step.events and (step.events[0]["id"] <= EXPRESS_EVENTS or step.status != RUNNING):
            self.history.append(step.events)
        if step.more:
            self._inbox.append(Continue())
        for effect in step.effects:
            if isinstance(effect, Finish):
                self._finish = effect
            else:
                self._effects.carry_out(self._slot, effect)

    async def _advance(self, signals: list[Signal]) -> Step:
        machine, run, now = self._slot.machine, self._slot.run, self._clock.now()
        try:
            try:
                return self._core(machine, run, signals, now, budget=BUDGET)
            except ElsewhereError:
                return await advance_aside(machine, run, signals, now, BUDGET, self._core)
        except Exception as error:
            log.exception("The execution %s cannot go on.", run.arn)
            return quarantine(machine, run, now, f"{type(error).__name__}: {error}")

    def _post(self, signal: Signal) -> None:
        self._inbox.append(signal)
        self._news.set()

    def _send(self, execution: int, signal: Signal) -> asyncio.Future[bool]:
        """What integrations send; there is no commit to wait for."""
        heard: asyncio.Future[bool] = self._loop.create_future()
        heard.set_result(getattr(signal, "ask", 0) in self._slot.run.by_ask)
        self._post(signal)
        return heard

    def _fired(self, keys: list[Key]) -> None:
        for key in keys:
            self._post(Expired() if key.timer == "execution" else Fired(key.ask, key.timer))
