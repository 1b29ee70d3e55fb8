"""The end of an execution: its last event, its status, and what is still open (history-events.md §8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from designer.asl.errors import RUNTIME, TIMEOUT
from executions.engine import map_run
from executions.engine.effects import Finish
from executions.engine.history import MAX_EVENTS, WHOLE, error_details
from executions.engine.run import CUT, ROOT, Frame

if TYPE_CHECKING:
    from executions.engine.step import Step

HISTORY_FULL: Final = f"The execution reached the maximum number of history events ({MAX_EVENTS})."


def succeeded(step: Step, frame: Frame, text: str) -> None:
    """The root frame has left its last state."""
    step.log.end("ExecutionSucceeded", frame.last, {"output": text, "outputDetails": WHOLE})
    step.frames.remove(ROOT)
    step.stop("SUCCEEDED")
    step.effects.append(Finish("SUCCEEDED", output=text))


def failed(step: Step, previous: int, error: str | None, cause: str | None) -> None:
    """An error nobody handled; `previous` is the event it comes from."""
    step.log.end("ExecutionFailed", previous, error_details(error, cause))
    _close(step, Finish("FAILED", error=error, cause=cause))


def history_full(step: Step) -> None:
    failed(step, step.log.next - 1, RUNTIME, HISTORY_FULL)


def timed_out(step: Step) -> None:
    """The execution's own time limit; no Exited and no Aborted events."""
    step.log.end("ExecutionTimedOut", 0, {"error": TIMEOUT})
    _close(step, Finish("TIMED_OUT"))


def aborted(step: Step, error: str | None, cause: str | None) -> None:
    """StopExecution."""
    step.log.end("ExecutionAborted", 0, error_details(error, cause))
    _close(step, Finish("ABORTED", error=error, cause=cause))


def _close(step: Step, finish: Finish) -> None:
    """Whatever is open is closed; the frames stay, marked, for a redrive."""
    cut = step.frames.live()
    for frame in cut:
        own = step.frames.own(frame.id)
        if own.ask is not None:
            step.cancel(own.ask, "stopped")
        step.frames.end(own, CUT)
    for frame in cut:
        map_run.note(step, frame, "ABORTED")
    step.stop(finish.status)
    step.effects.append(finish)
