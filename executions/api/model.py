"""Checking requests against AWS's own service model, shipped in botocore (api.md section 1).

The model is read once; each operation's input becomes a tree of closures.  A member of the wrong JSON type
is a SerializationException; everything else that breaks a constraint is gathered into one
ValidationException, before the operation's own checks.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final

from botocore.loaders import Loader

from designer.asl.errors import MAX_PAYLOAD_BYTES
from designer.errors import ActionError
from designer.texts import without_surrogates
from executions.actions.limits import limits

Check = Callable[[Any, str, list[str]], Any]  # value, its path, violations found so far -> the value to use
Naming = Callable[[str], str]
Pattern = Callable[[str, str], str]  # a shape's name, its pattern -> the same for Python's re

# AWS lists the values of an enumeration in an order of its own; these were recorded, the rest is the model's.
_RECORDED_ORDER: Final = {
    "ExecutionStatus": ("SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED", "FAILED", "RUNNING"),
}
_JSON_NAMES: Final = {
    str: "STRING_VALUE", int: "NUMBER_VALUE", float: "NUMBER_VALUE", bool: "BOOLEAN_VALUE", type(None): "NULL_VALUE",
}


class ServiceModel:
    """The operations of a service and what their requests must look like."""

    def __init__(self, service: str, operations: Collection[str] | None = None, *,
                 named: Naming = str, pattern: Pattern | None = None) -> None:
        """All operations, or those named.  `named` writes a member's name in messages; `pattern` turns a shape's name
        and pattern into a regular expression of Python's."""
        model = Loader().load_service_model(service, "service-2")
        self._named, self._pattern = named, pattern or _python_pattern
        self._shapes: Mapping[str, Any] = model["shapes"]
        self._checks: dict[str, Check] = {}
        self.target_prefix: str = model["metadata"].get("targetPrefix", "")
        self._inputs = {name: self._check(operation["input"]["shape"])
                        for name, operation in model["operations"].items() if operations is None or name in operations}

    @property
    def operations(self) -> frozenset[str]:
        return frozenset(self._inputs)

    def validate(self, operation: str, request: Any) -> dict[str, Any]:
        """The members that the model knows and that are not null; ActionError when the request breaks the model."""
        violations: list[str] = []
        checked = self._inputs[operation](request, "", violations)
        if violations:
            count = len(violations)
            errors = "error" if count == 1 else "errors"
            raise ActionError("ValidationException", f"{count} validation {errors} detected: {'; '.join(violations)}")
        return dict(checked)

    def _check(self, name: str) -> Check:
        """The check of a shape, made once; a shape that contains itself finds it through the table."""
        if name not in self._checks:
            self._checks[name] = lambda value, path, violations: self._checks[name](value, path, violations)
            self._checks[name] = self._build(name, self._shapes[name])
        return self._checks[name]

    def _build(self, name: str, shape: Mapping[str, Any]) -> Check:
        match shape["type"]:
            case "structure":
                return _structure(name, {
                    member: self._check(spec["shape"]) for member, spec in shape["members"].items()
                }, frozenset(shape.get("required", ())), self._named)
            case "list":
                return _list(shape, self._check(shape["member"]["shape"]))
            case "map":
                return _map(self._check(shape["key"]["shape"]), self._check(shape["value"]["shape"]))
            case "string":
                return _string(name, shape, self._pattern)
            case "blob":
                return _blob
            case "boolean":
                return _boolean
            case "integer" | "long":
                return _number(shape, "an Integer" if shape["type"] == "integer" else "a Long", (int,))
            case "float" | "double":
                return _number(shape, "a Float", (int, float))
            case "timestamp":
                return _number(shape, "a Timestamp", (int, float))
            case other:
                raise ValueError(f"The service model has a shape '{name}' of the unknown type '{other}'.")


def _violation(shown: str, path: str, constraint: str) -> str:
    return f"Value{shown} at '{path}' failed to satisfy constraint: Member must {constraint}"


def _unfit(value: Any, wanted: str) -> ActionError:
    """The member has another JSON type than the model says."""
    if isinstance(value, dict):
        message = "Start of structure or map found where not expected."
    elif isinstance(value, list):
        message = "Start of list found where not expected."
    else:
        message = f"{_JSON_NAMES[type(value)]} can not be converted to {wanted}"
    return ActionError("SerializationException", message)


def _structure(name: str, members: Mapping[str, Check], required: frozenset[str], named: Naming) -> Check:
    checks = [(member, named(member), check, member in required) for member, check in members.items()]

    def check_structure(value: Any, path: str, violations: list[str]) -> Any:
        if type(value) is not dict:
            raise _unfit(value, f"a {name}")
        prefix = f"{path}." if path else ""
        kept = {}
        for member, shown, check, needed in checks:
            given = value.get(member)
            if given is not None:
                kept[member] = check(given, prefix + shown, violations)
            elif needed:
                violations.append(_violation(" null", prefix + shown, "not be null"))
        return kept

    return check_structure


