"""Payload templates: JSON whose keys that end in `.$` hold paths or intrinsic functions (§7).

What does not depend on the data is built once and shared between evaluations: nobody changes it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from designer.asl.errors import RUNTIME, StateError
from designer.asl.intrinsics import compile_intrinsic, is_intrinsic
from designer.asl.jsontext import dumps
from designer.asl.path_values import PathMissingError
from designer.asl.paths import compile_path
from designer.asl.scope import Evaluator, Scope

SUFFIX = ".$"


class TemplateError(ValueError):
    """The template cannot be read; `pointer` (a JSON pointer below the template) says where."""

    def __init__(self, message: str, pointer: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.pointer = pointer


def compile_template(template: Any) -> Evaluator:
    """An evaluator of the template.  Raises TemplateError."""
    if not is_dynamic(template):
        return lambda scope: template
    return _compile(template, "")


def is_dynamic(template: Any) -> bool:
    """Whether a key that ends in `.$` is anywhere in it."""
    waiting = [template]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if any(key.endswith(SUFFIX) for key in value):
                return True
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return False


def compile_expression(text: str, field: str) -> Evaluator:
    """A path or intrinsic function standing as the value of `field` ("value.$", "ErrorPath").

    Raises PathSyntaxError or IntrinsicSyntaxError, both ValueErrors.
    """
    if is_intrinsic(text):
        return compile_intrinsic(text)
    return compile_path(text, not_found(text, field), null_past_end=True)


def not_found(text: str, field: str) -> Callable[[PathMissingError, Any], StateError]:
    """AWS's text for a path that leads nowhere in a payload template (§23)."""

    def error(reason: PathMissingError, document: Any) -> StateError:
        return StateError(RUNTIME, f"The JSONPath '{text}' specified for the field '{field}' could not be found "
                                   f"in the input '{dumps(document)}'")

    return error


def pointer_step(key: object) -> str:
    """One step of a JSON pointer (RFC 6901)."""
    return "/" + str(key).replace("~", "~0").replace("/", "~1")


def _compile(template: Any, pointer: str) -> Evaluator:
    if isinstance(template, dict):
        return _compile_object(template, pointer)
    if isinstance(template, list):
        parts = [_part(item, f"{pointer}/{number}") for number, item in enumerate(template)]
        return lambda scope: [value if evaluate is None else evaluate(scope) for evaluate, value in parts]
    return lambda scope: template


def _part(value: Any, pointer: str) -> tuple[Evaluator | None, Any]:
    return (_compile(value, pointer), None) if is_dynamic(value) else (None, value)


def _compile_object(template: dict[str, Any], pointer: str) -> Evaluator:
    parts: list[tuple[str, Evaluator | None, Any]] = []
    names: set[str] = set()
    for key, value in template.items():
        here = pointer + pointer_step(key)
        name = key.removesuffix(SUFFIX)
        if name in names:
            raise TemplateError(f"The fields '{name}' and '{name}{SUFFIX}' exclude each other", here)
        names.add(name)
        if name != key:
            parts.append((name, _dynamic(key, value, here), None))
        else:
            parts.append((name, *_part(value, here)))
    if len(parts) == 1 and parts[0][1] is not None:
        name, only = parts[0][0], parts[0][1]
        return lambda scope: {name: only(scope)}

    def evaluate(scope: Scope) -> Any:
        return {name: value if part is None else part(scope) for name, part, value in parts}

    return evaluate


def _dynamic(key: str, value: Any, pointer: str) -> Evaluator:
    if not isinstance(value, str):
        raise TemplateError(f"The value for the field '{key}' must be a valid JSONPath or a valid intrinsic "
                            "function call", pointer)
    try:
        return compile_expression(value, key)
    except ValueError as broken:
        raise TemplateError(f"The value for the field '{key}' must be a valid JSONPath or a valid intrinsic "
                            f"function call ({broken})", pointer) from None
