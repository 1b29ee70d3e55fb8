"""Choice: asl-language.md §12.  The first rule that is true wins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from designer.asl.errors import RUNTIME, StateError
from designer.asl.model import Choice
from executions.engine.flow import leave_choice, leave_plain
from executions.engine.outcomes import Done
from executions.engine.run import Frame
from executions.engine.view import View

if TYPE_CHECKING:
    from executions.engine.step import Step

NO_MATCH = "Failed to transition out of the state. The state does not point to a next state."


def enter(step: Step, frame: Frame, state: Choice) -> Done:
    view = View(step, frame, "choice")
    raw = frame.input
    data = view.of(state.input_path, raw)
    scope = view.scope(data)
    for rule in state.rules:
        if rule.condition(scope):
            return leave_choice(view, state, rule, raw, data)
    if state.default is None:
        raise StateError(RUNTIME, NO_MATCH)
    done = leave_plain(view, state, raw, data)
    done.next = state.default
    return done
