"""Django's views in a bounded pool of threads that live as long as the server.

Django's own ASGI handler makes a new thread for every request, with new database connections, and as
many as there are requests.  Here each request borrows one of a few one-thread executors, so that a
thread keeps its connections and a flood of page requests cannot starve the engine.  A thread is borrowed
when the whole request is there, so that clients who send slowly, or nothing, hold none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, Any, Final

from asgiref.sync import SyncToAsync, ThreadSensitiveContext
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler
from django.db import connections

THREADS: Final = 8
MAX_BODY: Final = 80 * 1024 * 1024  # a function's zip of 50 MiB in base64, and something around it

Receive = Callable[[], Awaitable[Any]]


class TooLargeError(Exception):
    """The body has more than MAX_BODY bytes."""


@dataclass(frozen=True, slots=True)
class Received:
    """A request whose body has been read; called as `receive`, it answers what comes after that."""

    receive: Receive
    body: IO[bytes]

    async def __call__(self) -> Any:
        return await self.receive()


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
        try:
            body = await super().read_body(_bounded(receive))
        except RequestAborted:
            return
        except TooLargeError:
            await _refuse(send)
            return
        context = await self._free.get()
        SyncToAsync.context_to_thread_executor[context] = self._contexts[context]
        token = SyncToAsync.thread_sensitive_context.set(context)
        try:
            await self.handle(scope, Received(receive, body), send)
        finally:
            SyncToAsync.thread_sensitive_context.reset(token)
            self._free.put_nowait(context)

    async def read_body(self, receive: Any) -> Any:
        """What `__call__` has read."""
        return receive.body

    def close(self) -> None:
        """End the threads and their connections."""
        for executor in self._contexts.values():
            executor.submit(connections.close_all)
            executor.shutdown()


def _bounded(receive: Receive) -> Receive:
    """As `receive`; TooLargeError before more than MAX_BODY bytes are kept."""
    size = 0

    async def bounded() -> Any:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > MAX_BODY:
            raise TooLargeError
        return message

    return bounded


async def _refuse(send: Any) -> None:
    text = f"A request has at most {MAX_BODY} bytes.\n".encode()
    length = str(len(text)).encode()
    headers = [(b"content-type", b"text/plain"), (b"content-length", length), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": text})
