"""Requests made from AWS's service model: right ones, each member missing, wrong or beyond its limit, and wild ones."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from botocore.loaders import Loader

MODEL: Final = Loader().load_service_model("stepfunctions", "service-2")
SHAPES: Final = MODEL["shapes"]
OPERATIONS: Final = sorted(MODEL["operations"])
P: Final = "arn:aws:states:us-east-1:000000000000"
ROLE: Final = "arn:aws:iam::000000000000:role/run"
PASS: Final = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}'

# What a member needs that its shape does not say.
MEMBERS: Final[dict[str, Any]] = {
    "stateMachineArn": f"{P}:stateMachine:nothing", "executionArn": f"{P}:execution:nothing:e",
    "activityArn": f"{P}:activity:nothing", "mapRunArn": f"{P}:mapRun:nothing/label:id", "roleArn": ROLE,
    "resourceArn": f"{P}:activity:nothing", "stateMachineAliasArn": f"{P}:stateMachine:nothing:live",
    "stateMachineVersionArn": f"{P}:stateMachine:nothing:1", "definition": PASS, "input": "{}", "output": "{}",
    "nextToken": "none", "taskToken": "none", "variables": "{}", "context": "{}", "stateName": "A", "name": "made",
    "kmsKeyId": "alias/k", "logGroupArn": "arn:aws:logs:us-east-1:000000000000:log-group:/a:*", "weight": 100,
    "result": "{}", "mapItemReaderData": "[]",
}


class Case(NamedTuple):
    """A request and the error it must get; None: whatever AWS's model allows."""

    operation: str
    about: str
    request: Any
    error: str | None


def right(operation: str, *, whole: bool) -> dict[str, Any]:
    """A request that the model takes: with all members, or with the required ones only."""
    value = _value(MODEL["operations"][operation]["input"]["shape"], "", whole)
    assert isinstance(value, dict)
    return value


def errors_of(operation: str) -> set[str]:
    """The errors that the model names for the operation."""
    return {error["shape"] for error in MODEL["operations"][operation].get("errors", ())}


def cases() -> Iterator[Case]:
    """Every operation: right, and with one thing wrong at a time."""
    for operation in OPERATIONS:
        for whole in (False, True):
            yield Case(operation, "right", right(operation, whole=whole), None)
        for path, name in _members(MODEL["operations"][operation]["input"]["shape"]):
            yield from _wrong(operation, path, SHAPES[name], name)


def _wrong(operation: str, path: tuple[str, ...], shape: dict[str, Any], name: str) -> Iterator[Case]:
    where = ".".join(path)
    if _is_required(operation, path):
        yield Case(operation, f"{where} missing", _with(operation, path, None), "ValidationException")
    for value in _misfits(shape["type"]):
        yield Case(operation, f"{where} = {value!r}", _with(operation, path, value), "SerializationException")
    for value in _beyond(shape, name):
        yield Case(operation, f"{where} beyond its limit", _with(operation, path, value), "ValidationException")


def _misfits(kind: str) -> list[Any]:
    values = {"string": [1, True, [], {}], "boolean": ["true", 1, [], {}], "structure": ["a", 1, []],
              "list": ["a", 1, {}], "integer": ["1", True, [], 1.5], "long": ["1", {}, 1.5], "float": ["1", []]}
    return values[kind]


def _beyond(shape: dict[str, Any], name: str) -> Iterator[Any]:
    kind = shape["type"]
    if kind == "string":
        if "max" in shape:
            yield "a" * (shape["max"] + 1)
        if shape.get("min"):
            yield ""
        if "enum" in shape:
            yield "NONSENSE"
    elif kind in ("integer", "long", "float"):
        if "max" in shape:
            yield shape["max"] + 1
        if "min" in shape:
            yield shape["min"] - 1
    elif kind == "list" and "max" in shape:
        yield [_value(shape["member"]["shape"], "", False)] * (shape["max"] + 1)


def _members(name: str, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """(path, shape) of all members, also of those in structures (not in lists)."""
    for member, spec in SHAPES[name].get("members", {}).items():
        inner = spec["shape"]
        yield (*path, member), inner
        if SHAPES[inner]["type"] == "structure":
            yield from _members(inner, (*path, member))


def _is_required(operation: str, path: tuple[str, ...]) -> bool:
    name = MODEL["operations"][operation]["input"]["shape"]
    for step in path[:-1]:
        name = SHAPES[name]["members"][step]["shape"]
    return path[-1] in SHAPES[name].get("required", ())


def _with(operation: str, path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """A whole request with one member changed; None takes it away."""
    request = right(operation, whole=True)
    inside = request
    for step in path[:-1]:
        inside = inside[step]
    if value is None:
        del inside[path[-1]]
    else:
        inside[path[-1]] = value
    return request


def _value(name: str, member: str, whole: bool) -> Any:
    shape = SHAPES[name]
    if member in MEMBERS:
        return MEMBERS[member]
    match shape["type"]:
        case "structure":
            required = shape.get("required", ())
            return {inner: _value(spec["shape"], inner, whole) for inner, spec in shape["members"].items()
                    if whole or inner in required}
        case "list":
            return [_value(shape["member"]["shape"], "", whole)]
        case "boolean":
            return False
        case "integer" | "long" | "float":
            return max(1, shape.get("min", 1))
        case _:
            return shape["enum"][0] if "enum" in shape else "a" * max(1, shape.get("min", 1))


# -- wild requests

_TEXTS: Final = ("", "a", "\x00", "é\ud800", "💥" * 20, "{", "[" * 500, "null", "1e999", "$.a", "{% $x %}", " ", "-1",
                 f"{P}:stateMachine:*", f"{P}:execution:a:b:c:d", "arn:" + "a:" * 40, "x" * 5000)


def wild(dice: random.Random) -> tuple[str, bytes]:
    """(operation, body): mostly near to a right request, sometimes no JSON at all."""
    operation = dice.choice(OPERATIONS)
    request: Any = right(operation, whole=dice.random() < 0.7)
    for _ in range(dice.randint(1, 4)):
        request = _disturbed(request, dice)
    body = json.dumps(request).encode("utf-8", "surrogatepass")
    throw = dice.random()
    if throw < 0.05:
        return operation, body[:dice.randint(0, len(body))]
    if throw < 0.08:
        return operation, dice.randbytes(dice.randint(0, 200))
    return operation, body


def _disturbed(value: Any, dice: random.Random) -> Any:
    """The value with one thing in it changed."""
    if isinstance(value, dict) and value and dice.random() < 0.9:
        name = dice.choice(sorted(value))
        changed = {**value, name: _disturbed(value[name], dice)}
        if dice.random() < 0.1:
            del changed[name]
        return changed
    if isinstance(value, list) and value and dice.random() < 0.7:
        return [_disturbed(value[0], dice), *value[1:]] * dice.randint(1, 3)
    if isinstance(value, str) and dice.random() < 0.5:
        at = dice.randint(0, len(value))
        return value[:at] + dice.choice((*string.punctuation, *_TEXTS)) + value[at + dice.randint(0, 3):]
    return dice.choice((None, True, 0, -1, 2**63, 10**400, 1.5, [], {}, [[]], {"a": {}}, *_TEXTS))
