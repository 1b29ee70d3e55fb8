"""An embedded engine in the test's own event loop, with integrations that the test scripts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from designer.asl.model import Resource
from executions.engine.signals import Replied
from executions.integrations.activity.task import ActivityTask
from executions.integrations.kinds import Integration, Send, TaskRequest
from executions.models import Execution
from executions.store import events, in_thread
from executions.worker.embedded import EmbeddedEngine

FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:f"
Work = Callable[[TaskRequest, Send], Awaitable[None]]


class Scripted:
    """Every function is this one; by default it answers with its payload."""

    def __init__(self) -> None:
        self.requests: list[TaskRequest] = []
        self.work: Work | None = None

    async def run(self, request: TaskRequest, send: Send) -> None:
        self.requests.append(request)
        if self.work is not None:
            await self.work(request, send)
        else:
            send(Replied(request.task.ask, request.task.payload))


class Bench:
    """The engine under test and what tests ask about executions."""

    def __init__(self) -> None:
        self.integration = Scripted()
        self.engine: EmbeddedEngine

    def find(self, resource: Resource) -> Integration:
        return ActivityTask() if resource.kind == "activity" else self.integration

    async def open(self) -> EmbeddedEngine:
        self.engine = EmbeddedEngine(self.find)
        await self.engine.open()
        return self.engine

    async def restart(self) -> None:
        """End in order and begin again on the same rows."""
        await self.engine.close()
        await self.open()

    async def row(self, execution: int) -> Execution:
        return await in_thread(Execution.objects.get, pk=execution)

    async def history(self, execution: int) -> list[str]:
        return [event["type"] for event in await in_thread(events, execution)]

    async def until(self, execution: int, *statuses: str) -> Execution:
        """Wait until the execution has one of the statuses (any final one by default)."""
        while True:
            row = await self.row(execution)
            if row.status in statuses or (not statuses and row.status != "RUNNING"):
                return row
            await asyncio.sleep(0.005)

    async def until_event(self, execution: int, kind: str) -> None:
        while kind not in await self.history(execution):
            await asyncio.sleep(0.005)


async def in_database(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call something of the ORM from a test's coroutine."""
    return await in_thread(function, *args, **kwargs)


@pytest.fixture
async def bench(transactional_db: None) -> AsyncIterator[Bench]:
    bench = Bench()
    await bench.open()
    yield bench
    await bench.engine.close()
    await sync_to_async(connections.close_all)()
