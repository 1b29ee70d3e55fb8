"""Execution ids: 63 bits, rising with time."""

from __future__ import annotations

import secrets
import threading
import time
from typing import Final

SEQUENCE_BITS: Final = 21
# 42 bits of milliseconds last until the year 2109.
_lock = threading.Lock()
_last = 0


def new_id() -> int:
    """A new id: milliseconds since the epoch, then 21 bits that rise within the same millisecond.

    They start at a random number, so that two processes hardly ever meet; the top bit of the 21 is
    left free for a burst within one millisecond.
    """
    global _last
    fresh = (time.time_ns() // 1_000_000 << SEQUENCE_BITS) | secrets.randbits(SEQUENCE_BITS - 1)
    with _lock:
        _last = max(_last + 1, fresh)
        return _last


def made_at(execution_id: int) -> int:
    """The time (ms since the epoch) that an id carries."""
    return execution_id >> SEQUENCE_BITS
