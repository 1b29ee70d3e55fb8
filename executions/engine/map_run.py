"""A distributed Map over data of the state, run inside its execution (history-events.md §7).

Its children are frames whose events are not part of this history.  What they fail with counts against
the tolerance; a States.Runtime error ends only the child it happens in.
"""

from __future__ import annotations

import random
import uuid
from typing import TYPE_CHECKING, Any, Final

from designer.asl.errors import RUNTIME, StateError
from designer.asl.model import Distributed, Map
from executions.engine.map_items import item_count
from executions.engine.outcomes import Fail
from executions.engine.run import Frame
from executions.engine.view import View

if TYPE_CHECKING:
    from executions.engine.step import Step

MAX_CHILDREN: Final = 1_000  # at once; AWS has 10,000, here they all are frames of one execution
EXCEEDED: Final = "States.ExceedToleratedFailureThreshold"
EXCEEDED_CAUSE: Final = "The specified tolerated failure threshold was exceeded"
_ELSEWHERE: Final = {"item_reader": "ItemReader", "item_batcher": "ItemBatcher", "result_writer": "ResultWriter"}


def start(step: Step, frame: Frame, distributed: Distributed, view: View, data: Any) -> None:
    """Check the tolerances and write MapRunStarted.  Raises StateError."""
    for name, field in _ELSEWHERE.items():
        if getattr(distributed, name) is not None:
            raise StateError(RUNTIME, f"The field '{field}' of a distributed Map is not supported by this engine.")
    _tolerances(distributed, view, data, 0)
    frame.last = step.note(frame, "MapRunStarted", frame.last, {"mapRunArn": _arn(step, frame, distributed)})


def succeeded(step: Step, frame: Frame) -> int:
    """Write MapRunSucceeded: the event that MapStateSucceeded and MapStateExited follow in most recordings (§7).

    In those since late 2024 MapStateExited follows MapRunStarted: that form is the `frame.last` read here.
    """
    return step.note(frame, "MapRunSucceeded", frame.last)


def exceeded(step: Step, parent: Frame, state: Map, distributed: Distributed, *, failed: int) -> Fail | None:
    """So many children have failed: None when that is tolerated, else what the Map fails with."""
    view = View(step, parent, "items")
    data = view.of(state.input_path, parent.input)
    if all(failed <= most for most in _tolerances(distributed, view, data, item_count(parent))):
        return None
    return Fail(EXCEEDED, EXCEEDED_CAUSE)


def _tolerances(distributed: Distributed, view: View, data: Any, total: int) -> list[float]:
    """How many of `total` children may fail, by each threshold that is set; 0 by default.  Raises StateError."""
    tolerances: list[float] = []
    if distributed.tolerated_count is not None:
        tolerances.append(float(distributed.tolerated_count(view.scope(data))))
    if distributed.tolerated_percentage is not None:
        tolerances.append(total * float(distributed.tolerated_percentage(view.scope(data))) / 100)
    return tolerances or [0.0]


def _arn(step: Step, frame: Frame, distributed: Distributed) -> str:
    """The Map Run's ARN; label and id come from the run's seed."""
    seeded = random.Random(f"{step.run.seed}:{frame.id}:{frame.last}:map-run")  # noqa: S311 - the same at every replay
    number = uuid.UUID(int=seeded.getrandbits(128), version=4)
    label = distributed.label or uuid.UUID(int=seeded.getrandbits(128), version=4)
    return step.run.machine_arn.replace(":stateMachine:", ":mapRun:") + f"/{label}:{number}"
