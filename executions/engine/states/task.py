"""Task: asl-language.md §14, §21.  Entering schedules the work; signals (receive.py) bring what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from designer.asl.model import Task
from designer.asl.scope import Evaluator
from executions.engine.effects import start_task
from executions.engine.flow import leave_work
from executions.engine.outcomes import Done
from executions.engine.run import Ask, Frame
from executions.engine.task_events import note_scheduled
from executions.engine.tokens import make_token
from executions.engine.view import View

if TYPE_CHECKING:
    from executions.engine.step import Step


def enter(step: Step, frame: Frame, state: Task) -> Ask:
    ask = Ask(step.new_id(), "task")
    resource = state.resource
    view = View(step, frame, "arguments")
    if resource.kind == "activity" or resource.waits_for_token or resource.is_job:
        ask.token = make_token(step.run.id, step.run.seed, ask.id)
    if resource.waits_for_token:
        view.token = ask.token  # the context object shows Task.Token only here
    data = view.of(state.input_path, frame.input)
    ask.payload = view.of(state.arguments, data)
    text = step.texts.bounded(ask.payload, state.name)
    ask.timeout_seconds = _seconds(view, state.timeout, data)
    ask.heartbeat_seconds = _seconds(view, state.heartbeat, data)
    ask.credentials = None if state.credentials is None else view.of(state.credentials, data)
    note_scheduled(step, frame, state, ask, text)
    step.effects.append(start_task(state, ask))
    return ask


def leave(step: Step, frame: Frame, state: Task, result: Any) -> Done:
    """The task has answered."""
    return leave_work(View(step, frame, "result"), state, frame.input, result)


def _seconds(view: View, evaluator: Evaluator | None, data: Any) -> int | None:
    return None if evaluator is None else int(evaluator(view.scope(data)))
