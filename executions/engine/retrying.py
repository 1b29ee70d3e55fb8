"""How long a retry waits (asl-language.md §18)."""

from __future__ import annotations

import random
from typing import Final

from designer.asl.model import Retrier

LONGEST_SECONDS: Final = 99_999_999.0


def pause(retrier: Retrier, attempt: int, seed: str) -> int:
    """Milliseconds before the `attempt`-th retry (from 1) of this retrier.

    With jitter a value between 0 and that, the same for the same seed.
    """
    try:
        seconds = retrier.interval * retrier.backoff ** (attempt - 1)
    except OverflowError:
        seconds = LONGEST_SECONDS
    seconds = min(seconds, LONGEST_SECONDS if retrier.max_delay is None else retrier.max_delay)
    if retrier.jitter:
        seconds *= random.Random(seed).random()  # noqa: S311 - spreads load; must be the same at every replay
    return round(seconds * 1000)
