"""Carrying out what the core asks for, after the commit that holds it."""

from __future__ import annotations

from executions.engine.effects import Cancel, Effect, SetTimer, StartTask
from executions.worker.slot import Slot
from executions.worker.tasks import Tasks
from executions.worker.timers import Key, Timers


class Effects:
    """Timers and running tasks of one engine."""

    def __init__(self, timers: Timers, tasks: Tasks) -> None:
        self._timers, self._tasks = timers, tasks

    def carry_out(self, slot: Slot, effect: Effect) -> None:
        if isinstance(effect, SetTimer):
            self._timers.set(Key(slot.run.id, effect.ask, effect.timer), effect.due)
        elif isinstance(effect, Cancel):
            self._timers.cancel(slot.run.id, effect.ask)
            self._tasks.cancel(slot.run.id, effect.ask, effect.reason)
        elif isinstance(effect, StartTask):
            self._tasks.start(slot, effect)

    def forget(self, slot: Slot) -> None:
        """The execution has ended; its open asks were cancelled one by one."""
        self._timers.drop(Key(slot.run.id, 0, "execution"))

    async def stop(self) -> None:
        self._timers.stop()
        await self._tasks.stop()
