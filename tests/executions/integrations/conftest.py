"""A database that threads share, functions saved in it, and workers that are ended after each test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from designer.asl.model import Resource
from designer.asl.resources import parse_resource
from designer.permissions import Actor, Permission
from executions.engine.effects import StartTask
from executions.engine.signals import Signal
from executions.integrations.functions import catalog, runtime
from executions.integrations.functions.actions import save_function
from executions.integrations.functions.catalog import FunctionSpec, spec_of
from executions.integrations.functions.pool import Pool
from executions.integrations.kinds import TaskRequest
from executions.store import close_threads, in_thread

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
    return parse_resource(arn)


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
