"""Garbage collection that does not hold up the engine.

A full collection of CPython looks at every object that lives, and everything else stands still meanwhile: 0.3 s
with 6,000 executions that wait, seconds with 100,000.  What the engine holds has no cycles and goes by reference
counting; so only the young are collected as usual.  All are, as long as that is quickly done, whenever some MB have
come together, so that cycles hold back little; once it takes longer, only when memory has grown by half since the last
time, which bounds the number of pauses.
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
SHORT: Final = 0.05  # seconds; a pause that nobody minds now and then
FEW: Final = 50_000  # blocks, some 5 MB


async def collect_seldom() -> None:
    """Take over the collector of this process, and give it back when cancelled."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()  # what was imported stays for good and need not be looked at again
    gc.set_threshold(*THRESHOLDS)
    try:
        most = _most(0.0)
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if sys.getallocatedblocks() > most:
                most = _most(_collect_all())
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _most(pause: float) -> float:
    """How many blocks there may be until the next time, when the last one took so many seconds."""
    blocks = sys.getallocatedblocks()
    return blocks + FEW if pause < SHORT else GROWTH * blocks + ROOM


def _collect_all() -> float:
    """Seconds that it took."""
    begun = time.perf_counter()
    found = gc.collect()
    pause = time.perf_counter() - begun
    log.debug("Collected %d objects in %.0f ms.", found, 1000 * pause)
    return pause
