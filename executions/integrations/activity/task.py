"""Activity tasks: a worker of somebody's own polls for them (GetActivityTask) and answers with the token.

The queue belongs to the engine's worker, which offers the task to the pollers when `run` has found
nothing wrong with it; Began follows when somebody takes it.
"""

from __future__ import annotations

import time
from typing import Final

from designer.asl.errors import RUNTIME
from executions.actions.activity_rows import activity_exists
from executions.integrations.kinds import Send, TaskError, TaskRequest

KNOWN_SECONDS: Final = 1.0  # a task of an activity deleted less than this ago just waits

_seen: dict[str, float] = {}


class ActivityTask:
    async def run(self, request: TaskRequest, send: Send) -> None:
        """Raises TaskError("States.Runtime") for an activity that does not exist (asl-language.md §21)."""
        arn = request.task.resource.arn
        if time.monotonic() - _seen.get(arn, -KNOWN_SECONDS) < KNOWN_SECONDS:
            return
        if not await activity_exists(arn):
            raise TaskError(RUNTIME, f"The activity {arn} does not exist.")
        _seen[arn] = time.monotonic()
