"""Paths in ASL: `$…` reads the data, `$$…` the context object, `$name…` a variable (asl-language.md §7).

    parse_path(text)            text → Path; raises PathSyntaxError
    compile_path(text)          text → evaluator with the error texts of InputPath, OutputPath …
    compile_result_path(text)   Reference Path → function that merges a result into the raw input
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import Any

from designer.asl.errors import RESULT_PATH, RUNTIME, StateError
from designer.asl.jsontext import dumps
from designer.asl.model import DISCARD, ResultPath
from designer.asl.path_filters import read_filter
from designer.asl.path_syntax import Key, Path, PathSyntaxError, Reader, Step
from designer.asl.path_values import PathMissingError, compile_finder
from designer.asl.scope import Evaluator, Scope

VARIABLE_NAME = re.compile(r"[^\W\d]\w*")

# (why there is nothing, document searched) -> the error to raise
OnMissing = Callable[[PathMissingError, Any], StateError]


class UndefinedVariableError(StateError):
    """A path reads a variable that was never assigned."""

    def __init__(self, path: Path) -> None:
        super().__init__(RUNTIME, f"Invalid path '{path.text}' : The variable '{path.root}' is not defined.")


@lru_cache(maxsize=8192)
def parse_path(text: str) -> Path:
    """Parse an ASL path: `$…`, `$$…` or `$variable…`.  Raises PathSyntaxError."""
    if not text.startswith("$"):
        raise PathSyntaxError(f"A path starts with $, not as {text[:80]!r} does")
    if text.startswith("$$"):
        return Path(text, "$$", _steps(text, 2))
    variable = VARIABLE_NAME.match(text, 1)
    if variable is not None:
        return Path(text, variable.group(), _steps(text, variable.end()))
    return Path(text, "$", _steps(text, 1))


def _steps(text: str, at: int) -> tuple[Step, ...]:
    reader = Reader(text, at, read_filter)
    steps = reader.steps(inside_filter=False)
    reader.skip_space()  # Jayway trims
    if reader.at != len(text):
        raise reader.error("unexpected character")
    return steps


def compile_path(text: str, on_missing: OnMissing | None = None, *, null_past_end: bool = False) -> Evaluator:
    """An evaluator of the path.  `on_missing` makes the error when a definite path leads nowhere.

    `null_past_end`: an index behind the end of its array gives null, as in payload templates (§8).
    Raises PathSyntaxError.
    """
    path = parse_path(text)
    find = compile_finder(path)
    missing = on_missing or _invalid_path(text)
    if path.root == "$$":
        return _in_context(find, missing)
    if path.root != "$":
        return _in_variable(path, find, missing)
    if not path.steps:
        return _whole

    def evaluate(scope: Scope) -> Any:
        try:
            return find(scope.data)
        except PathMissingError as reason:
            if reason.past_end and null_past_end:
                return None
            raise missing(reason, scope.data) from None

    return evaluate


def empty_object(scope: Scope) -> Any:
    """What `InputPath: null` and `OutputPath: null` give."""
    return {}


def _whole(scope: Scope) -> Any:
    return scope.data


def _invalid_path(text: str) -> OnMissing:
    def error(reason: PathMissingError, document: Any) -> StateError:
        return StateError(RUNTIME, f"Invalid path '{text}' : {reason.reason}")

    return error


def _in_context(find: Callable[[Any], Any], missing: OnMissing) -> Evaluator:
    def evaluate(scope: Scope) -> Any:
        context = scope.context()
        try:
            return find(context)
        except PathMissingError as reason:
            raise missing(reason, context) from None

    return evaluate


def _in_variable(path: Path, find: Callable[[Any], Any], missing: OnMissing) -> Evaluator:
    name = path.root

    def evaluate(scope: Scope) -> Any:
        try:
            value = scope.variables[name]
        except KeyError:
            raise UndefinedVariableError(path) from None
        try:
            return find(value)
        except PathMissingError as reason:
            raise missing(reason, value) from None

    return evaluate


# ---- ResultPath ----------------------------------------------------------------------------------


def compile_result_path(text: str | None) -> ResultPath | None:
    """`$` → None (the result replaces the input), null → DISCARD, else a merge.  Raises PathSyntaxError."""
    if text is None:
        return DISCARD
    path = parse_path(text)
    if path.root != "$" or not path.is_reference:
        raise PathSyntaxError("Value is not a Reference Path")
    if not path.steps:
        return None
    steps = tuple(step.name if isinstance(step, Key) else step.number for step in path.steps)  # type: ignore[union-attr]
    if len(steps) == 1 and isinstance(steps[0], str):
        return _merge_key(steps[0])
    return lambda document, result: _merge(document, steps, result)


def _merge_key(name: str) -> ResultPath:
    def merge(document: Any, result: Any) -> Any:
        if not isinstance(document, dict):
            raise _unmatched(name, document)
        merged = document.copy()
        merged[name] = result
        return merged

    return merge


def _merge(document: Any, steps: tuple[str | int, ...], result: Any) -> Any:
    """A copy of `document` with `result` at `steps`; only what lies on the way is copied."""
    merged = holder = _copy_for(document, steps[0])
    for step, following in pairwise(steps):
        if isinstance(step, str) and step not in holder:
            holder[step] = {} if isinstance(following, str) else _fail_index(following, None)
        else:
            holder[step] = _copy_for(holder[step], following)
        holder = holder[step]
    holder[steps[-1]] = result
    return merged


def _copy_for(node: Any, step: str | int) -> Any:
    """A copy of the node, which must be able to take `step`."""
    if isinstance(step, str) and isinstance(node, dict):
        return node.copy()
    if isinstance(step, int) and isinstance(node, list) and step < len(node):
        return node.copy()
    raise _unmatched(step, node)


def _fail_index(step: int, node: Any) -> Any:
    raise _unmatched(step, node)


def _unmatched(step: str | int, node: Any) -> StateError:
    shown = f'"{step}"' if isinstance(step, str) else str(step)
    return StateError(RESULT_PATH, f"Unable to apply step {shown} to input {dumps(node)}")
