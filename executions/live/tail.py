"""Reading what an execution has written since an event id, once for all who ask at the same time.

Two hundred viewers of one execution ask for the same events when a notice comes; they share one read of
the store and one encoding.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

import orjson

from executions import store
from executions.live.previews import preview
from executions.models import Execution

BATCH: Final = 2000  # events in one message, about 180 bytes each


@dataclass(frozen=True, slots=True)
class Batch:
    """One message: its text, the last event id in it, and whether more waits behind it."""

    text: str
    last: int
    more: bool


_reading: dict[tuple[int, int], asyncio.Task[Batch]] = {}


async def read(execution: int, after: int) -> Batch:
    """The next events above `after`, with the status the execution has then."""
    key = (execution, after)
    running = _reading.get(key)
    if running is None:
        running = asyncio.create_task(store.in_thread(_read, execution, after))
        _reading[key] = running
        running.add_done_callback(lambda _done: _reading.pop(key, None))
    return await asyncio.shield(running)


def _read(execution: int, after: int) -> Batch:
    events = store.events(execution, after=after, limit=BATCH)
    # Read after the events, so that it is never older than they are.
    status = Execution.objects.values_list("status", flat=True).get(pk=execution)
    last = events[-1]["id"] if events else after
    message = {"type": "events", "events": [preview(event) for event in events], "last": last, "status": status}
    return Batch(orjson.dumps(message).decode(), last, len(events) == BATCH)
