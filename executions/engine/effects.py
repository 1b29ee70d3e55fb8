"""What the engine asks of the world; carried out only after the commit that holds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from designer.asl.model import Resource, Task
from executions.engine.run import Ask


@dataclass(frozen=True, slots=True)
class StartTask:
    """Run a task.  Sent again after a crash if it had not been answered (at least once).

    `token` is set for activities, callbacks, approvals and jobs, and is what SendTaskSuccess names.
    `payload` is the value after Parameters/Arguments; timeouts in seconds (None = no limit).
    `begun` and `submitted` are True when the effect is sent again after a restart and the work had
    already got that far: an integration then goes on watching instead of starting anew where it can.
    """

    ask: int
    state: str
    resource: Resource
    payload: Any
    token: str | None = None
    timeout: int | None = None
    heartbeat: int | None = None
    credentials: Any = None
    begun: bool = False
    submitted: bool = False


@dataclass(frozen=True, slots=True)
class SetTimer:
    """Send Fired(ask, timer) at `due` (ms since the epoch).  A later SetTimer of the same pair replaces it.

    Ask 0, timer "execution", is the execution's own time limit: send Expired (or Fired(0, "execution")).
    """

    ask: int
    timer: str
    due: int


@dataclass(frozen=True, slots=True)
class Cancel:
    """Nobody waits for this ask any more: drop its timers, stop its work, close its token.

    reason: "answered" (it was completed: only tidy up), "timeout", "cut" (a sibling failed),
    "stopped" (the execution ended).
    """

    ask: int
    reason: str
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Finish:
    """The execution has ended: SUCCEEDED, FAILED, TIMED_OUT or ABORTED.  `output` is JSON text."""

    status: str
    output: str | None = None
    error: str | None = None
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class NoteMapRun:
    """A Map Run has begun, ended, been redriven or got new limits; kept by the same commit, nothing else to do.

    `frame` is that of the Map state.  `total` children are to run; how many did what is counted when the Map Run is
    not RUNNING (then, its frames tell).  `max_concurrency` 0: no limit.
    """

    arn: str
    frame: int
    status: str
    total: int
    succeeded: int
    failed: int
    aborted: int
    max_concurrency: int
    tolerated_count: int
    tolerated_percentage: float
    redrives: int


def start_task(state: Task, ask: Ask) -> StartTask:
    """The effect that starts, or starts again, what a Task waits for."""
    return StartTask(
        ask.id, state.name, state.resource, ask.payload, ask.token, ask.timeout_seconds, ask.heartbeat_seconds,
        ask.credentials, ask.begun, ask.submitted,
    )  # fmt: skip


Effect = StartTask | SetTimer | Cancel | Finish | NoteMapRun
