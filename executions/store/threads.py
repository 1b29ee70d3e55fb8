"""A few threads for short database reads asked for by the event loop."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

from django.db import DatabaseError, InterfaceError, connection

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
THREADS: Final = 4
IDLE: Final = 1.0  # seconds after which a connection may have died unnoticed

_pool: ThreadPoolExecutor | None = None
_thread = threading.local()


async def in_thread(
    function: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs,
) -> Result:
    """Call a function that uses the database in a thread that keeps its connection."""
    global _pool
    if _pool is None:
        _pool = ThreadPoolExecutor(THREADS, "store")
    return await asyncio.get_running_loop().run_in_executor(_pool, lambda: _call(function, *args, **kwargs))


def _call(function: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
    now = time.monotonic()
    if now - getattr(_thread, "used_at", now) > IDLE:
        connection.close_if_unusable_or_obsolete()  # its next use asks first whether it still lives
    _thread.used_at = now
    try:
        return function(*args, **kwargs)
    except (DatabaseError, InterfaceError):
        connection.close_if_unusable_or_obsolete()
        raise


def close_threads() -> None:
    """End the threads and their connections."""
    global _pool
    if _pool is None:
        return
    pool, _pool = _pool, None
    everyone = threading.Barrier(THREADS)
    for _ in range(THREADS):
        pool.submit(_close, everyone)
    pool.shutdown()


def _close(everyone: threading.Barrier) -> None:
    """Close this thread's connection; the barrier sees to it that every thread takes its turn."""
    connection.close()
    everyone.wait(10)
