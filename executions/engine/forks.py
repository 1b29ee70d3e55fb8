"""Parallel and Map: children begin, end and are joined (history-events.md §5, §6).

The frame that forks is written at the fork and at the join only.  How many iterations have begun is
read from its children, who stay until the join.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from designer.asl.errors import StateError
from designer.asl.model import Map, Parallel, State, Work
from executions.engine import map_run, redrive
from executions.engine.flow import leave_work
from executions.engine.history import SUCCEEDED
from executions.engine.map_items import item_count, item_input
from executions.engine.outcomes import Fork
from executions.engine.run import DONE, RUNNING, Frame
from executions.engine.view import View

if TYPE_CHECKING:
    from executions.engine.step import Step


def fork(step: Step, frame: Frame, state: State, outcome: Fork) -> None:
    if isinstance(state, Parallel):
        for slot, branch in enumerate(state.branches):
            step.spawn(frame, slot, branch.path, outcome.work, frame.last, frame.quiet)
    elif isinstance(state, Map):
        frame.work, frame.limit = outcome.work, outcome.limit
        go_on(step, frame, state, frame.last, frame.last)


def fill(step: Step, parent: Frame, state: Map, previous: int) -> None:
    """Begin iterations, each after event `previous`, until as many run as may run at once."""
    family, count = step.frames.family(parent.id), item_count(parent)
    try:
        while family.live < parent.limit and step.status == RUNNING:
            if family.cut:
                redrive.wake(step, parent)
            elif family.admitted < count:
                _admit(step, parent, state, family.admitted, previous)
            else:
                break
    except StateError as error:
        parent = step.frames.own(parent.id)
        parent.last = previous
        map_run.broken(step, parent)
        step.raised(parent, state, error)


def _admit(step: Step, parent: Frame, state: Map, slot: int, previous: int) -> None:
    given = item_input(step, parent, state, slot)
    quiet = state.distributed is not None or parent.quiet
    last = previous
    if state.distributed is None:
        last = step.note(parent, "MapIterationStarted", previous, {"name": state.name, "index": slot})
    step.spawn(parent, slot, state.processor.path, given, last, quiet)


def child_done(step: Step, child: Frame, output: Any) -> None:
    """A branch or an iteration has left its last state: join if it was the last one, else the next begins."""
    child.output, child.input = output, None  # the join asks for nothing else
    step.frames.end(child, DONE)
    parent = step.frames.read(child.parent)
    state = step.state_of(parent)
    previous = after = child.last
    if isinstance(state, Map):
        if state.distributed is None:
            after = step.note(parent, "MapIterationSucceeded", after, {"name": state.name, "index": child.slot})
        else:
            previous = after = parent.last
    go_on(step, parent, state, previous, after)


def go_on(step: Step, parent: Frame, state: State, previous: int, after: int) -> None:
    """A child has ended: the next begins after event `previous`, or all are joined after event `after`."""
    family = step.frames.family(parent.id)
    if isinstance(state, Map) and (family.cut or family.admitted < item_count(parent)):
        fill(step, parent, state, previous)
    elif not family.live and isinstance(state, Work):
        join(step, step.frames.own(parent.id), state, after)


def join(step: Step, frame: Frame, state: Work, after: int) -> None:
    """All children have ended; their outputs, in the order of their slots, are the result."""
    children = (step.frames.read(number) for number in step.frames.family(frame.id).ids())
    result = [child.output for child in children if child.status == DONE]
    previous = after
    if isinstance(state, Map) and state.distributed is not None:
        after = previous = map_run.succeeded(step, frame)
        forget(step, frame)
    frame.last = step.note(frame, SUCCEEDED[state.type], previous)
    try:
        # The exit follows the children's last event, not the …Succeeded event between (§5, §6).
        done = leave_work(View(step, frame, "result"), state, frame.input, result)
        forget(step, frame)  # until here a redrive needs them: what has succeeded is not done again
        step.leave(frame, state, done, after)
    except StateError as error:
        step.raised(frame, state, error)


def forget(step: Step, frame: Frame) -> None:
    """The children are gone: joined, or to begin anew."""
    step.frames.drop(frame.id)
    frame.work, frame.limit, frame.map_run = None, 0, None
