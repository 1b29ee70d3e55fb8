"""The logs of calls that still run, for who follows a function (from a view's thread)."""

from __future__ import annotations

from dataclasses import dataclass

from executions.actions import gateway
from executions.integrations.functions import runtime


@dataclass(frozen=True, slots=True)
class Running:
    request_id: str
    log: str


def running_logs(function: int) -> list[Running]:
    """What the calls of this function (its id) that run now have written so far; [] where no engine runs."""
    try:
        gateway.engine()
    except RuntimeError:
        return []
    return gateway.from_thread(_running_logs(function))


async def _running_logs(function: int) -> list[Running]:
    found = [sandbox.so_far() for sandbox in runtime.current().pool.workers if sandbox.spec.id == function]
    return [Running(*each) for each in found if each is not None]
