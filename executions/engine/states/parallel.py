"""Parallel: asl-language.md §15, history-events.md §5."""

from __future__ import annotations

from typing import TYPE_CHECKING

from designer.asl.model import Parallel
from executions.engine.outcomes import Fork
from executions.engine.run import Frame
from executions.engine.view import View

if TYPE_CHECKING:
    from executions.engine.step import Step


def enter(step: Step, frame: Frame, state: Parallel) -> Fork:
    view = View(step, frame, "arguments")
    handed = view.of(state.arguments, view.of(state.input_path, frame.input))
    step.texts.bounded(handed, state.name)
    frame.last = step.note(frame, "ParallelStateStarted", frame.last)
    return Fork(len(state.branches), len(state.branches), handed)
