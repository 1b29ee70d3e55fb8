"""What is done now and then beside the executions: ended ones are removed, and those of a year's age end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Final

from django.db import OperationalError

from designer.models import StateMachine
from executions.actions.limits import limits
from executions.engine.receive import STANDARD_MS
from executions.models import Retention
from executions.store import in_thread, retention
from executions.worker.clock import Clock
from executions.worker.slot import Slot

log = logging.getLogger(__name__)

ROUND: Final = 60.0  # seconds between two rounds
PAUSE: Final = 0.02  # seconds between two transactions, so that commits come first
HOUR: Final = 3600 * 1000  # ms
DAY: Final = 24 * HOUR


class Housekeeping:
    """`slots` gives what runs, `expire` tells the core to look at an execution's time limit."""

    def __init__(self, clock: Clock, slots: Callable[[], Iterable[Slot]], expire: Callable[[Slot], None]) -> None:
        self._clock, self._slots, self._expire = clock, slots, expire

    async def run(self) -> None:
        """Round after round, until it is cancelled."""
        while True:
            await asyncio.sleep(ROUND)
            try:
                self.end_the_old()
                await self.remove_the_ended()
            except Exception:
                log.exception("Housekeeping failed; it goes on with the next round.")

    def end_the_old(self) -> None:
        """A limit of a year needs no timer for each execution."""
        before = self._clock.now() - STANDARD_MS
        for slot in [slot for slot in self._slots() if slot.run.started_at <= before and slot.failure is None]:
            self._expire(slot)

    async def remove_the_ended(self) -> int:
        """Remove what has been kept for long enough; how many executions."""
        now, kept = self._clock.now(), limits()
        removed = 0
        for machine_id, days in await in_thread(_days_of_machines, kept.retention_days):
            if days:
                removed += await _remove(lambda id=machine_id, at=now - days * DAY: (  # type: ignore[misc]
                    retention.ended_before(id, "STANDARD", at)))
            before = now - kept.express_history_hours * HOUR
            removed += await _remove(lambda id=machine_id, at=before: (  # type: ignore[misc]
                retention.ended_before(id, "EXPRESS", at)))
        most = kept.express_history_executions
        last = await in_thread(retention.beyond_newest_express, most) if most else None
        if last is not None:
            removed += await _remove(lambda: retention.express_up_to(last))
        if removed:
            log.info("Removed %d executions that had been kept for long enough.", removed)
        return removed


def _days_of_machines(usual: int) -> list[tuple[int, int]]:
    own = dict(Retention.objects.values_list("machine_id", "days"))
    return [(id, own.get(id, usual)) for id in StateMachine.objects.values_list("pk", flat=True)]


async def _remove(find: Callable[[], list[int]]) -> int:
    """Remove what `find` finds, a few at a time."""
    removed = 0
    while ids := await in_thread(find):
        more = True
        while more:
            more = await _once_it_is_free(ids)
            await asyncio.sleep(PAUSE)
        removed += len(ids)
    return removed


async def _once_it_is_free(ids: list[int]) -> bool:
    while True:
        try:
            return await in_thread(retention.remove_some, ids)
        except OperationalError as error:  # locked, full or away: executions come first
            log.warning("Executions cannot be removed now (%s); trying again.", error)
            await asyncio.sleep(1.0)
