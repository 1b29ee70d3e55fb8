"""Redrive: what was entered and not left runs again, nothing else (api.md §11, history-events.md §8).

The frames of an execution that has failed, timed out or been aborted are still there, marked.  Those that are DONE
stay so; the others live again: one with children goes on waiting for them, one without them does the work of its
state once more.  The order in which AWS's events point at ExecutionRedriven is not recorded: here every state that
runs again follows it, and it follows nothing, as all that comes from outside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from designer.asl.errors import RUNTIME, StateError
from designer.asl.model import Fail
from executions.engine import map_run
from executions.engine.run import CUT, DONE, LIVE, ROOT, RUNNING, Frame
from executions.engine.signals import Redriven

if TYPE_CHECKING:
    from executions.engine.step import Step

REDRIVABLE: Final = frozenset({"FAILED", "TIMED_OUT", "ABORTED"})

TOO_MANY: Final = "A Map Run can be redriven {} times at most."


def redrive(step: Step, signal: Redriven) -> bool:
    """Begin the redrive with this number; False when it is not the next one, or there is nothing to redrive."""
    run = step.run
    if run.kind == "EXPRESS" or step.status not in REDRIVABLE or signal.count != step.redrives + 1:
        return False
    if ROOT not in run.frames:
        return False
    step.status, step.redrives, step.redriven_at, step.deadline = RUNNING, signal.count, step.now, None
    event = step.log.note("ExecutionRedriven", 0, {"redriveCount": signal.count})
    _revive(step, ROOT, event)
    return True


def wake(step: Step, parent: Frame) -> None:
    """The next child of a redriven Map Run that has waited for its turn runs again."""
    for number in step.frames.family(parent.id).ids():
        if step.frames.read(number).status == CUT:
            _revive(step, number, parent.last)
            return


def _revive(step: Step, root: int, event: int) -> None:
    """Let this frame and what is below it run again, after `event`."""
    # The innermost first: what it comes to may be what the outer one waits for.
    for number in reversed(_living(step, root, event)):
        frame = step.frames.peek(number)
        if frame is not None and frame.status == LIVE and step.status == RUNNING and step.frames.has_children(number):
            _go_on(step, frame)


def _go_on(step: Step, frame: Frame) -> None:
    state = step.state_of(frame)
    if map_run.is_used_up(frame):
        step.raised(step.frames.own(frame.id), state, StateError(RUNTIME, TOO_MANY.format(map_run.MAX_REDRIVES)))
    else:
        step.go_on(frame, state, frame.last, frame.last)


def _living(step: Step, root: int, event: int) -> list[int]:
    """Let all frames live that are not done; the numbers of those that have children, the outer ones first."""
    forked: list[int] = []
    waiting = [root]
    while waiting:
        frame = step.frames.own(waiting.pop())
        step.frames.revive(frame)
        frame.attempts, frame.retries = {}, 0
        if not frame.quiet:
            frame.last = event
        if frame.map_run is not None and not map_run.goes_on(step, frame):
            step.frames.drop(frame.id)
        children = list(step.frames.family(frame.id).ids())
        if children:
            forked.append(frame.id)
            waiting += reversed(_first(step, frame, children))
        else:
            _again(step, frame)
    return forked


def _first(step: Step, frame: Frame, children: list[int]) -> list[int]:
    """The children that run again at once.

    A Map Run may have shed more than may run together: the others wait, CUT although their parent lives (forks.fill).
    """
    open = [number for number in children if step.frames.read(number).status != DONE]
    if frame.map_run is None:
        return open
    for number in open[frame.limit:]:
        child = step.frames.own(number)
        step.frames.revive(child)
        step.frames.end(child, CUT)
    return open[:frame.limit]


def _again(step: Step, frame: Frame) -> None:
    """The state does its work once more; it is not entered anew, but for a Fail, which has no other event."""
    frame.work, frame.limit, frame.map_run = None, 0, None
    if isinstance(step.state_of(frame), Fail):
        frame.entered = 0
    step.again(frame)
