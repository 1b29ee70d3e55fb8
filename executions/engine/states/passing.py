"""Pass: asl-language.md §10."""

from __future__ import annotations

from typing import TYPE_CHECKING

from designer.asl.model import JSONATA, Pass
from executions.engine.flow import leave_pass, leave_plain
from executions.engine.outcomes import Done
from executions.engine.run import Frame
from executions.engine.view import View

if TYPE_CHECKING:
    from executions.engine.step import Step


def enter(step: Step, frame: Frame, state: Pass) -> Done:
    view = View(step, frame, "pass")
    raw = frame.input
    if state.language == JSONATA:
        return leave_plain(view, state, raw, raw)
    data = view.of(state.input_path, raw)
    result = state.result if state.has_result else view.of(state.parameters, data)
    return leave_pass(view, state, raw, result)
