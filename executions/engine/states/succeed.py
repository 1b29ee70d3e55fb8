"""Succeed: asl-language.md §11."""

from __future__ import annotations

from typing import TYPE_CHECKING

from designer.asl.model import Succeed
from executions.engine.flow import leave_plain
from executions.engine.outcomes import Done
from executions.engine.run import Frame
from executions.engine.view import View

if TYPE_CHECKING:
    from executions.engine.step import Step


def enter(step: Step, frame: Frame, state: Succeed) -> Done:
    view = View(step, frame, "succeed")
    return leave_plain(view, state, frame.input, view.of(state.input_path, frame.input))
