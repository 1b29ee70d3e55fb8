"""What becomes of an error: Retry, else Catch, else the frame above fails, else the execution.

Whether it is retried is decided before a failure is noted: …StateFailed is written only when it is not
(history-events.md §4–6).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from designer.asl.errors import ALL, DATA_LIMIT, HEARTBEAT_TIMEOUT, RUNTIME, TASK_FAILED, TIMEOUT, StateError
from designer.asl.model import Catcher, Map, Retrier, State, Task, Wait, Work
from executions.engine import ending, map_run
from executions.engine.flow import leave_caught
from executions.engine.history import STATE_ABORTED, STATE_FAILED, error_details
from executions.engine.outcomes import Die, Fail
from executions.engine.retrying import pause
from executions.engine.run import CUT, FAILED, LIVE, ROOT, Ask, Frame
from executions.engine.view import View

if TYPE_CHECKING:
    from executions.engine.step import Step

PREFIX: Final = "An error occurred while executing the state '{}' (entered at the event id #{}). "


def raised(step: Step, frame: Frame, state: State, error: StateError) -> None:
    """An expression or a limit stopped a state."""
    outcome = _outcome(step, frame, state, error)
    if isinstance(outcome, Die):
        die(step, frame, outcome)
    else:
        _cut_children(step, frame, state, frame.last)  # an iteration that cannot begin stops the others
        fail(step, frame, state, outcome)


def _outcome(step: Step, frame: Frame, state: State, error: StateError) -> Fail | Die:
    """The error with its prefix (asl-language.md §23); a JSONata failure is noted."""
    cause = error.cause
    if error.prefixed and cause is not None:
        cause = PREFIX.format(state.name, frame.entered) + cause
    if error.error == RUNTIME:
        return Die(error.error, cause)
    if error.location is not None:
        details = error_details(error.error, cause) | {"location": error.location, "state": state.name}
        frame.last = step.note(frame, "EvaluationFailed", evaluation_follows(frame, state), details)
    return Fail(error.error, cause)


def evaluation_follows(frame: Frame, state: State) -> int:
    """The previousEventId of EvaluationFailed, in the form AWS recorded until 2025 (§4).

    What fails right after the state was entered quotes the event before the entry, but for a Wait.
    The form of 2026 is `return frame.last`.
    """
    if frame.last == frame.entered and not isinstance(state, Wait):
        return frame.before
    return frame.last


def fail(step: Step, frame: Frame, state: State, outcome: Fail) -> None:
    """Handle the error in this frame, or let it rise through the frames above."""
    if outcome.error == RUNTIME:
        die(step, frame, Die(RUNTIME, outcome.cause))
        return
    while True:
        if isinstance(state, Work):
            if _retried(step, frame, state, outcome):
                return
            worse = _caught(step, frame, state, outcome)
            if worse is None:
                return
            if isinstance(worse, Die):
                die(step, frame, worse)
                return
            outcome = worse
        step.frames.end(frame, FAILED)
        if frame.id == ROOT:
            ending.failed(step, frame.last, outcome.error, outcome.cause)
            return
        parent = step.frames.read(frame.parent)
        above = step.state_of(parent)
        if isinstance(above, Map) and above.distributed is not None:
            exceeded = _map_run_goes_on(step, parent, above)
            if exceeded is None:
                return  # a parent with all its items is not written anew for each child that fails
            parent, outcome = step.frames.own(parent.id), exceeded
        else:
            parent = step.frames.own(parent.id)
            _cut(step, parent, above, frame, state)
            parent.last = frame.last
        frame, state = parent, above


def die(step: Step, frame: Frame, outcome: Die) -> None:
    """End the execution; of a distributed Map's children, only the one this happened in."""
    last = frame.last
    step.frames.end(frame, FAILED)
    while frame.parent:
        if frame.quiet:
            _cut_children(step, frame, step.state_of(frame), last)
        parent = step.frames.read(frame.parent)
        above = step.state_of(parent)
        if isinstance(above, Map) and above.distributed is not None:
            exceeded = _map_run_goes_on(step, parent, above)
            if exceeded is not None:
                fail(step, step.frames.own(parent.id), above, exceeded)
            return
        parent = step.frames.own(parent.id)
        step.frames.end(parent, FAILED)
        frame = parent
    ending.failed(step, last, outcome.error, outcome.cause)