def _list(shape: Mapping[str, Any], check: Check) -> Check:
    least, most = shape.get("min"), shape.get("max")
    member = shape["member"]["shape"]

    def check_list(value: Any, path: str, violations: list[str]) -> Any:
        if type(value) is not list:
            raise _unfit(value, "a list")
        if least is not None and len(value) < least:
            violations.append(_violation(f" '{_shown(value, member)}'", path,
                                         f"have length greater than or equal to {least}"))
        if most is not None and len(value) > most:
            violations.append(_violation(f" '{_shown(value, member)}'", path,
                                         f"have length less than or equal to {most}"))
        return _items(check, ((f"{path}.{number}.member", item) for number, item in enumerate(value, 1)), violations)

    return check_list


def _items(check: Check, items: Iterable[tuple[str, Any]], violations: list[str]) -> list[Any]:
    """The checked items of a list or map, by their paths; none may be null."""
    kept = []
    for path, item in items:
        if item is None:
            violations.append(_violation(" null", path, "not be null"))
        else:
            kept.append(check(item, path, violations))
    return kept


def _map(check_key: Check, check: Check) -> Check:
    def check_map(value: Any, path: str, violations: list[str]) -> Any:
        if type(value) is not dict:
            raise _unfit(value, "a map")
        keys = [check_key(key, path, violations) for key in value]
        checked = _items(check, ((f"{path}.{key}.member", item) for key, item in value.items()), violations)
        return dict(zip(keys, checked, strict=False))  # of the same length, or the request is refused

    return check_map


def _string(name: str, shape: Mapping[str, Any], turned: Pattern) -> Check:
    least, most = shape.get("min", 0), shape.get("max", float("inf"))
    is_payload = _is_payload(shape)
    pattern = re.compile(turned(name, shape["pattern"]), re.DOTALL) if "pattern" in shape else None
    values = frozenset(shape.get("enum", ()))
    constraints = _string_constraints(name, shape, pattern)
    sensitive = shape.get("sensitive", False)

    def check_string(value: Any, path: str, violations: list[str]) -> Any:
        if type(value) is not str:
            raise _unfit(value, "a String")
        value = without_surrogates(value)
        room = limits().largest_payload if is_payload else most
        fits = least <= len(value) <= room and (pattern is None or pattern.fullmatch(value) is not None)
        if not fits or (values and value not in values):
            shown = "" if sensitive else f" '{value}'"
            violations.extend(_violation(shown, path, text) for text, holds in constraints if not holds(value))
        return value

    return check_string


def _is_payload(shape: Mapping[str, Any]) -> bool:
    """Whether it is data of an execution, which a setting lets be larger (actions/limits.py)."""
    return bool(shape.get("sensitive")) and shape.get("max") == MAX_PAYLOAD_BYTES


def _string_constraints(name: str, shape: Mapping[str, Any],
                        pattern: re.Pattern[str] | None) -> list[tuple[str, Callable[[str], bool]]]:
    """The constraints of a string in the order in which AWS lists what was broken."""
    constraints: list[tuple[str, Callable[[str], bool]]] = []
    if "max" in shape:
        most, is_payload = shape["max"], _is_payload(shape)
        constraints.append((
            f"have length less than or equal to {most}",
            lambda text: len(text) <= (limits().largest_payload if is_payload else most)))
    if "min" in shape:
        least = shape["min"]
        constraints.append((f"have length greater than or equal to {least}", lambda text: len(text) >= least))
    if pattern is not None:
        constraints.append((f"satisfy regular expression pattern: {shape['pattern']}",
                            lambda text: pattern.fullmatch(text) is not None))
    if "enum" in shape:
        values = _RECORDED_ORDER.get(name, tuple(shape["enum"]))
        constraints.append((f"satisfy enum value set: [{', '.join(values)}]", lambda text: text in values))
    return constraints


def _python_pattern(_: str, java: str) -> str:
    return java.replace(r"\p{ASCII}", r"[\x00-\x7f]")


def _blob(value: Any, path: str, violations: list[str]) -> Any:
    """Bytes: the body itself, or base64 in JSON."""
    if type(value) is bytes:
        return value
    if type(value) is not str:
        raise _unfit(value, "a Blob")
    try:
        return base64.b64decode(value, validate=True)
    except ValueError:
        raise ActionError("SerializationException", f"The value at '{path}' is not base64.") from None


def _boolean(value: Any, path: str, violations: list[str]) -> Any:
    if type(value) is not bool:
        raise _unfit(value, "a Boolean")
    return value


def _number(shape: Mapping[str, Any], wanted: str, types: tuple[type, ...]) -> Check:
    least, most = shape.get("min"), shape.get("max")

    def check_number(value: Any, path: str, violations: list[str]) -> Any:
        if type(value) is float and int in types and float not in types and value.is_integer():
            value = int(value)
        if type(value) not in types:
            raise _unfit(value, wanted)
        if most is not None and value > most:
            violations.append(_violation(f" '{value}'", path, f"have value less than or equal to {most}"))
        if least is not None and value < least:
            violations.append(_violation(f" '{value}'", path, f"have value greater than or equal to {least}"))
        return value

    return check_number


def _shown(value: Any, shape: str) -> str:
    """A value as AWS's server prints it: lists in brackets, structures as Name(member=value, …)."""
    if isinstance(value, list):
        return "[" + ", ".join(_shown(item, shape) for item in value) + "]"
    if isinstance(value, dict):
        return f"{shape}(" + ", ".join(f"{name}={_shown(item, name)}" for name, item in value.items()) + ")"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)
