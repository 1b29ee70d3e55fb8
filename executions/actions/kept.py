"""Answers of the database that hot paths keep for a moment.

Every change made in this process is seen at once (the models' signals), one made by another process
after `SECONDS`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

from django.db import models, transaction
from django.db.models.signals import post_delete, post_save

from executions.store import in_thread

SECONDS: Final = 2.0
LARGEST: Final = 5000

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """`read(key)` is called in a thread; what it raises is not kept.  `sources` are the models it reads."""

    def __init__(self, read: Callable[[str], Value], *sources: type[models.Model]) -> None:
        self._read = read
        self._values: dict[str, tuple[float, Value]] = {}
        self._changes = 0  # what was read before a change is not kept after it
        self._lock = threading.Lock()
        for model in sources:
            post_save.connect(self._changed, sender=model)
            post_delete.connect(self._changed, sender=model)

    async def get(self, key: str) -> Value:
        kept = self._values.get(key)
        if kept is not None and kept[0] > time.monotonic():
            return kept[1]
        return await in_thread(self._fetch, key)

    def _fetch(self, key: str) -> Value:
        changes = self._changes
        value = self._read(key)
        with self._lock:
            if changes == self._changes:
                if len(self._values) >= LARGEST:
                    self._values.clear()
                self._values[key] = (time.monotonic() + SECONDS, value)
        return value

    def _changed(self, **_: Any) -> None:
        self._forget()
        transaction.on_commit(self._forget)

    def _forget(self) -> None:
        with self._lock:
            self._changes += 1
            self._values.clear()
