"""Running functions: the pool and the journal of this process, made when first needed."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from executions.integrations.functions.catalog import FunctionSpec
from executions.integrations.functions.concurrency import Places, throttled
from executions.integrations.functions.journal import Entry, Journal
from executions.integrations.functions.outcome import Outcome
from executions.integrations.functions.pool import Pool
from executions.integrations.functions.sandbox import Call
from executions.store import close_threads


@dataclass(frozen=True, slots=True)
class Result:
    """An outcome and the call's id."""

    request_id: str
    outcome: Outcome


class Runtime:
    """Everything needed to call functions; belongs to one event loop."""

    def __init__(self, pool: Pool | None = None) -> None:
        self.loop = asyncio.get_running_loop()
        self.pool = pool or Pool()
        self.journal = Journal()
        self.places = Places()

    async def invoke(self, spec: FunctionSpec, payload: bytes, *, client_context: Any = None,
                     execution: int | None = None, ask: int | None = None,
                     on_start: Callable[[], None] | None = None) -> Result:
        """Call a function with JSON text and note the call in the journal."""
        request_id = str(uuid.uuid4())
        started_at = time.time_ns() // 1_000_000

        def note(outcome: Outcome) -> None:
            self.journal.add(Entry(request_id, spec.id, started_at, outcome, execution, ask))

        if not self.places.take(spec):
            return Result(request_id, throttled())
        try:
            outcome = await self.pool.invoke(spec, Call(request_id, payload, spec.arn, client_context, on_start, note))
        finally:
            self.places.give_back(spec)
        note(outcome)
        return Result(request_id, outcome)

    async def close(self) -> None:
        await self.pool.close()
        await self.journal.flush()
        close_threads()


_current: Runtime | None = None


def current() -> Runtime:
    """The runtime of the running loop."""
    global _current
    if _current is None or _current.loop is not asyncio.get_running_loop():
        _current = Runtime()
    return _current


async def close() -> None:
    """End all workers of the running loop and write what is left; for when the server stops."""
    global _current
    runtime, _current = _current, None
    if runtime is not None and runtime.loop is asyncio.get_running_loop():
        await runtime.close()
