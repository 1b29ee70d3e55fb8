"""`{% … %}` → evaluator: in place where that is bounded, else in the helper; AWS's texts for failures (§4.4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from designer.asl.errors import QUERY_EVALUATION, StateError
from designer.asl.jsonata.evaluate import Unbounded, compile_in_place, states_of
from designer.asl.jsonata.messages import STACK
from designer.asl.jsonata.nodes import Node
from designer.asl.jsonata.parser import parse
from designer.asl.jsonata.processes import HELPERS
from designer.asl.jsonata.static import find_faults, is_too_deep
from designer.asl.jsonata.values import MISSING, Irregular, Sequence
from designer.asl.jsontext import dumps
from designer.asl.scope import Evaluator, Scope
from designer.asl.timestamps import timestamp_ms


class JsonataError(ValueError):
    """The value holds a JSONata expression that cannot be compiled."""


def compile_expression(marked: str, field: str, kind: str) -> Evaluator:
    """`marked` with its markers; `field` and `kind` as in compile_value.  Raises JsonataError."""
    text = marked[2:-2].strip()
    faults = find_faults(text)
    if faults:
        raise JsonataError(faults[0].message)
    tree = parse(text)
    if is_too_deep(tree):
        return _too_deep(text, field)
    evaluate = _in_helper(text, tree, field)
    try:
        evaluate = _in_place(compile_in_place(tree), evaluate)
    except Unbounded:
        HELPERS.warm()  # so that the first evaluation does not wait for a process
    return _checked(evaluate, text, field, kind)


def failure(text: str, field: str, what: str) -> StateError:
    return StateError(QUERY_EVALUATION, f"The JSONata expression '{text}' specified for the field '{field}' {what}",
                      location=field)


def _too_deep(text: str, field: str) -> Evaluator:
    """Refused when it is evaluated, not when it is compiled, as by AWS."""

    def evaluate(scope: Scope) -> Any:
        raise failure(text, field, f"threw an error during evaluation: {STACK}")

    return evaluate


def _in_place(here: Callable[[Scope], Any], elsewhere: Evaluator) -> Evaluator:
    def evaluate(scope: Scope) -> Any:
        try:
            return here(scope)
        except (Irregular, RecursionError):
            return elsewhere(scope)

    return evaluate


def _in_helper(text: str, tree: Node, field: str) -> Evaluator:
    names = _free_names(tree)

    def evaluate(scope: Scope) -> Any:
        given = {name: scope.variables[name] for name in names if name in scope.variables}
        if "states" in names:
            given["states"] = states_of(scope)
        found = HELPERS.evaluate(text, given, scope.random().getrandbits(63), scope.now)
        if "value" in found:
            return found["value"]
        if "undefined" in found:
            return MISSING
        if "unsupported" in found:
            raise failure(text, field, "returned an unsupported result type.")
        if "limit" in found:
            raise failure(text, field, f"threw an error during evaluation: {found['limit']}")
        raise failure(text, field, f"threw an error during evaluation. {found['error']}")

    return evaluate


def _free_names(tree: Node) -> frozenset[str]:
    """Names of variables that appear anywhere; those bound inside do no harm."""
    found: set[str] = set()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if node.kind == "variable" and node.value:
            found.add(node.value)
        waiting.extend((*node.parts, *node.filters))
        if node.group is not None:
            waiting.append(node.group)
    return frozenset(found)


def _checked(evaluate: Evaluator, text: str, field: str, kind: str) -> Evaluator:
    check = _CHECKS[kind]

    def checked(scope: Scope) -> Any:
        value = evaluate(scope)
        if value is MISSING:
            raise failure(text, field, "returned nothing (undefined).")
        if value.__class__ is Sequence:
            value = list(value)
        return value if check is None else check(value, text, field)

    return checked


# ---- what a field wants --------------------------------------------------------------------------


def _unexpected(value: Any, wanted: str, text: str, field: str) -> StateError:
    return failure(text, field, f"returned an unexpected result type. Expected '{wanted}', but was "
                                f"'{_kind_of(value)}' for value: {dumps(value)}")


def _kind_of(value: Any) -> str:
    if value is None:
        return "null"
    kinds = ((bool, "boolean"), (str, "string"), (dict, "object"), (list, "array"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "number")


def _of(wanted: str, *kinds: type) -> Callable[[Any, str, str], Any]:
    def check(value: Any, text: str, field: str) -> Any:
        if not isinstance(value, kinds):
            raise _unexpected(value, wanted, text, field)
        return value

    return check


def _integer(least: int) -> Callable[[Any, str, str], Any]:
    def check(value: Any, text: str, field: str) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise _unexpected(value, "integer", text, field)
        if value < least:
            raise failure(text, field, f"returned a value outside of the allowed range, from {least}: {value}")
        return value

    return check


def _percentage(value: Any, text: str, field: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _unexpected(value, "number", text, field)
    if not 0 <= value <= 100:
        raise failure(text, field, f"returned a value outside of the allowed range, which is 0 to 100: {value}")
    return float(value)


def _timestamp(value: Any, text: str, field: str) -> int:
    if not isinstance(value, str):
        raise _unexpected(value, "string", text, field)
    instant = timestamp_ms(value)
    if instant is None:
        raise StateError(QUERY_EVALUATION, f"The {field} field cannot be parsed as an ISO-8601 extended offset "
                                           f"date-time format string: {value}", location=field)
    return instant


_CHECKS: Final[dict[str, Callable[[Any, str, str], Any] | None]] = {
    "": None,
    "array": _of("array", list),
    "array or object": _of("array", list, dict),
    "boolean": _of("boolean", bool),
    "string": _of("string", str),
    "integer": _integer(0),
    "positive integer": _integer(1),
    "percentage": _percentage,
    "timestamp": _timestamp,
}
