"""Steps that must wait for a helper process of JSONata (designer/asl/jsonata/processes.py).

The engine's loop never waits for one.  An expression that needs it makes the step raise ElsewhereError
there; since the core changes nothing but what it returns, the same step is simply made again in a thread.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from designer.asl.jsonata.processes import HELPERS, MOST, ElsewhereError
from designer.asl.model import Machine
from executions.engine.run import Run
from executions.engine.signals import Signal
from executions.engine.step import Step, advance

Advance = Callable[..., Step]  # executions.engine.step.advance, or one like it

_THREADS: Final = ThreadPoolExecutor(2 * MOST, thread_name_prefix="aside")


def never_wait_here(never: bool = True) -> None:
    """This thread runs the engine's loop (or does so no more)."""
    HELPERS.never_in(threading.get_ident(), never)


async def advance_aside(
    machine: Machine, run: Run, signals: Sequence[Signal], now: int, budget: int, advance: Advance = advance,
) -> Step:
    """`advance` in a thread that may wait.  Whoever calls leaves the run alone until then."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_THREADS, lambda: advance(machine, run, list(signals), now, budget=budget))


__all__ = ["Advance", "ElsewhereError", "advance_aside", "never_wait_here"]
