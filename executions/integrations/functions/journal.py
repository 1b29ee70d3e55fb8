"""Invocations and their logs, written some at a time by a thread: a call never waits for the disk."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass
from typing import Final

from django.db import DatabaseError, transaction

from executions.integrations.functions.outcome import Outcome
from executions.models import Execution, Function, Invocation
from executions.store import in_thread

log = logging.getLogger(__name__)
PAUSE_SECONDS: Final = 0.2
BATCH: Final = 200
BACKLOG: Final = 5_000  # when the database does not take them, the oldest are given up


@dataclass(frozen=True, slots=True)
class Entry:
    """One call.  `started_at` in ms since the epoch; execution and ask are None for the test button."""

    request_id: str
    function: int
    started_at: int
    outcome: Outcome
    execution: int | None = None
    ask: int | None = None


class Journal:
    """Belongs to the engine's loop."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=BACKLOG)
        self._writer: asyncio.Task[None] | None = None

    def add(self, entry: Entry) -> None:
        self._entries.append(entry)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_later())

    async def _write_later(self) -> None:
        await asyncio.sleep(PAUSE_SECONDS)
        await self._write_all()

    async def _write_all(self) -> None:
        while self._entries:
            batch = [self._entries.popleft() for _ in range(min(BATCH, len(self._entries)))]
            try:
                await in_thread(write, batch)
            except DatabaseError:
                log.exception("The logs of %d function calls could not be written.", len(batch))

    async def flush(self) -> None:
        """Write what there is, now."""
        if self._writer is not None and not self._writer.done():
            self._writer.cancel()
            await asyncio.wait([self._writer])
        await self._write_all()


def write(entries: list[Entry]) -> None:
    """Write the calls in one transaction; those of a function or execution deleted meanwhile lose it."""
    with transaction.atomic():
        functions = set(Function.objects.filter(pk__in={entry.function for entry in entries})
                        .values_list("pk", flat=True))
        executions = set(Execution.objects.filter(pk__in={entry.execution for entry in entries if entry.execution})
                         .values_list("pk", flat=True))
        Invocation.objects.bulk_create(
            [_row(entry, entry.execution in executions) for entry in entries if entry.function in functions],
            ignore_conflicts=True)


def _row(entry: Entry, known: bool) -> Invocation:
    outcome = entry.outcome
    return Invocation(
        request_id=entry.request_id, function_id=entry.function, execution_id=entry.execution if known else None,
        ask=entry.ask if known else None, started_at=entry.started_at, duration_ms=outcome.duration_ms,
        cold=outcome.cold, error=outcome.error or "", log=outcome.log)
