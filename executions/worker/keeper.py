"""Keeping what synchronous Express executions did, for their page.

They have been answered already.  What has ended gathers for a moment, is turned into text in a thread and goes to
the commit thread in one piece; when there is more than can be kept, some of it is not.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from designer.asl.jsontext import dumps
from executions.actions.gateway import NewExecution
from executions.actions.limits import limits
from executions.engine.effects import Finish
from executions.engine.run import Run
from executions.store import Write, in_thread
from executions.store.writes import Ending, storable
from executions.worker.births import row_of
from executions.worker.encode import history_row

log = logging.getLogger(__name__)

PAUSE: Final = 0.25  # seconds that what has ended gathers
MOST: Final = 5000  # executions that wait to be kept; beyond it the newest are not


class Ended(NamedTuple):
    """An execution that was run in memory: `history` has the events of each of its steps; `stopped_at` in ms."""

    new: NewExecution
    run: Run
    finish: Finish
    stopped_at: int
    history: list[list[dict[str, Any]]]


class Keeper:
    """`add` takes what is to be committed."""

    def __init__(self, loop: asyncio.AbstractEventLoop, add: Callable[[Sequence[Write]], None]) -> None:
        self._loop, self._add = loop, add
        self._waiting: list[Ended] = []
        self._work: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        self.left_out = 0

    def keep(self, ended: Ended) -> None:
        if not limits().express_history_hours:
            return
        if len(self._waiting) >= MOST:
            if not self.left_out:
                log.warning("More synchronous executions end than can be kept; some are left out.")
            self.left_out += 1
            return
        self._waiting.append(ended)
        if self._work is None:
            self._work = self._loop.create_task(self._keep())

    async def close(self) -> None:
        """Hand over what is left."""
        self._closing.set()
        if self._work is not None:
            await self._work

    async def _keep(self) -> None:
        while self._waiting:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), PAUSE)
            batch, self._waiting = self._waiting, []
            try:
                self._add(await in_thread(_encoded, batch))
            except Exception:
                log.exception("%d synchronous executions could not be kept.", len(batch))
        self._work = None


def _encoded(batch: Sequence[Ended]) -> list[Write]:
    return [write for ended in batch for write in _writes(ended)]


def _writes(ended: Ended) -> list[Write]:
    """One for each step that is kept; the first has the row as well."""
    run, finish = ended.run, ended.finish
    rows = [history_row(run, events, finish.status) for events in ended.history]
    ending = Ending(
        finish.status, storable(finish.output), storable(finish.error), storable(finish.cause), ended.stopped_at,
        dumps(run.header.dump()))
    first = Write(run.id, new=row_of(ended.new, run), ending=ending, keep_frames=False, history=rows[0])
    return [first, *(Write(run.id, history=row) for row in rows[1:] if row is not None)]
