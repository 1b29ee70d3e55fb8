"""Signals: each writes the event it tells of and leaves what it means for its frame (§3).

`receive` is the first pass over a batch, `settle` the second (step.py).  An ask that nothing waits for
makes a signal do nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from designer.asl.errors import RUNTIME, TIMEOUT, StateError
from designer.asl.model import Task, Wait
from executions.engine import ending, failing, map_run, redrive, signals, task_events
from executions.engine.effects import SetTimer
from executions.engine.outcomes import Fail
from executions.engine.run import LIVE, RUNNING, Ask, Frame
from executions.engine.states import task, wait

if TYPE_CHECKING:
    from executions.engine.step import Step

EXPRESS_MS: Final = 300_000
STANDARD_MS: Final = 365 * 24 * 3600 * 1000  # no timer of its own; whoever drives the core sends Expired some day


class Result:
    """A task's result."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


class Woken:
    """A pause is over: a Wait state's, or that of a retry."""

    __slots__ = ()


class Widened:
    """The limits of a Map Run have changed."""

    __slots__ = ()


Received = Result | Woken | Widened | Fail | StateError


def receive(step: Step, signal: signals.Signal) -> None:
    """Write the event a signal tells of."""
    _RECEIVE[type(signal)](step, signal)


def settle(step: Step, frame: Frame, received: Received) -> None:
    """Go on with what a signal brought."""
    state = step.state_of(frame)
    try:
        if isinstance(received, Fail):
            failing.fail(step, frame, state, received)
        elif isinstance(received, Result) and isinstance(state, Task):
            step.leave(frame, state, task.leave(step, frame, state, received.value), frame.last)
        elif isinstance(received, Widened):
            failing.map_run_changed(step, frame, state)
        elif isinstance(received, StateError):
            step.raised(frame, state, received)
        elif isinstance(state, Wait):
            step.leave(frame, state, wait.leave(step, frame, state), frame.last)
        else:
            step.again(frame)
    except StateError as error:
        step.raised(frame, state, error)


def note_start(step: Step) -> None:
    """Write ExecutionStarted."""
    run = step.run
    details: dict[str, Any] = {"input": run.input, "inputDetails": {"truncated": False}, "roleArn": run.role_arn}
    if run.alias_arn is not None:
        details["stateMachineAliasArn"] = run.alias_arn
    if run.version_arn is not None:
        details["stateMachineVersionArn"] = run.version_arn
    step.log.note("ExecutionStarted", 0, details)


def _started(step: Step, signal: signals.Started) -> None:
    if step.log.next > 1:
        return
    run = step.run
    value = run.input_value
    note_start(step)
    _limit(step)
    if isinstance(value, dict | list):
        step.texts.given(value, run.input)  # AWS shows the input in the words it was given in
    step.spawn(None, 0, (), value, 0)


def _limit(step: Step) -> None:
    """The execution's own time limit begins."""
    limits = [min(step.machine.timeout_seconds * 1000, STANDARD_MS)] if step.machine.timeout_seconds else []
    if step.run.kind == "EXPRESS":
        limits.append(EXPRESS_MS)
    if limits:
        step.deadline = step.now + min(limits)
        step.effects.append(SetTimer(0, "execution", step.deadline))


def _task_of(step: Step, number: int) -> tuple[Frame, Task, Ask] | None:
    """The frame, to write, that waits for a task's answer."""
    frame = step.waiting(number)
    if frame is None:
        return None
    frame = step.frames.own(frame.id)
    state, ask = step.state_of(frame), frame.ask
    return (frame, state, ask) if isinstance(state, Task) and ask is not None and ask.kind == "task" else None


def _begin(step: Step, frame: Frame, state: Task, ask: Ask, worker: str = "") -> None:
    """The work has begun, or its first news says that it must have; its clocks start (asl-language.md §14)."""
    if ask.begun:
        return
    ask.begun = True
    task_events.note_started(step, frame, state, worker)
    if ask.timeout_seconds is not None:
        ask.timeout = step.now + ask.timeout_seconds * 1000
        step.effects.append(SetTimer(ask.id, "timeout", ask.timeout))
    _beat(step, ask)


def _beat(step: Step, ask: Ask) -> None:
    if ask.heartbeat_seconds is not None and ask.begun:
        ask.heartbeat = step.now + ask.heartbeat_seconds * 1000
        step.effects.append(SetTimer(ask.id, "heartbeat", ask.heartbeat))


def _began(step: Step, signal: signals.Began) -> None:
    if (found := _task_of(step, signal.ask)) is not None:
        _begin(step, *found, signal.worker)


