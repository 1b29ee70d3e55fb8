"""Requests that wait for long, and clients that hang up meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, TypeVar

Result = TypeVar("Result")


class ClientGone(Exception):  # noqa: N818
    """The client closed the connection; nobody is left to answer."""


async def unless_gone(work: Coroutine[Any, Any, Result],
                      receive: Callable[[], Awaitable[Mapping[str, Any]]]) -> Result:
    """Await `work`; cancel it when the client hangs up, so that no activity task goes to a worker who is gone."""
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_hung_up(receive))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientGone
        return task.result()
    finally:
        for pending in (task, gone):
            if not pending.done():
                pending.cancel()
        await asyncio.gather(task, gone, return_exceptions=True)


async def _hung_up(receive: Callable[[], Awaitable[Mapping[str, Any]]]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
