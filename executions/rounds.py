"""Work that comes round again and again, in a thread of its own beside the engine's loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from django.db import close_old_connections, connection

AFTER_FAILURE: Final = 1.0  # seconds

log = logging.getLogger(__name__)


class Rounds:
    """`work` does one round and says after how many seconds the next one comes; one that fails harms no later one."""

    def __init__(self, name: str, work: Callable[[], float]) -> None:
        self._name, self._work = name, work
        self._thread = ThreadPoolExecutor(1, name)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name=self._name)

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
        await asyncio.get_running_loop().run_in_executor(self._thread, lambda: connection.close())
        self._thread.shutdown()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            pause = await loop.run_in_executor(self._thread, self._round)
            await asyncio.sleep(pause)

    def _round(self) -> float:
        try:
            return self._work()
        except Exception:
            log.exception("A round of %s failed; what it had to do is with the next one.", self._name)
            close_old_connections()
            return AFTER_FAILURE
