"""Waiting for executions to end: told by the engine after the commit, asked for now and then besides."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from executions.actions import gateway
from executions.actions.gateway import Committed
from executions.models import Execution
from executions.store import in_thread
from executions.store.offload import whole

LOOK_SECONDS: Final = 30.0  # an execution may run in another process, which tells nobody here

_waiting: dict[int, set[asyncio.Event]] = {}


async def ending_of(execution: int) -> Execution | None:
    """The row of the execution (with its machine) once it has ended; None when it has been deleted."""
    event = asyncio.Event()
    _waiting.setdefault(execution, set()).add(event)
    if _told not in gateway.observers:
        gateway.observers.append(_told)
    try:
        while True:
            row = await in_thread(_read, execution)  # after listening has begun, so that no end is missed
            if row is None or row.status not in ("RUNNING", "PENDING_REDRIVE"):
                return row
            await _wait(event)
    finally:
        listeners = _waiting[execution]
        listeners.discard(event)
        if not listeners:
            del _waiting[execution]


async def _wait(event: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            await event.wait()
    except TimeoutError:
        return
    event.clear()


def _told(commits: Sequence[Committed]) -> None:
    """An observer of the gateway: called in the loop after each commit."""
    if not _waiting:
        return
    for committed in commits:
        if committed.status != "RUNNING":
            for event in _waiting.get(committed.execution, ()):
                event.set()


def _read(execution: int) -> Execution | None:
    row = Execution.objects.select_related("machine").defer("seed", "header").filter(pk=execution).first()
    if row is not None and row.status != "RUNNING":
        row.input, row.output = whole(row.pk, row.input), row.output and whole(row.pk, row.output)
    return row
