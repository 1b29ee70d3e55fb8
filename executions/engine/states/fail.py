"""Fail: asl-language.md §11.  A missing Error or Cause is absent, also in what a catcher sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from designer.asl.model import Fail as FailState
from executions.engine.outcomes import Fail
from executions.engine.run import Frame
from executions.engine.view import View

if TYPE_CHECKING:
    from executions.engine.step import Step


def enter(step: Step, frame: Frame, state: FailState) -> Fail:
    view = View(step, frame, "fail")
    shown = {}
    if state.error is not None:
        shown["Error"] = view.of(state.error, frame.input)
    if state.cause is not None:
        shown["Cause"] = view.of(state.cause, frame.input)
    outcome = Fail(shown.get("Error"), shown.get("Cause"))
    outcome.shown = shown
    return outcome