def _retried(step: Step, frame: Frame, state: Work, outcome: Fail) -> bool:
    """Each retrier counts for itself; the first that matches decides (asl-language.md §18)."""
    for index, retrier in enumerate(state.retry):
        if matches(retrier, outcome):
            count = frame.attempts.get(index, 0)
            if count >= retrier.attempts:
                step.met("exhausted", index, outcome)
                return False
            step.met("retry", index, outcome)
            step.frames.drop(frame.id)
            frame.work, frame.limit, frame.map_run = None, 0, None
            frame.attempts = {**frame.attempts, index: count + 1}
            frame.retries += 1
            number = step.new_id()
            wake = step.now + pause(retrier, count + 1, f"{step.run.seed}:{number}")
            step.sleep(frame, Ask(number, "retry", wake=wake))
            return True
    return False


def _caught(step: Step, frame: Frame, state: Work, outcome: Fail) -> Fail | Die | None:
    """None when a catcher took the error; else what there is to rise: the error, or the catcher's own.

    The failure of a Parallel or Map is noted either way.
    """
    cause, noted = frame.last, STATE_FAILED.get(state.type)
    if noted is not None:
        frame.last = step.note(frame, noted, cause)
    found = next((item for item in enumerate(state.catch) if matches(item[1], outcome)), None)
    if found is None:
        return outcome
    index, catcher = found
    step.frames.drop(frame.id)
    frame.work, frame.limit, frame.map_run = None, 0, None
    try:
        done = leave_caught(View(step, frame, "catch"), state, catcher, frame.input, outcome.shown)
        step.leave(frame, state, done, frame.last)
        step.met("catch", index, outcome)
    except StateError as error:
        frame.last = cause  # the catcher's failure follows what it wanted to catch (§4)
        worse = _outcome(step, frame, state, error)
        if noted is not None and isinstance(worse, Fail):
            frame.last = step.note(frame, noted, frame.last)
        return worse
    return None


def matches(clause: Retrier | Catcher, outcome: Fail) -> bool:
    """Whether a retrier or catcher takes the error (asl-language.md §20)."""
    names, error = clause.errors, outcome.error
    if error in names or (outcome.heartbeat and HEARTBEAT_TIMEOUT in names):
        return True
    if error == DATA_LIMIT and not outcome.noted:
        return False  # the wildcards leave out data limits that no task event tells of
    return ALL in names or (TASK_FAILED in names and error != TIMEOUT)


def _map_run_goes_on(step: Step, parent: Frame, state: Map) -> Fail | None:
    """A child of a distributed Map has failed: the next begins, or the Map Run fails with what is answered."""
    outcome = map_run.exceeded(parent, step.frames.family(parent.id).failed)
    if outcome is None:
        step.go_on(parent, state, parent.last, parent.last)
        return None
    parent = step.frames.own(parent.id)
    _cut_children(step, parent, state, parent.last)
    parent.last = step.note(parent, "MapRunFailed", parent.last, error_details(outcome.error, outcome.cause))
    map_run.note(step, parent, "FAILED")
    return outcome


def map_run_changed(step: Step, frame: Frame, state: State) -> None:
    """The limits of a Map Run have changed: more children may begin, or too many have failed."""
    if isinstance(state, Map) and (exceeded := _map_run_goes_on(step, frame, state)) is not None:
        fail(step, frame, state, exceeded)


def _cut(step: Step, parent: Frame, above: State, failed: Frame, state: State) -> None:
    """Stop what runs beside a child that failed in `state`, as AWS writes it, each after the failing event (§5, §6)."""
    event = failed.last
    if isinstance(state, Task) and not isinstance(above, Map):
        step.note(parent, "TaskStateAborted", event)
    _cut_children(step, parent, above, event)
    if isinstance(above, Map):
        step.note(parent, "MapIterationFailed", event, {"name": above.name, "index": failed.slot})


def _cut_children(step: Step, parent: Frame, above: State, event: int) -> None:
    inline = isinstance(above, Map) and above.distributed is None
    for number in list(step.frames.family(parent.id).ids()):
        child = step.frames.peek(number)
        if child is None or child.status != LIVE:
            continue
        child = step.frames.own(number)
        if inline:
            step.note(child, "MapIterationAborted", event, {"name": above.name, "index": child.slot})
        _cut_frame(step, child, event)


def _cut_frame(step: Step, frame: Frame, event: int) -> None:
    """Stop one frame and all below it; a state that it stands in is aborted."""
    state = step.state_of(frame)
    if frame.ask is not None:
        step.cancel(frame.ask, "cut")
    _cut_children(step, frame, state, event)
    map_run.note(step, frame, "ABORTED")
    aborted = STATE_ABORTED.get(state.type)
    if frame.entered and aborted is not None:
        step.note(frame, aborted, event)
    step.frames.end(frame, CUT)
