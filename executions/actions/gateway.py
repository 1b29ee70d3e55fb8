"""The one door from actions to whatever engine is running.

Actions never import the worker; the worker installs itself here when it starts.  Everything that is
awaited resolves after the commit that holds it, so an answer may be given at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from executions.engine.signals import Signal
from executions.engine.test_state import Trial

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class NewExecution:
    """An execution to start.  `input` is the JSON text as given; ids are of designer's rows."""

    arn: str
    name: str
    machine_arn: str
    machine_name: str
    machine_id: int
    revision_id: int
    role_arn: str
    input: str
    kind: str = "STANDARD"
    version_arn: str | None = None
    alias_arn: str | None = None
    trace_header: str | None = None
    started_by: int | None = None  # user id
    parent_execution: int | None = None  # execution id, for a nested execution
    parent_ask: int | None = None


@dataclass(frozen=True, slots=True)
class StartedExecution:
    """`existed` is True when the same name and input was already running (StartExecution is idempotent)."""

    id: int
    arn: str
    started_at: int  # ms since the epoch
    existed: bool = False


@dataclass(frozen=True, slots=True)
class FinishedExecution:
    """How an execution that was waited for has ended; times in ms since the epoch, `output` JSON text."""

    arn: str
    started_at: int
    stopped_at: int
    status: str
    output: str | None = None
    error: str | None = None
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class ActivityTask:
    token: str
    input: str


@dataclass(frozen=True, slots=True)
class Committed:
    """One execution has moved on: events up to `last_event` are readable.  Told to `observers` after the commit."""

    execution: int
    machine: int
    last_event: int
    status: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What the engine does now, and how often limits have held something back since the server's start.

    `stuck` executions can neither go on nor be ended (see the server's log); `throttled_starts` were refused,
    `throttled_executions` had to wait for a state transition (AWS's ExecutionThrottled).
    """

    running: int
    stuck: int
    throttled_starts: int
    throttled_executions: int


# Called in the engine's loop after each commit; must not block.
observers: list[Callable[[Sequence[Committed]], None]] = []


class Engine(Protocol):
    """What a running engine offers.  Coroutines belong to the engine's event loop."""

    @property
    def loop(self) -> asyncio.AbstractEventLoop: ...

    async def start(self, new: NewExecution) -> StartedExecution:
        """Start an execution; raises ActionError("ExecutionAlreadyExists")."""

    def figures(self) -> Figures:
        """From any thread."""

    async def run_to_end(self, new: NewExecution) -> FinishedExecution:
        """Run a synchronous Express execution: in memory only, lost with the process."""

    async def test_state(self, trial: Trial) -> None:
        """Run one state in memory; what it came to is in `trial.found`."""

    async def deliver(self, execution: int, signal: Signal) -> bool:
        """Deliver a signal; False when nothing waited for it."""

    async def redrive(
        self, execution: int, count: int, client_token: str | None, user: int | None, revision: int | None = None,
    ) -> bool:
        """Let a failed execution run again as its redrive number `count`, pinned to another revision if one is named;
        False when it cannot (any more)."""

    async def wake(self, execution: int) -> None:
        """There are rows for this execution in the Signal table; returns when they have been taken up."""

    def waiting(self, token: str) -> tuple[int, int] | None:
        """(execution, ask) of the open task that whoever has this token may answer; None when nothing waits for it,
        and for an approval, which is for people to decide."""

    async def get_activity_task(self, activity_arn: str, worker: str, wait: float) -> ActivityTask | None:
        """Long-poll an activity for at most `wait` seconds; None when nothing came."""


_engine: Engine | None = None


def install(engine: Engine | None) -> None:
    """Make `engine` the one that actions talk to (None when it stops)."""
    global _engine
    _engine = engine


def engine() -> Engine:
    """The running engine; RuntimeError when there is none."""
    if _engine is None:
        raise RuntimeError("No engine is running in this process.")
    return _engine


def from_thread(coroutine: Coroutine[Any, Any, Result], timeout: float = 30.0) -> Result:
    """Run a coroutine of the engine from another thread (a Django view) and wait for its result."""
    return asyncio.run_coroutine_threadsafe(coroutine, engine().loop).result(timeout)
