"""Wait: asl-language.md §13."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from designer.asl.errors import RUNTIME, StateError
from designer.asl.model import Wait
from executions.engine.flow import leave_plain
from executions.engine.outcomes import Done
from executions.engine.run import Ask, Frame
from executions.engine.view import View

if TYPE_CHECKING:
    from executions.engine.step import Step

LONGEST_MS: Final = 2**31 * 1000
TOO_LONG: Final = "Wait state delay is too long."


def enter(step: Step, frame: Frame, state: Wait) -> Ask | Done:
    view = View(step, frame, "wait")
    data = view.of(state.input_path, frame.input)
    if state.seconds is not None:
        wake = step.now + int(state.seconds(view.scope(data))) * 1000
    elif state.until is not None:
        wake = int(state.until(view.scope(data)))
    else:
        wake = step.now
    if wake - step.now > LONGEST_MS:
        raise StateError(RUNTIME, TOO_LONG)
    if wake <= step.now:
        return leave_plain(view, state, frame.input, data)
    return Ask(step.new_id(), "wait", wake=wake)


def leave(step: Step, frame: Frame, state: Wait) -> Done:
    """The pause is over."""
    view = View(step, frame, "wait")
    return leave_plain(view, state, frame.input, view.of(state.input_path, frame.input))
