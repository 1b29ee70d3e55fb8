"""Requests made from AWS's service model: right ones, each member missing, wrong or beyond its limit, and wild ones."""

from __future__ import annotations

import json
import random
import re
import string
from collections.abc import Collection, Iterator
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from botocore.loaders import Loader

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


class Http(NamedTuple):
    """What goes over the wire."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


class Requests:
    """Requests of one service; `given` has what a member needs that its shape does not say."""

    def __init__(self, service: str, given: dict[str, Any], operations: Collection[str] = ()) -> None:
        self.model = Loader().load_service_model(service, "service-2")
        self.shapes = self.model["shapes"]
        self.given = given
        self.operations = sorted(operations or self.model["operations"])

    def right(self, operation: str, *, whole: bool) -> dict[str, Any]:
        """A request that the model takes: with all members, or with the required ones only."""
        value = self._value(self.model["operations"][operation]["input"]["shape"], "", whole)
        assert isinstance(value, dict)
        return value

    def errors_of(self, operation: str) -> set[str]:
        """The errors that the model names for the operation."""
        return {error["shape"] for error in self.model["operations"][operation].get("errors", ())}

    def cases(self, operation: str) -> Iterator[Case]:
        """Right, and with one thing wrong at a time."""
        for whole in (False, True):
            yield Case(operation, "right", self.right(operation, whole=whole), None)
        for path, name in self._members(self.model["operations"][operation]["input"]["shape"]):
            yield from self._wrong(operation, path, self.shapes[name], name)

    def place(self, operation: str, member: str) -> tuple[str, str]:
        """Where HTTP carries a member (uri, querystring, header, payload or body), and its name there."""
        shape = self.shapes[self.model["operations"][operation]["input"]["shape"]]
        spec = shape["members"].get(member, {})
        usual = "payload" if shape.get("payload") == member else "body"
        return spec.get("location", usual), spec.get("locationName", member)

    def http(self, operation: str, request: Any) -> Http:
        """A request with its members where HTTP carries them; what is no object is the body as it is."""
        where = self.model["operations"][operation]["http"]
        if "targetPrefix" in self.model["metadata"]:
            target = f"{self.model['metadata']['targetPrefix']}.{operation}"
            headers = {"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.0"}
            return Http("POST", "/", "", headers, _bytes(request))
        parts: dict[str, dict[str, Any]] = {"uri": {}, "querystring": {}, "header": {}, "payload": {}, "body": {}}
        for member, value in request.items():
            place, name = self.place(operation, member)
            parts[place][name] = value
        path = where["requestUri"].partition("?")[0]
        for name, value in parts["uri"].items():
            path = path.replace(f"{{{name}}}", quote(_text(value), safe=""))
        path = re.sub(r"\{\w+\}", "", path)
        query = [f"{name}={quote(_text(item), safe='')}" for name, value in parts["querystring"].items()
                 for item in (value if isinstance(value, list) else [value])]
        query += [part for part in [where["requestUri"].partition("?")[2]] if part]
        headers = {name: quote(_text(value), safe=" =+/") for name, value in parts["header"].items()}
        payload = [*parts["payload"].values(), parts["body"]][0]
        return Http(where["method"], path, "&".join(query), headers, _bytes(payload))

    def _wrong(self, operation: str, path: tuple[str, ...], shape: dict[str, Any], name: str) -> Iterator[Case]:
        where = ".".join(path)
        place, _ = self.place(operation, path[0])
        if self._is_required(operation, path) and place != "uri":
            yield Case(operation, f"{where} missing", self._with(operation, path, None), "ValidationException")
        for value in self._misfits(shape["type"]) if place == "body" else ():  # elsewhere all is text
            yield Case(operation, f"{where} = {value!r}", self._with(operation, path, value), "SerializationException")
        for value in self._beyond(shape, name):
            changed = self._with(operation, path, value)
            yield Case(operation, f"{where} beyond its limit", changed, "ValidationException")

    def _misfits(self, kind: str) -> list[Any]:
        values = {"string": [1, True, [], {}], "boolean": ["true", 1, [], {}], "structure": ["a", 1, []],
                  "list": ["a", 1, {}], "integer": ["1", True, [], 1.5], "long": ["1", {}, 1.5], "float": ["1", []],
                  "map": ["a", 1, []], "double": ["1", {}], "blob": [1, {}, "no base64"]}
        return values[kind]

    def _beyond(self, shape: dict[str, Any], name: str) -> Iterator[Any]:
        kind = shape["type"]
        if kind == "string":
            if "max" in shape:
                yield "a" * (shape["max"] + 1)
            if shape.get("min"):
                yield ""
            if "enum" in shape:
                yield "NONSENSE"
        elif kind in ("integer", "long", "float", "double"):
            if "max" in shape:
                yield shape["max"] + 1
            if "min" in shape:
                yield shape["min"] - 1
        elif kind == "list" and "max" in shape:
            yield [self._value(shape["member"]["shape"], "", False)] * (shape["max"] + 1)

    def _members(self, name: str, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
        """(path, shape) of all members, also of those in structures (not in lists)."""
        for member, spec in self.shapes[name].get("members", {}).items():
            inner = spec["shape"]
            yield (*path, member), inner
            if self.shapes[inner]["type"] == "structure":
                yield from self._members(inner, (*path, member))

    def _is_required(self, operation: str, path: tuple[str, ...]) -> bool:
        name = self.model["operations"][operation]["input"]["shape"]
        for step in path[:-1]:
            name = self.shapes[name]["members"][step]["shape"]
        return path[-1] in self.shapes[name].get("required", ())

    def _with(self, operation: str, path: tuple[str, ...], value: Any) -> dict[str, Any]:
        """A whole request with one member changed; None takes it away."""
        request = self.right(operation, whole=True)
        inside = request
        for step in path[:-1]:
            inside = inside[step]
        if value is None:
            del inside[path[-1]]
        else:
            inside[path[-1]] = value
        return request

    def _value(self, name: str, member: str, whole: bool) -> Any:
        shape = self.shapes[name]
        if member in self.given:
            return self.given[member]
        match shape["type"]:
            case "structure":
                required = shape.get("required", ())
                return {inner: self._value(spec["shape"], inner, whole) for inner, spec in shape["members"].items()
                        if whole or inner in required}
            case "list":
                return [self._value(shape["member"]["shape"], "", whole)]
            case "map":
                return {self._value(shape["key"]["shape"], "", whole): self._value(shape["value"]["shape"], "", whole)}
            case "boolean":
                return False
            case "integer" | "long" | "float" | "double":
                return max(1, shape.get("min", 1))
            case _:
                return shape["enum"][0] if "enum" in shape else "a" * max(1, shape.get("min", 1))


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=repr)
    return text.encode("utf-8", "replace").decode()


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value, default=repr).encode("utf-8", "surrogatepass")


STATES: Final = Requests("stepfunctions", MEMBERS)


# -- wild requests

_TEXTS: Final = ("", "a", "\x00", "é\ud800", "💥" * 20, "{", "[" * 500, "null", "1e999", "$.a", "{% $x %}", " ", "-1",
                 f"{P}:stateMachine:*", f"{P}:execution:a:b:c:d", "arn:" + "a:" * 40, "x" * 5000)


def wild(dice: random.Random, requests: Requests = STATES, *, least: int = 1, most: int = 4) -> tuple[str, Http]:
    """An operation and a request for it with `least` to `most` things changed, sometimes no JSON at all."""
    operation = dice.choice(requests.operations)
    request: Any = requests.right(operation, whole=dice.random() < 0.6)
    for _ in range(dice.randint(least, most)):
        changed = disturbed(request, dice)
        if isinstance(changed, dict) or "targetPrefix" in requests.model["metadata"]:
            request = changed
    sent = requests.http(operation, request)
    throw = dice.random()
    if throw < 0.05:
        return operation, sent._replace(body=sent.body[:dice.randint(0, len(sent.body))])
    if throw < 0.08:
        return operation, sent._replace(body=dice.randbytes(dice.randint(0, 200)))
    return operation, sent


def disturbed(value: Any, dice: random.Random) -> Any:
    """The value with one thing in it changed."""
    if isinstance(value, dict) and value and dice.random() < 0.9:
        name = dice.choice(sorted(value))
        changed = {**value, name: disturbed(value[name], dice)}
        if dice.random() < 0.1:
            del changed[name]
        return changed
    if isinstance(value, list) and value and dice.random() < 0.7:
        return [disturbed(value[0], dice), *value[1:]] * dice.randint(1, 3)
    if isinstance(value, str) and dice.random() < 0.5:
        at = dice.randint(0, len(value))
        return value[:at] + dice.choice((*string.punctuation, *_TEXTS)) + value[at + dice.randint(0, 3):]
    return dice.choice((None, True, 0, -1, 2**63, 10**400, 1.5, [], {}, [[]], {"a": {}}, *_TEXTS))
