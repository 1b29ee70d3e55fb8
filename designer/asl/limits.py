"""Numbers and times that a state takes from its data: SecondsPath, MaxConcurrencyPath … (§13, §16, §23)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from designer.asl.errors import RUNTIME, StateError
from designer.asl.jsontext import dumps
from designer.asl.path_values import PathMissingError
from designer.asl.paths import OnMissing, compile_path
from designer.asl.scope import Evaluator, Scope
from designer.asl.timestamps import timestamp_ms

_INTEGER = re.compile(r"[+-]?\d{1,19}", re.ASCII)
_FLOAT = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
# A path that names many items (ItemsPath apart) is a way of writing "all"; AWS allows so many.
MAX_ITEMS: Final = 100_000_000


def shown(value: Any) -> str:
    """A value as AWS's messages quote it: texts as they are, everything else as JSON."""
    return value if isinstance(value, str) else dumps(value)


def as_integer(value: Any) -> int | None:
    """The whole number that a value is or, for a text, reads as."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        return int(value)
    return None


def as_float(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, str) and _FLOAT.fullmatch(value):
        return float(value)
    return None


def _no_input(field: str, path: str) -> OnMissing:
    def error(reason: PathMissingError, document: Any) -> StateError:
        return StateError(RUNTIME, f"The {field} parameter does not reference an input value: {path}")

    return error


def compile_seconds(path: str, field: str = "SecondsPath", least: int = 0,
                    on_missing: Callable[[str, str], OnMissing | None] = _no_input) -> Evaluator:
    """Seconds from a path: an int ≥ `least`."""
    find = compile_path(path, on_missing(field, path))
    refused = "a negative" if least == 0 else "a non-positive"

    def evaluate(scope: Scope) -> int:
        value = find(scope)
        seconds = as_integer(value)
        if seconds is None:
            raise StateError(RUNTIME, f"The {field} parameter cannot be parsed as a long value: {path} == "
                                      f"{shown(value)}")
        if seconds < least:
            raise StateError(RUNTIME, f"The {field} parameter references {refused} value: {path} == {shown(value)}")
        return seconds

    return evaluate


def compile_timeout(path: str, field: str) -> Evaluator:
    """TimeoutSecondsPath and HeartbeatSecondsPath: a positive int; a missing value is an invalid path (§7)."""
    return compile_seconds(path, field, 1, lambda field, path: None)


def compile_instant(path: str) -> Evaluator:
    """TimestampPath: milliseconds since the epoch."""
    find = compile_path(path, _no_input("TimestampPath", path))

    def evaluate(scope: Scope) -> int:
        value = find(scope)
        instant = timestamp_ms(value)
        if instant is None:
            raise StateError(RUNTIME, "The TimestampPath parameter does not reference a valid ISO-8601 extended offset "
                                      f"date-time format string: {path} == {shown(value)}")
        return instant

    return evaluate


def compile_count(path: str, field: str) -> Evaluator:
    """MaxConcurrencyPath, ToleratedFailureCountPath, MaxItemsPath …: an int ≥ 0."""
    find = compile_path(path)
    name = field.removesuffix("Path")

    def evaluate(scope: Scope) -> int:
        value = find(scope)
        count = as_integer(value)
        if count is None:
            raise StateError(RUNTIME, f'The {field} field refers to value "{shown(value)}" which is not a valid '
                                      f"integer: {path}")
        if count < 0:
            raise StateError(RUNTIME, f"{name} cannot be negative.")
        return count

    return evaluate


def compile_percentage(path: str) -> Evaluator:
    """ToleratedFailurePercentagePath: a float from 0 to 100."""
    find = compile_path(path)

    def evaluate(scope: Scope) -> float:
        value = find(scope)
        number = as_float(value)
        if number is None:
            raise StateError(RUNTIME, f'The ToleratedFailurePercentagePath field refers to value "{shown(value)}" '
                                      f"which is not a valid float: {path}")
        if not 0 <= number <= 100:
            raise StateError(RUNTIME, "ToleratedFailurePercentage must be between 0 and 100.")
        return number

    return evaluate


def constant(value: Any) -> Evaluator:
    return lambda scope: value
