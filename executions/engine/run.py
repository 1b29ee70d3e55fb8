"""The state of one execution: a header and a small tree of frames.  Plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

LIVE, DONE, FAILED, CUT = "live", "done", "failed", "cut"


@dataclass(slots=True)
class Ask:
    """What a frame waits for: a reply, a pause, and their deadlines (ms since the epoch; None = none).

    kind: "task", "wait" or "retry".  A task keeps its request so that it can be sent again after a crash.
    """

    id: int
    kind: str
    wake: int | None = None
    timeout: int | None = None
    heartbeat: int | None = None
    token: str | None = None
    payload: Any = None
    timeout_seconds: int | None = None
    heartbeat_seconds: int | None = None
    credentials: Any = None
    begun: bool = False
    submitted: bool = False

    @property
    def due(self) -> int | None:
        """The earliest deadline."""
        return min((at for at in (self.wake, self.timeout, self.heartbeat) if at is not None), default=None)


@dataclass(slots=True)
class Frame:
    """One cursor in one list of states: the execution (id 1, parent 0), a branch, or a Map iteration.

    `slot` is the branch number or item index.  `entered` is the id of the current state's …StateEntered
    event, `entered_at` its time (ms), `last` the id the next event of this frame follows.  `work` is
    what a Parallel or Map hands to its children (the effective input, or the item list) and is written
    once, at the fork.  A child that has ended stays, DONE with its `output`, until the join.
    """

    id: int
    parent: int
    slot: int
    path: tuple[str | int, ...]
    state: str
    input: Any
    status: str = LIVE
    entered: int = 0
    entered_at: int = 0
    last: int = 0
    ask: Ask | None = None
    attempts: dict[int, int] = field(default_factory=dict)
    retries: int = 0
    variables: dict[str, Any] = field(default_factory=dict)
    work: Any = None
    limit: int = 0
    output: Any = None


@dataclass(slots=True)
class Header:
    """What belongs to the execution as a whole and changes as it runs."""

    status: str = "RUNNING"
    next_event: int = 1
    next_id: int = 1  # frames and asks share one sequence
    ready: tuple[int, ...] = ()  # frames that can go on but were left by the budget
    deadline: int | None = None
    redrive_count: int = 0
