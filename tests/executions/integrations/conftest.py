"""A database that threads share, functions saved in it, and workers that are ended after each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from designer.permissions import Actor, Permission
from executions.integrations.functions import catalog
from executions.integrations.functions.actions import save_function
from executions.integrations.functions.catalog import FunctionSpec, spec_of
from executions.integrations.functions.pool import Pool
from executions.store import in_thread

DESIGNER = Actor(0, "tests", frozenset(), frozenset(Permission))

Save = Callable[..., "FunctionSpec"]


@pytest.fixture
async def save(transactional_db: None) -> Save:
    """save(name, source, **configuration) -> FunctionSpec, awaited."""

    async def save(name: str, source: str, **configuration: object) -> FunctionSpec:
        row = await in_thread(save_function, DESIGNER, name, source=source, **configuration)
        return spec_of(row)

    catalog._known.clear()
    return save


@pytest.fixture
async def pool(transactional_db: None) -> AsyncIterator[Pool]:
    pool = Pool()
    yield pool
    await pool.close()
