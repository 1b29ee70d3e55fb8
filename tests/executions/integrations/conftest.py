"""A database that threads share, functions saved in it, and workers that are ended after each test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from designer.asl.model import Resource
from designer.asl.resources import parse_resource
from designer.permissions import Actor, Permission
from executions.engine.effects import StartTask
from executions.engine.signals import Signal
from executions.integrations import registry
from executions.integrations.functions import catalog, runtime
from executions.integrations.functions.actions import save_function
from executions.integrations.functions.catalog import FunctionSpec, spec_of
from executions.integrations.functions.pool import Pool
from executions.integrations.kinds import TaskRequest
from executions.models import Execution
from executions.store import close_threads, events, in_thread
from executions.worker.embedded import EmbeddedEngine
from tests.executions.making import machine, new_execution

ANYBODY = Actor(0, "tests", frozenset(), frozenset(Permission))
MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:Orders"
EXECUTION = "arn:aws:states:us-east-1:000000000000:execution:Orders:one"

Save = Callable[..., Awaitable[FunctionSpec]]


class Sent:
    """A `send` that keeps what it is given."""

    def __init__(self) -> None:
        self.signals: list[Signal] = []

    def __call__(self, signal: Signal) -> asyncio.Future[bool]:
        self.signals.append(signal)
        done = asyncio.get_running_loop().create_future()
        done.set_result(True)
        return done

    @property
    def kinds(self) -> list[str]:
        return [type(signal).__name__ for signal in self.signals]


def resource(arn: str) -> Resource:
    parsed = parse_resource(arn)
    assert parsed is not None
    return parsed


def request(arn: str, payload: Any, *, execution: int = 1, ask: int = 2, **details: Any) -> TaskRequest:
    task = StartTask(ask, "State", resource(arn), payload, **details)
    return TaskRequest(execution, EXECUTION, MACHINE, task)


@pytest.fixture
def sent() -> Sent:
    return Sent()


@pytest.fixture
async def threads(transactional_db: None) -> AsyncIterator[None]:
    """The store's threads, ended with their connections before the database is emptied."""
    catalog._known.clear()
    yield
    await runtime.close()
    await asyncio.to_thread(close_threads)


class Bench:
    """The real engine with the real integrations, in the test's loop."""

    def __init__(self) -> None:
        self.engine: EmbeddedEngine

    async def open(self) -> None:
        self.engine = EmbeddedEngine(registry.find)
        await self.engine.open()

    async def restart(self) -> None:
        """End in order and begin again on the same rows."""
        await self.engine.close()
        await self.open()

    async def begin(self, definition: dict[str, Any], input: Any = None, name: str = "") -> int:
        row = await in_thread(machine, definition)
        return (await self.engine.start(new_execution(row, input, name))).id

    async def row(self, execution: int) -> Execution:
        return await in_thread(Execution.objects.select_related("machine").get, pk=execution)

    async def history(self, execution: int) -> list[dict[str, Any]]:
        return await in_thread(events, execution)

    async def until(self, execution: int, *statuses: str) -> Execution:
        """Wait until the execution has one of the statuses (any final one by default)."""
        while True:
            row = await self.row(execution)
            if row.status in statuses or (not statuses and row.status != "RUNNING"):
                return row
            await asyncio.sleep(0.01)

    async def until_event(self, execution: int, kind: str) -> dict[str, Any]:
        while True:
            for event in await self.history(execution):
                if event["type"] == kind:
                    return event
            await asyncio.sleep(0.01)


@pytest.fixture
async def bench(threads: None) -> AsyncIterator[Bench]:
    bench = Bench()
    await bench.open()
    yield bench
    await bench.engine.close()
    await sync_to_async(connections.close_all)()


@pytest.fixture
async def save(threads: None) -> Save:
    """await save(name, source, **configuration) -> FunctionSpec"""

    async def save(name: str, source: str, **configuration: Any) -> FunctionSpec:
        return spec_of(await in_thread(save_function, ANYBODY, name, source=source, **configuration))

    return save


@pytest.fixture
async def pool(threads: None) -> AsyncIterator[Pool]:
    pool = Pool()
    yield pool
    await pool.close()
