"""A distributed Map over data of the state, run inside its execution (history-events.md §7).

Its children are frames whose events are not part of this history.  What they fail with counts against
the tolerance; a States.Runtime error ends only the child it happens in.
"""

from __future__ import annotations

import random
import uuid
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from designer.asl.errors import RUNTIME, StateError
from designer.asl.model import Distributed
from executions.engine.effects import NoteMapRun
from executions.engine.outcomes import Fail
from executions.engine.run import CUT, DONE, FAILED, LIVE, RUNNING, Frame
from executions.engine.signals import MapRunUpdated
from executions.engine.view import View

if TYPE_CHECKING:
    from executions.engine.step import Step

MAX_CHILDREN: Final = 1_000  # at once; AWS has 10,000, here they all are frames of one execution
MAX_REDRIVES: Final = 1_000  # of one Map Run
EXCEEDED: Final = "States.ExceedToleratedFailureThreshold"
EXCEEDED_CAUSE: Final = "The specified tolerated failure threshold was exceeded"
_ELSEWHERE: Final = {"item_reader": "ItemReader", "item_batcher": "ItemBatcher", "result_writer": "ResultWriter"}


def start(
    step: Step, frame: Frame, distributed: Distributed, view: View, data: Any, total: int, max_concurrency: int
) -> None:
    """Check the tolerances and write MapRunStarted.  Raises StateError."""
    for name, field in _ELSEWHERE.items():
        if getattr(distributed, name) is not None:
            raise StateError(RUNTIME, f"The field '{field}' of a distributed Map is not supported by this engine.")
    count = None if distributed.tolerated_count is None else int(distributed.tolerated_count(view.scope(data)))
    percentage = distributed.tolerated_percentage
    frame.map_run = {
        "arn": _arn(step, frame, distributed), "total": total, "max_concurrency": max_concurrency, "count": count,
        "percentage": None if percentage is None else float(percentage(view.scope(data))), "redrives": 0}
    frame.last = step.note(frame, "MapRunStarted", frame.last, {"mapRunArn": frame.map_run["arn"]})
    note(step, frame, RUNNING)


def succeeded(step: Step, frame: Frame) -> int:
    """Write MapRunSucceeded: the event that MapStateSucceeded and MapStateExited follow in most recordings (§7).

    In those since late 2024 MapStateExited follows MapRunStarted: that form is the `frame.last` read here.
    """
    note(step, frame, "SUCCEEDED")
    return step.note(frame, "MapRunSucceeded", frame.last)


def exceeded(frame: Frame, failed: int) -> Fail | None:
    """So many children have failed: None when that is tolerated, else what the Map fails with.

    Each threshold that is set counts; without any, none may fail.
    """
    known = frame.map_run or {}
    count, percentage = known.get("count"), known.get("percentage")
    tolerances = [] if count is None else [float(count)]
    if percentage is not None:
        tolerances.append(known["total"] * percentage / 100)
    if all(failed <= most for most in tolerances or [0.0]):
        return None
    return Fail(EXCEEDED, EXCEEDED_CAUSE)


def broken(step: Step, frame: Frame) -> None:
    """An expression stopped the Map Run: a redrive begins a new one (api.md §11)."""
    if frame.map_run is not None:
        note(step, frame, "FAILED")
        frame.map_run = {**frame.map_run, "broken": True}


def goes_on(step: Step, frame: Frame) -> bool:
    """The Map Run of a frame that lives again is redriven, too; False when a new one has to begin."""
    known = frame.map_run
    if known is None or known.get("broken") or not step.frames.has_children(frame.id):
        return False
    frame.map_run = {**known, "redrives": known["redrives"] + 1}
    details = {"mapRunArn": known["arn"], "redriveCount": known["redrives"] + 1}
    frame.last = step.note(frame, "MapRunRedriven", frame.last, details)
    note(step, frame, RUNNING)
    return True


def is_used_up(frame: Frame) -> bool:
    """Whether this redrive of the frame's Map Run is one too many."""
    return frame.map_run is not None and frame.map_run["redrives"] > MAX_REDRIVES


def is_of(frame: Frame, arn: str) -> bool:
    """Whether this frame's Map Run has this ARN."""
    return frame.map_run is not None and frame.map_run["arn"] == arn


def update(step: Step, frame: Frame, wished: MapRunUpdated) -> bool:
    """UpdateMapRun: take over the limits that are given; False when they hold already."""
    new = {"max_concurrency": wished.max_concurrency, "count": wished.tolerated_count,
           "percentage": wished.tolerated_percentage}
    changed = {**(frame.map_run or {}), **{name: value for name, value in new.items() if value is not None}}
    if changed == frame.map_run:
        return False
    frame.map_run = changed
    frame.limit = min(frame.map_run["max_concurrency"] or MAX_CHILDREN, MAX_CHILDREN)
    note(step, frame, RUNNING)
    return True


def note(step: Step, frame: Frame, status: str) -> None:
    """Ask for the Map Run's record to be kept, if this frame has one; children of another Map Run have none."""
    known = frame.map_run
    if known is None or frame.quiet:
        return
    counts = Counter[str]()
    if status != RUNNING:
        counts.update(step.frames.read(number).status for number in step.frames.family(frame.id).ids())
    step.effects.append(NoteMapRun(
        known["arn"], frame.id, status, known["total"], counts[DONE], counts[FAILED], counts[CUT] + counts[LIVE],
        known["max_concurrency"], known["count"] or 0, known["percentage"] or 0.0, known["redrives"]))


def _arn(step: Step, frame: Frame, distributed: Distributed) -> str:
    """The Map Run's ARN; label and id come from the run's seed."""
    seeded = random.Random(f"{step.run.seed}:{frame.id}:{frame.last}:map-run")  # noqa: S311 - the same at every replay
    number = uuid.UUID(int=seeded.getrandbits(128), version=4)
    label = distributed.label or uuid.UUID(int=seeded.getrandbits(128), version=4)
    return step.run.machine_arn.replace(":stateMachine:", ":mapRun:") + f"/{label}:{number}"
