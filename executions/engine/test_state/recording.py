"""A state whose expressions write down what they give, by the names of TestState's inspectionData.

Which stages AWS shows of which type of state follows the recordings: a Pass with a Result shows no input stages,
Parallel and Map none either; a JSONata state shows its Arguments and a task's result, nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from designer.asl.model import JSONATA, Map, Parallel, Pass, ResultPath, State, Task, Work
from designer.asl.scope import Evaluator, Scope

Book = dict[str, Any]  # stage → value


def recorded(state: State, book: Book) -> State:
    """The state, writing into `book`."""
    if isinstance(state, Map):
        state = _map(state, book)
    if state.language == JSONATA:
        return _jsonata(state, book)
    if isinstance(state, Pass):
        return _pass(state, book)
    if isinstance(state, Work):
        return _work(state, book)
    return replace(state, input_path=_noting(state.input_path, book, "afterInputPath"))


def _jsonata(state: State, book: Book) -> State:
    if isinstance(state, Task):
        state = replace(state, output=_with_result(state.output, book))
    if isinstance(state, Task | Parallel) and state.arguments is not None:
        state = replace(state, arguments=_noting(state.arguments, book, "afterArguments"))
    return state


def _pass(state: Pass, book: Book) -> Pass:
    if state.has_result:
        book["result"] = state.result
    else:
        state = replace(
            state, input_path=_noting(state.input_path, book, "afterInputPath"),
            parameters=_noting(state.parameters, book, "afterParameters"))
    return replace(state, result_path=_merging(state.result_path, book, "afterResultSelector"))


def _work(state: Work, book: Book) -> Work:
    if isinstance(state, Task):
        state = replace(
            state, input_path=_noting(state.input_path, book, "afterInputPath"),
            arguments=_noting(state.arguments, book, "afterParameters"),
            result_selector=_noting(state.result_selector, book, "afterResultSelector", before="result"))
    else:
        state = replace(state, result_selector=_noting(state.result_selector, book, "afterResultSelector"))
    return replace(state, result_path=_merging(state.result_path, book))


def _map(state: Map, book: Book) -> Map:
    state = replace(state, max_concurrency=_noting(state.max_concurrency or _unlimited, book, "maxConcurrency"))
    if state.language != JSONATA:
        state = replace(state, items=_noting(state.items, book, "afterItemsPath"))
    distributed = state.distributed
    if distributed is None:
        return state
    distributed = replace(
        distributed, tolerated_count=_noted(distributed.tolerated_count, book, "toleratedFailureCount"),
        tolerated_percentage=_noted(distributed.tolerated_percentage, book, "toleratedFailurePercentage"))
    return replace(state, distributed=distributed)


def _unlimited(scope: Scope) -> int:
    return 0


def _noted(evaluator: Evaluator | None, book: Book, name: str) -> Evaluator | None:
    """As `_noting`, but a field that is absent stays so."""
    return None if evaluator is None else _noting(evaluator, book, name)


def _noting(evaluator: Evaluator | None, book: Book, name: str, before: str | None = None) -> Evaluator:
    """Write down what the expression gives (an absent one gives what it is applied to), and `before` what it reads."""

    def evaluate(scope: Scope) -> Any:
        if before is not None:
            book[before] = scope.data
        value = scope.data if evaluator is None else evaluator(scope)
        book[name] = value
        return value

    return evaluate


def _with_result(output: Evaluator | None, book: Book) -> Evaluator:
    def evaluate(scope: Scope) -> Any:
        book["result"] = scope.result
        return scope.result if output is None else output(scope)

    return evaluate


def _merging(merge: ResultPath | None, book: Book, before: str | None = None) -> Callable[[Any, Any], Any]:
    def merged(raw: Any, result: Any) -> Any:
        if before is not None:
            book[before] = result
        value = result if merge is None else merge(raw, result)
        book["afterResultPath"] = value
        return value

    return merged
