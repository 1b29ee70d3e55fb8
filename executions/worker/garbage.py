"""Garbage collection that does not hold up the engine.

A full collection of CPython looks at every object that lives, and everything else stands still meanwhile: 0.3 s
with 6,000 executions that wait, seconds with 100,000.  What the engine holds has no cycles and goes by reference
counting; so only the young are collected as usual, and all of them only when memory has grown by half since the
last time, which bounds both the number of pauses and what cycles can hold back.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
import time
from typing import Final

log = logging.getLogger(__name__)

THRESHOLDS: Final = (5_000, 10, 1_000_000)  # objects; young collections before an older one; "never" by itself
LOOK_SECONDS: Final = 10.0
GROWTH: Final = 1.5
ROOM: Final = 1_000_000  # blocks of memory, some 100 MB


async def collect_seldom() -> None:
    """Take over the collector of this process, and give it back when cancelled."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()  # what was imported stays for good and need not be looked at again
    gc.set_threshold(*THRESHOLDS)
    try:
        most = _most()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if sys.getallocatedblocks() > most:
                _collect_all()
                most = _most()
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _most() -> float:
    return GROWTH * sys.getallocatedblocks() + ROOM


def _collect_all() -> None:
    begun = time.perf_counter()
    found = gc.collect()
    log.info("Collected %d objects in %.0f ms.", found, 1000 * (time.perf_counter() - begun))
