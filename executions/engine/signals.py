"""What the world tells the engine.

Signals are plain, frozen and JSON-able, so that they can be kept, replayed and sent twice.  `ask` is
the number of the request (task, wait, retry) that the signal answers; an ask that nothing waits for
makes the signal do nothing, so duplicates and late replies are harmless.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Started:
    """The execution begins; the first signal of every run."""


@dataclass(frozen=True, slots=True)
class Began:
    """The work of a task has begun (…Started event; task timeout and heartbeat count from here)."""

    ask: int
    worker: str = ""  # activity worker's name


@dataclass(frozen=True, slots=True)
class Submitted:
    """A `.sync` or callback task has handed over its work (TaskSubmitted)."""

    ask: int
    output: Any = None


@dataclass(frozen=True, slots=True)
class Replied:
    """A task's result (JSON value)."""

    ask: int
    output: Any = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A task failed.  None for error or cause means that none was given.

    `stage` tells which event is written: "" …Failed, "schedule" …ScheduleFailed, "start"
    …StartFailed, "submit" …SubmitFailed.  `timed_out` is set by integrations whose work ran into
    its own limit and must show as …TimedOut; SendTaskFailure never sets it.  States.Runtime with a stage,
    or before Began, means that the work could not even be asked for (bad parameters, a deleted
    activity): no …Failed event is written and the execution ends.
    """

    ask: int
    error: str | None = None
    cause: str | None = None
    stage: str = ""
    timed_out: bool = False


@dataclass(frozen=True, slots=True)
class Beat:
    """A heartbeat: the heartbeat clock starts anew."""

    ask: int


@dataclass(frozen=True, slots=True)
class Fired:
    """A timer is due: "wake" (Wait or retry pause), "timeout", "heartbeat".

    The core compares it with the deadline it holds and `now`, so a timer that fires early, late
    or twice is harmless.
    """

    ask: int
    timer: str = "wake"


@dataclass(frozen=True, slots=True)
class Expired:
    """The execution's own time limit has passed."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """StopExecution."""

    error: str | None = None
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class Redriven:
    """RedriveExecution: an execution that has failed runs again from where it failed.

    `count` is the number of this redrive (from 1), so that the same one told twice is one.
    """

    count: int


@dataclass(frozen=True, slots=True)
class MapRunUpdated:
    """UpdateMapRun: new limits of a Map Run that runs; None leaves one as it is."""

    frame: int
    arn: str
    max_concurrency: int | None = None
    tolerated_count: int | None = None
    tolerated_percentage: float | None = None


@dataclass(frozen=True, slots=True)
class Continue:
    """Go on with what the budget of an earlier step left ready."""


Signal = (
    Started | Began | Submitted | Replied | Refused | Beat | Fired | Expired | Stopped | Redriven | MapRunUpdated
    | Continue
)  # fmt: skip

_KINDS: Final[dict[str, type[Signal]]] = {
    kind.__name__: kind
    for kind in (
        Started, Began, Submitted, Replied, Refused, Beat, Fired, Expired, Stopped, Redriven, MapRunUpdated, Continue,
    )
}


def dump_signal(signal: Signal) -> dict[str, Any]:
    """A signal as a JSON object with its `kind`."""
    return {"kind": type(signal).__name__, **asdict(signal)}


def load_signal(data: dict[str, Any]) -> Signal:
    """The reverse of `dump_signal`."""
    fields = dict(data)
    return _KINDS[fields.pop("kind")](**fields)
