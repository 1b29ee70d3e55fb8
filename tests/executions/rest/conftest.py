"""The REST API over an embedded engine in the test's own event loop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

from designer.models import User
from executions.lists.search_index import SearchIndex, install
from executions.store import in_thread
from tests.executions.live.conftest import person
from tests.executions.worker.conftest import Bench, bench

__all__ = ["Bench", "bench"]


class Api:
    """Calls as a person; in a thread, as the pages' views run."""

    def __init__(self, user: User | None) -> None:
        self._client = APIClient()
        if user:
            self._client.force_authenticate(user)

    async def call(self, method: str, path: str, data: Any = None) -> tuple[int, Any]:
        """Status and parsed answer."""
        answer = await in_thread(getattr(self._client, method), f"/api/v1/{path}", data, format="json")
        return answer.status_code, answer.json() if answer.content else None

    async def get(self, path: str, **query: Any) -> tuple[int, Any]:
        answer: Any = await in_thread(self._client.get, f"/api/v1/{path}", query)
        return answer.status_code, answer.json()

    async def post(self, path: str, data: Any = None) -> tuple[int, Any]:
        return await self.call("post", path, {} if data is None else data)


@pytest.fixture(autouse=True)
def search_index() -> Iterator[SearchIndex]:
    """An index of the test's own."""
    made = SearchIndex(":memory:")
    install(made)
    yield made
    install(None)
    made.close()


@pytest.fixture
async def api(bench: Bench) -> Api:
    """As an operator."""
    return Api(await in_thread(person, "operator"))