def _submitted(step: Step, signal: signals.Submitted) -> None:
    found = _task_of(step, signal.ask)
    if found is None or found[2].submitted or found[1].resource.kind != "service":
        return
    frame, state, ask = found
    _begin(step, frame, state, ask)
    ask.submitted = True
    task_events.note_submitted(step, frame, state, step.texts.of(signal.output))
    _beat(step, ask)


def _replied(step: Step, signal: signals.Replied) -> None:
    if (found := _task_of(step, signal.ask)) is None:
        return
    frame, state, ask = found
    _begin(step, frame, state, ask)
    try:
        text = step.texts.bounded(signal.output, task_events.result_name(state.resource))
    except StateError as error:
        task_events.note_refused(step, frame, state, error.error, error.cause)
        _answer(step, frame, ask, Fail(error.error, error.cause, noted=True))
        return
    task_events.note_succeeded(step, frame, state, text)
    _answer(step, frame, ask, Result(signal.output))


def _refused(step: Step, signal: signals.Refused) -> None:
    if (found := _task_of(step, signal.ask)) is None:
        return
    frame, state, ask = found
    if signal.error == RUNTIME and (signal.stage or not ask.begun):
        # The work could not even be asked for: no …Failed event, and nothing catches it (§4).
        _answer(step, frame, ask, StateError(RUNTIME, signal.cause))
        return
    if signal.stage not in ("schedule", "start"):
        _begin(step, frame, state, ask)
    task_events.note_refused(
        step, frame, state, signal.error, signal.cause, stage=signal.stage, timed_out=signal.timed_out
    )
    _answer(step, frame, ask, Fail(signal.error, signal.cause, noted=True))


def _beaten(step: Step, signal: signals.Beat) -> None:
    if (found := _task_of(step, signal.ask)) is not None:
        _beat(step, found[2])


def _fired(step: Step, signal: signals.Fired) -> None:
    if signal.ask == 0:
        _expired(step, signals.Expired())
        return
    frame = step.waiting(signal.ask)
    if frame is None or frame.ask is None:
        return
    due = _deadline(frame.ask, signal.timer)
    if due is None or due > step.now:
        return
    if signal.timer != "wake":
        _out_of_time(step, signal)
        return
    step.frames.own(frame.id).ask = None
    step.outcomes.append((frame.id, Woken()))


def _deadline(ask: Ask, timer: str) -> int | None:
    return {"wake": ask.wake, "timeout": ask.timeout, "heartbeat": ask.heartbeat}.get(timer)


def _out_of_time(step: Step, signal: signals.Fired) -> None:
    """A task ran past its time or missed a heartbeat: either way States.Timeout without a cause (§20)."""
    if (found := _task_of(step, signal.ask)) is None:
        return
    frame, state, ask = found
    task_events.note_refused(step, frame, state, TIMEOUT, None, timed_out=True)
    fail = Fail(TIMEOUT, None, noted=True, heartbeat=signal.timer == "heartbeat")
    _answer(step, frame, ask, fail, "timeout")


def _answer(step: Step, frame: Frame, ask: Ask, received: Received, reason: str = "answered") -> None:
    step.cancel(ask, reason)
    frame.ask = None
    step.outcomes.append((frame.id, received))


def _expired(step: Step, signal: signals.Expired) -> None:
    deadline = step.run.started_at + STANDARD_MS if step.deadline is None else step.deadline
    if step.now >= deadline:
        ending.timed_out(step)


def _stopped(step: Step, signal: signals.Stopped) -> None:
    ending.aborted(step, signal.error, signal.cause)


def _redriven(step: Step, signal: signals.Redriven) -> None:
    if redrive.redrive(step, signal) and step.status == RUNNING:
        _limit(step)


def _map_run_updated(step: Step, signal: signals.MapRunUpdated) -> None:
    frame = step.frames.peek(signal.frame)
    running = frame is not None and frame.status == LIVE and map_run.is_of(frame, signal.arn)
    if running and map_run.update(step, step.frames.own(signal.frame), signal):
        step.outcomes.append((signal.frame, Widened()))


def _continued(step: Step, signal: signals.Continue) -> None:
    """What is ready goes on by itself."""


_RECEIVE: Final[dict[type, Callable[[Step, Any], None]]] = {
    signals.Started: _started,
    signals.Began: _began,
    signals.Submitted: _submitted,
    signals.Replied: _replied,
    signals.Refused: _refused,
    signals.Beat: _beaten,
    signals.Fired: _fired,
    signals.Expired: _expired,
    signals.Stopped: _stopped,
    signals.Redriven: _redriven,
    signals.MapRunUpdated: _map_run_updated,
    signals.Continue: _continued,
}
