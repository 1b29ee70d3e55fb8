"""Intrinsic functions, compiled (asl-language.md §8).  What each does is in intrinsic_functions.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from designer.asl.errors import INTRINSIC, RUNTIME, StateError
from designer.asl.intrinsic_functions import FUNCTIONS, FunctionError, fill, read_template
from designer.asl.intrinsic_syntax import (
    Argument,
    Call,
    IntrinsicSyntaxError,
    Literal,
    PathArgument,
    Text,
    parse_intrinsic,
)
from designer.asl.jsontext import dumps
from designer.asl.path_syntax import PathSyntaxError
from designer.asl.path_values import PathMissingError
from designer.asl.paths import compile_path
from designer.asl.scope import Evaluator, Scope


def is_intrinsic(text: str) -> bool:
    return text.lstrip().startswith("States.")


def compile_intrinsic(text: str) -> Evaluator:
    """Raises IntrinsicSyntaxError for bad syntax, an unknown function or a wrong number of arguments."""
    call = parse_intrinsic(text)
    return _compile_call(call, call.text)


def _compile_call(call: Call, whole: str) -> Evaluator:
    function = FUNCTIONS.get(call.name)
    if function is None:
        raise IntrinsicSyntaxError(f"The function {call.name} does not exist")
    count = len(call.arguments)
    if count < function.least or (function.most is not None and count > function.most):
        raise IntrinsicSyntaxError(f"The function {call.name} does not take {count} arguments: {call.text}")
    for kind, argument in zip(function.kinds, call.arguments, strict=False):
        if not _fits(kind, argument):
            raise IntrinsicSyntaxError(f"The function {call.name} takes a {kind} there: {call.text}")
    if call.name == "States.Format":
        return _compile_format(call, whole)
    evaluators = [_compile_argument(argument, whole) for argument in call.arguments]
    work = function.work

    def evaluate(scope: Scope) -> Any:
        try:
            return work(scope, [argument(scope) for argument in evaluators])
        except FunctionError as fault:
            raise _failure(whole, str(fault)) from None

    return evaluate


def _fits(kind: str, argument: Argument) -> bool:
    """Whether a literal argument is of the kind; what a path or a call gives is known only later."""
    if kind == "any" or not isinstance(argument, (Literal, Text)):
        return True
    if isinstance(argument, Text):
        return kind == "text"
    if isinstance(argument.value, bool):
        return kind == "boolean"
    return kind == "number" and argument.value is not None


def _failure(whole: str, reason: str) -> StateError:
    return StateError(INTRINSIC, f"The function '{whole}' had the following error: {reason}")


def _compile_argument(argument: Argument, whole: str) -> Evaluator:
    if isinstance(argument, Call):
        return _compile_call(argument, whole)
    if isinstance(argument, PathArgument):
        return _compile_path_argument(argument.path, whole)
    if isinstance(argument, Text) and argument.value is None:
        return _lone_backslash(whole)
    value = argument.value
    return lambda scope: value


def _lone_backslash(whole: str) -> Evaluator:
    def fail(scope: Scope) -> Any:
        raise _failure(whole, "A backslash in a text may only stand before ', {, } or another backslash")

    return fail


def _compile_path_argument(path: str, whole: str) -> Evaluator:
    def missing(reason: PathMissingError, document: Any) -> StateError:
        return StateError(RUNTIME, f"The function '{whole}' had the following error: The JsonPath argument for the "
                                   f"field '{path}' could not be found in the input '{dumps(document)}'")

    try:
        return compile_path(path, missing)
    except PathSyntaxError as broken:
        raise IntrinsicSyntaxError(str(broken)) from None


def _compile_format(call: Call, whole: str) -> Evaluator:
    """A template known beforehand is taken apart once."""
    first, rest = call.arguments[0], call.arguments[1:]
    evaluators = [_compile_argument(argument, whole) for argument in rest]
    if isinstance(first, Text):
        if first.value is None:
            return _lone_backslash(whole)
        pieces: Sequence[str] = read_template(first.raw)
        if len(pieces) - 1 != len(evaluators):
            raise IntrinsicSyntaxError(
                f"States.Format has {len(pieces) - 1} places {{}} for {len(evaluators)} arguments: {call.text}")
        return lambda scope: fill(pieces, [argument(scope) for argument in evaluators])
    template = _compile_argument(first, whole)

    def evaluate(scope: Scope) -> Any:
        try:
            text = template(scope)
            if not isinstance(text, str):
                raise FunctionError("The template is not a text")
            return fill(read_template(text), [argument(scope) for argument in evaluators])
        except FunctionError as fault:
            raise _failure(whole, str(fault)) from None

    return evaluate


__all__ = ["IntrinsicSyntaxError", "Literal", "compile_intrinsic", "is_intrinsic"]
