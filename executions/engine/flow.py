"""The data flow behind a state's work: Assign, ResultSelector, ResultPath, OutputPath, Output.

JSONPath: asl-language.md §3.  JSONata: §4.
"""

from __future__ import annotations

from typing import Any

from designer.asl.model import JSONATA, Catcher, Choice, Rule, State, Succeed, Wait, Work
from designer.asl.model import Pass as PassState
from designer.asl.scope import Evaluator, Scope
from executions.engine.outcomes import Done
from executions.engine.view import View


def assigned(assign: Evaluator | None, scope: Scope) -> dict[str, Any] | None:
    """The variables an Assign sets, in terms of what the scope shows."""
    if assign is None:
        return None
    values: dict[str, Any] = assign(scope)
    return values


def leave_work(view: View, state: Work, raw: Any, result: Any) -> Done:
    """From a Task's, Parallel's or Map's result to the state's output."""
    if state.language == JSONATA:
        scope = view.scope(raw)
        scope.result = result
        output = result if state.output is None else state.output(scope)
        return Done(output, state.next, assigned(state.assign, scope))
    set_now = None if state.assign is None else assigned(state.assign, view.scope(result))
    selected = view.of(state.result_selector, result)
    merged = selected if state.result_path is None else state.result_path(raw, selected)
    return Done(view.of(state.output_path, merged), state.next, set_now)


def leave_pass(view: View, state: PassState, raw: Any, result: Any) -> Done:
    """From a JSONPath Pass state's result to its output."""
    set_now = None if state.assign is None else assigned(state.assign, view.scope(result))
    merged = result if state.result_path is None else state.result_path(raw, result)
    return Done(view.of(state.output_path, merged), state.next, set_now)


def leave_plain(view: View, state: Wait | Choice | Succeed | PassState, raw: Any, data: Any) -> Done:
    """The output of a state that has no result of its own; `data` is the effective input."""
    return _plain(view, state, state.output, state.assign, state.next, raw, data)


def leave_choice(view: View, state: Choice, rule: Rule, raw: Any, data: Any) -> Done:
    """The output of a Choice by one of its rules, whose Output and Assign stand for the state's own."""
    output = state.output if rule.output is None else rule.output
    return _plain(view, state, output, rule.assign, rule.next, raw, data)


def _plain(
    view: View, state: State, output: Evaluator | None, assign: Evaluator | None, next: str | None, raw: Any, data: Any
) -> Done:
    if state.language == JSONATA:
        if output is None and assign is None:
            return Done(raw, next)
        scope = view.scope(raw)
        return Done(raw if output is None else output(scope), next, assigned(assign, scope))
    set_now = None if assign is None else assigned(assign, view.scope(data))
    return Done(view.of(state.output_path, data), next, set_now)


def leave_caught(view: View, state: Work, catcher: Catcher, raw: Any, error_output: dict[str, Any]) -> Done:
    """The output of a state whose error was caught; OutputPath and the like do not apply (§19)."""
    if state.language == JSONATA:
        scope = view.scope(raw)
        scope.error_output = error_output
        output = error_output if catcher.output is None else catcher.output(scope)
        return Done(output, catcher.next, assigned(catcher.assign, scope))
    set_now = None if catcher.assign is None else assigned(catcher.assign, view.scope(error_output))
    merged = error_output if catcher.result_path is None else catcher.result_path(raw, error_output)
    return Done(merged, catcher.next, set_now)
