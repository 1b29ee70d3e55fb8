"""Values between Step Functions' JSON and botocore's models.

A task writes every member in PascalCase, whatever the service's own API does, and gets the result so
(integrations.md §3).  Where a service wants a string and JSON is given, its text is sent.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from botocore.model import ListShape, MapShape, Shape, StructureShape

from designer.asl.errors import DATA_LIMIT, MAX_PAYLOAD_BYTES
from designer.asl.jsontext import dumps
from executions.integrations.kinds import TaskError

INTEGERS: Final = frozenset({"integer", "long"})
FLOATS: Final = frozenset({"float", "double"})
# Members that Step Functions names otherwise than the service does.
RENAMED: Final = {"Equals": "EqualsValue"}


class ProblemsError(Exception):
    """What is wrong with a task's parameters, one text each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(problems)
        self.problems = problems


def to_request(shape: StructureShape | None, payload: Any, *, strict: bool) -> dict[str, Any]:
    """The arguments of an operation.  ProblemsError names every field that is wrong.

    `strict` refuses members the operation does not have; optimized integrations drop them (recorded).
    """
    if not isinstance(payload, Mapping):
        raise ProblemsError(["The parameters must be a JSON object"])
    if shape is None:
        return {}
    reader = _Reader(strict, shape.serialization.get("payload"))
    request: dict[str, Any] = reader.structure(shape, payload, "")
    if reader.problems:
        raise ProblemsError(reader.problems)
    return request


def pascal(name: str) -> str:
    renamed = name[:1].upper() + name[1:]
    return RENAMED.get(renamed, renamed)


@lru_cache(maxsize=2048)
def _members(shape: StructureShape) -> dict[str, str]:
    """Member by the names a task may give it: PascalCase first, then the service's own."""
    names = {name: name for name in shape.members}
    return names | {pascal(name): name for name in shape.members}


class _Reader:
    def __init__(self, strict: bool, body: str | None) -> None:
        """`body` is the member that is the whole body of the request."""
        self._strict, self._body = strict, body
        self.problems: list[str] = []

    def value(self, shape: Shape, value: Any, path: str) -> Any:
        reads: dict[str, Callable[[Any, Any, str], Any]] = {
            "structure": self.structure, "list": self._list, "map": self._map, "blob": self._blob,
            "timestamp": self._timestamp, "boolean": self._boolean, "string": self._string,
        }
        if getattr(shape, "is_document_type", False):
            return value
        read = reads.get(shape.type_name)
        return self._number(shape, value, path) if read is None else read(shape, value, path)

    def structure(self, shape: StructureShape, value: Any, path: str) -> Any:
        if not isinstance(value, Mapping):
            return self._wrong(path, "an OBJECT")
        known, found = _members(shape), {}
        for given, each in value.items():
            name = known.get(given)
            if name is None:
                if self._strict:
                    self.problems.append(f'The field "{path}{given}" is not supported by Step Functions')
            elif each is not None:  # null is "not given" (recorded)
                found[name] = self._member(shape, name, each, f"{path}{given}.")
        for name in shape.required_members:
            if name not in found and not shape.members[name].metadata.get("idempotencyToken"):
                self.problems.append(f'The field "{path}{pascal(name)}" is required but was missing')
        return found

    def _member(self, shape: StructureShape, name: str, value: Any, path: str) -> Any:
        member = shape.members[name]
        if member.type_name == "blob" and isinstance(value, str) and path.count(".") == 1 and name == self._body:
            return value.encode()
        return self.value(member, value, path)

    def _list(self, shape: ListShape, value: Any, path: str) -> Any:
        if not isinstance(value, list):
            return self._wrong(path, "an ARRAY")
        return [self.value(shape.member, each, f"{path[:-1]}[{n}].") for n, each in enumerate(value)]

    def _map(self, shape: MapShape, value: Any, path: str) -> Any:
        if not isinstance(value, Mapping):
            return self._wrong(path, "an OBJECT")
        return {key: self.value(shape.value, each, f"{path}{key}.") for key, each in value.items()}

    def _string(self, shape: Shape, value: Any, path: str) -> str:
        return value if isinstance(value, str) else dumps(value)

    def _boolean(self, shape: Shape, value: Any, path: str) -> Any:
        return value if isinstance(value, bool) else self._wrong(path, "a BOOLEAN")

    def _number(self, shape: Shape, value: Any, path: str) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return self._wrong(path, "a NUMBER")
        if shape.type_name in INTEGERS:
            return int(value) if value == int(value) else self._wrong(path, "an INTEGER")
        return float(value)

    def _timestamp(self, shape: Shape, value: Any, path: str) -> Any:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return self._wrong(path, "a TIMESTAMP")
        try:
            if isinstance(value, str):
                moment = datetime.fromisoformat(value)
                return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return datetime.fromtimestamp(value, UTC)
        except (ValueError, OverflowError, OSError):
            return self._wrong(path, "a TIMESTAMP in ISO 8601")

    def _blob(self, shape: Shape, value: Any, path: str) -> Any:
        """A string is base64 (only the body of a request is text); other JSON is sent as its text."""
        if not isinstance(value, str):
            return dumps(value).encode()
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            return self._wrong(path, "a string in base64")

    def _wrong(self, path: str, wanted: str) -> None:
        self.problems.append(f'The value of the field "{path[:-1]}" must be {wanted}')


def to_result(shape: Shape | None, value: Any, *, millis: bool) -> Any:
    """A response as JSON, its members in PascalCase and in alphabetical order.

    Timestamps are ISO 8601 texts, or with `millis` (optimized integrations) ms since the epoch.
    """
    if shape is None:
        return {}
    if getattr(shape, "is_document_type", False):
        return value
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        body = shape.serialization.get("payload")
        found = {pascal(name): _body_text(each) if name == body and shape.members[name].type_name == "blob"
                 else to_result(shape.members[name], each, millis=millis)
                 for name, each in value.items() if name in shape.members}
        return dict(sorted(found.items()))
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [to_result(shape.member, each, millis=millis) for each in value]
    if isinstance(shape, MapShape) and isinstance(value, Mapping):
        return {key: to_result(shape.value, each, millis=millis) for key, each in value.items()}
    if isinstance(value, datetime):
        return round(value.timestamp() * 1000) if millis else iso(value)
    if shape.type_name == "blob":
        return base64.b64encode(value if isinstance(value, bytes) else str(value).encode()).decode("ascii")
    return value


def iso(moment: datetime) -> str:
    """As Java's Instant writes it: seconds, and fractions only where there are any."""
    moment = moment.astimezone(UTC)
    if not moment.microsecond:
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    digits = f"{moment.microsecond:06}"
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + (digits[:3] if digits.endswith("000") else digits) + "Z"


def _body_text(value: Any) -> str:
    """The body of a response: its text, or base64 where it is none.  TaskError when it is too large to hand on."""
    data = value.read(MAX_PAYLOAD_BYTES + 1) if hasattr(value, "read") else value
    if hasattr(value, "close"):
        value.close()
    if len(data) > MAX_PAYLOAD_BYTES:
        raise TaskError(DATA_LIMIT, "The service's answer has a body whose size exceeds the maximum number of bytes "
                                    "service limit.")
    try:
        return str(data, "utf-8")
    except UnicodeDecodeError:
        return base64.b64encode(data).decode("ascii")
