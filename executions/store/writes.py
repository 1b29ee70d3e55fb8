"""What one execution asks of a commit: plain rows, already encoded.

Text in here is final: every payload is encoded once, where the step was made.  Times are ms since
the epoch (UTC).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from designer import texts

HEADER_FRAME: Final = 0  # the header travels as the frame 0, so that a step never rewrites the large input column
HEADER_STATUS: Final = "header"


class ExecutionRow(NamedTuple):
    """A row of Execution, in the order of `statements._EXECUTION`."""

    id: int
    arn: str
    account: str
    region: str
    name: str
    kind: str
    machine_id: int
    revision_id: int
    version_arn: str | None
    alias_arn: str | None
    role_arn: str
    status: str
    input: str
    output: str | None
    error: str | None
    cause: str | None
    started_at: int
    stopped_at: int | None
    started_by_id: int | None
    trace_header: str | None
    parent_id: int | None
    parent_ask: int | None
    seed: str
    header: str
    redrive_count: int = 0
    redrive_at: int | None = None


class FrameRow(NamedTuple):
    execution_id: int
    frame_id: int
    parent: int
    status: str
    due: int | None
    data: str


class HistoryRow(NamedTuple):
    execution_id: int
    first_id: int
    last_id: int
    events: str


class TokenRow(NamedTuple):
    """A task token that opens; `kind` is activity, callback, approval or job."""

    token: str
    execution_id: int
    ask: int
    kind: str
    resource: str
    state: str
    status: str
    worker: str
    input: str
    opened_at: int
    closed_at: int | None = None


class TokenChange(NamedTuple):
    """STARTED gives the token to `worker`; every other status closes it at `closed_at`."""

    status: str
    worker: str | None
    closed_at: int | None
    token: str


class ApprovalClosing(NamedTuple):
    """The workflow no longer waits for this approval.

    Nothing happens to one that was decided, unless it was `late`: the task has ended otherwise, so that the
    decision, whose signal is still on its way, never was one.
    """

    token: str
    reason: str
    late: bool = False


class Ending(NamedTuple):
    """How an execution ended."""

    status: str
    output: str | None
    error: str | None
    cause: str | None
    stopped_at: int
    header: str


class Reopening(NamedTuple):
    """A redrive by its number; it runs again, from `at` on, pinned to another revision if one is named."""

    number: int
    at: int
    client_token: str | None
    started_by_id: int | None
    revision_id: int | None = None


class MapRunRow(NamedTuple):
    """What is known of a Map Run after a step; `started_at` and `redrive_at` count when it begins or is redriven."""

    arn: str
    execution_id: int
    frame_id: int
    status: str
    started_at: int
    stopped_at: int | None
    total: int
    succeeded: int
    failed: int
    aborted: int
    max_concurrency: int
    tolerated_count: int
    tolerated_percentage: float
    redrive_count: int
    redrive_at: int | None


@dataclass(slots=True)
class Write:
    """One execution's part of a commit.

    `keep_frames` False drops all its frames (an ended execution that nobody can redrive).
    `consumed` are ids of Signal rows that this step has taken up.
    """

    execution: int
    new: ExecutionRow | None = None
    frames: list[FrameRow] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    history: HistoryRow | None = None
    opened: list[TokenRow] = field(default_factory=list)
    changed: list[TokenChange] = field(default_factory=list)
    approvals: list[ApprovalClosing] = field(default_factory=list)
    ending: Ending | None = None
    keep_frames: bool = True
    consumed: list[int] = field(default_factory=list)
    reopening: Reopening | None = None
    map_runs: list[MapRunRow] = field(default_factory=list)


class Taken(NamedTuple):
    """The outcome of a write whose execution name is already used: the row that has it."""

    id: int
    arn: str
    status: str
    input: str
    started_at: int


def storable(text: str | None) -> str | None:
    """Free text as both databases can hold it: no NUL (PostgreSQL), no lone surrogates (UTF-8)."""
    return None if text is None else texts.storable(text)
