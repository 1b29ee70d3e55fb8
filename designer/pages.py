"""Django's views in a bounded pool of threads that live as long as the server.

Django's own ASGI handler makes a new thread for every request, with new database connections, and as
many as there are requests.  Here each request borrows one of a few one-thread executors, so that a
thread keeps its connections and a flood of page requests cannot starve the engine.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from asgiref.sync import SyncToAsync, ThreadSensitiveContext
from django.core.handlers.asgi import ASGIHandler
from django.db import connections

THREADS: Final = 8


class PooledDjango(ASGIHandler):
    """Django as an ASGI application; at most THREADS requests are in its views at once."""

    def __init__(self) -> None:
        super().__init__()
        self._contexts: dict[ThreadSensitiveContext, ThreadPoolExecutor] = {}
        self._free: asyncio.Queue[ThreadSensitiveContext] = asyncio.Queue()
        for number in range(THREADS):
            context = ThreadSensitiveContext()
            self._contexts[context] = ThreadPoolExecutor(1, f"pages-{number}")
            self._free.put_nowait(context)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        context = await self._free.get()
        SyncToAsync.context_to_thread_executor[context] = self._contexts[context]
        token = SyncToAsync.thread_sensitive_context.set(context)
        try:
            await self.handle(scope, receive, send)
        finally:
            SyncToAsync.thread_sensitive_context.reset(token)
            self._free.put_nowait(context)

    def close(self) -> None:
        """End the threads and their connections."""
        for executor in self._contexts.values():
            executor.submit(connections.close_all)
            executor.shutdown()
