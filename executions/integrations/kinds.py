"""What an integration is: one kind of task, in one folder, found by its resource (registry.py).

The worker runs `run` as an asyncio task in the engine's loop.  When nobody waits for the task any more
that asyncio task is cancelled with the reason as message (`Cancel.reason`: "timeout", "cut", "stopped"),
and `run` stops its work.  A cancellation without a reason means that the server stops: the task is run
again after the next start, so work that outlives the server (a child execution) must be left alone.
`send` keeps the order of what it is given and need not be awaited; awaiting its future means "after the
commit".
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from executions.engine.effects import StartTask
from executions.engine.signals import Signal


@dataclass(frozen=True, slots=True)
class TaskRequest:
    """A task to run, with where it comes from."""

    execution: int
    execution_arn: str
    machine_arn: str
    task: StartTask


Send = Callable[[Signal], "asyncio.Future[bool]"]


class TaskError(Exception):
    """The task failed: ASL error name and cause; becomes Refused.  `stage` as in signals.Refused."""

    def __init__(self, error: str | None, cause: str | None, *, stage: str = "", timed_out: bool = False) -> None:
        super().__init__(error, cause)
        self.error, self.cause, self.stage, self.timed_out = error, cause, stage, timed_out


class Integration(Protocol):
    async def run(self, request: TaskRequest, send: Send) -> None:
        """Do the task: send Began, (Submitted,) and Replied; raise TaskError when it fails.

        A task that waits for its token returns after Submitted; the answer comes through SendTask….
        Must be safe to run again for the same ask after a crash (look at task.begun and submitted).
        """
