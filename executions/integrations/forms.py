"""What a task sends, as fields of a form: from botocore's input shapes, or from our own integrations' lists.

Members are named as a task writes them, in PascalCase (shapes.py); documentation is the first sentence of AWS's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from botocore.exceptions import DataNotFoundError
from botocore.loaders import Loader
from botocore.model import OperationNotFoundError, ServiceModel, Shape, StructureShape

from designer.asl.aws_services import find_service, service_names
from designer.asl.check_resource import OPTIMIZED
from designer.asl.resources import parse_resource
from executions.integrations.aws.services import called_by
from executions.integrations.aws.shapes import FLOATS, INTEGERS, pascal

MOST: Final = 100  # resources in one answer
LONGEST: Final = 240  # characters of documentation
DEEPEST: Final = 3  # levels of an example
_TAG: Final = re.compile(r"<[^>]+>")
_KINDS: Final = {"string": "text", "boolean": "boolean", "timestamp": "time"}


@dataclass(frozen=True, slots=True)
class Field:
    """`kind`: text, integer, number, boolean, choice (of `options`), time or json (`example`: data to begin with)."""

    name: str
    kind: str
    required: bool = False
    options: tuple[str, ...] = ()
    documentation: str = ""
    example: Any = None


@dataclass(frozen=True, slots=True)
class Form:
    resource: str
    fields: tuple[Field, ...]


_TRUTH: Final = ("allowRequester", "allowSamePerson", "bulk", "stepUp")
_OWN: Final[dict[tuple[str, str], tuple[Field, ...]]] = {
    ("states", "startExecution"): (
        Field("StateMachineArn", "text", required=True, documentation="A state machine, a version or an alias."),
        Field("Input", "json", documentation="What it gets.", example={}),
        Field("Name", "text", documentation="The name of the execution; made up when it is missing."),
        Field("TraceHeader", "text")),
    ("http", "invoke"): (
        Field("ApiEndpoint", "text", required=True, documentation="The address to call."),
        Field("Method", "choice", required=True, options=("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD")),
        Field("InvocationConfig", "json", documentation="The connection that authorizes the call.",
              example={"ConnectionArn": ""}),
        Field("Headers", "json", example={"Accept": "application/json"}),
        Field("QueryParameters", "json", example={}), Field("RequestBody", "json", example={}),
        Field("Transform", "json", example={"RequestBodyEncoding": "URL_ENCODED"})),
    ("approval", "request"): (
        Field("policy", "text", documentation="The approval policy that says who decides, instead of names here."),
        Field("levels", "json", documentation="Who decides after whom, in order.",
              example=[{"name": "", "groups": ["approver"], "needed": 1}]),
        Field("requester", "text", documentation="Who asks; that person may not decide."),
        *(Field(name, "boolean") for name in _TRUTH),
        Field("due", "json", documentation="The time there is: a number of seconds, or days, hours and minutes.",
              example={"days": 3}),
        Field("remind", "json", example={"every": {"days": 1}, "times": 3}),
        Field("escalate", "json", documentation="Who decides when the time is up.", example={"groups": []}),
        Field("default", "choice", options=("EXPIRED", "APPROVED", "REJECTED"),
              documentation="What is decided when the time is up."),
        Field("rejection", "choice", options=("any", "quorum")),
        Field("onRejection", "choice", options=("return", "fail")),
        Field("priority", "choice", options=("NORMAL", "HIGH", "LOW"))),
}


def form_of(arn: str) -> Form | None:
    """The form of a resource; None when the resource is none that has parameters of its own."""
    resource = parse_resource(arn)
    if resource is None or resource.kind != "service":
        return None
    own = _OWN.get((resource.service, resource.action))
    if own is not None:
        return Form(arn, own)
    if (resource.service, resource.action) == ("lambda", "invoke"):
        fields = _fields("lambda", "Invoke", json_members=("Payload", "ClientContext"))
    else:
        called = called_by(resource)
        fields = None if called is None else _fields(called.service, called.operation)
    return None if fields is None else Form(arn, fields)


def resources(words: str) -> list[str]:
    """Resources with all these words in their ARN: the optimized ones first, then those of the SDK, at most MOST."""
    wanted = words.lower().split()
    found: list[str] = []
    for arn in _all():
        if all(word in arn.lower() for word in wanted):
            found.append(arn)
            if len(found) == MOST:
                break
    return found


def _all() -> Iterator[str]:
    for service, (suffixes, actions) in OPTIMIZED.items():
        for action in actions.split():
            yield from (f"arn:aws:states:::{service}:{action}{suffix}" for suffix in ("", *suffixes))
    for name in service_names():
        service_found = find_service(name)
        if service_found is not None:
            yield from (f"arn:aws:states:::aws-sdk:{name}:{action}" for action in service_found.actions())


@lru_cache(maxsize=64)
def _fields(service: str, operation: str, json_members: tuple[str, ...] = ()) -> tuple[Field, ...] | None:
    """Required members first, then by name; None when botocore has no such operation."""
    try:
        model = ServiceModel(Loader().load_service_model(service, "service-2"), service).operation_model(operation)
    except (DataNotFoundError, OperationNotFoundError):
        return None
    shape = model.input_shape
    if not isinstance(shape, StructureShape):
        return ()
    fields = [_field(pascal(name), member, name in shape.required_members, json_members)
              for name, member in shape.members.items()]
    return tuple(sorted(fields, key=lambda field: (not field.required, field.name)))


def _field(name: str, shape: Shape, required: bool, json_members: tuple[str, ...]) -> Field:
    options: tuple[str, ...] = tuple(getattr(shape, "enum", ()) or ())
    kind = "choice" if options else "json" if name in json_members else _kind(shape)
    example = {} if name in json_members else _example(shape, DEEPEST) if kind == "json" else None
    return Field(name, kind, required, options, _sentence(shape.documentation), example)


def _kind(shape: Shape) -> str:
    if shape.type_name in INTEGERS:
        return "integer"
    return "number" if shape.type_name in FLOATS else _KINDS.get(shape.type_name, "json")


def _example(shape: Any, depth: int) -> Any:
    """Data of this shape with what is required in it, to fill in."""
    if shape.type_name == "list":
        return [_example(shape.member, depth - 1)] if depth else []
    if shape.type_name == "map":
        return {"key": _example(shape.value, depth - 1)} if depth else {}
    if shape.type_name == "structure":
        inner = shape.required_members if depth else ()
        return {pascal(name): _example(shape.members[name], depth - 1) for name in inner}
    if shape.type_name in INTEGERS | FLOATS:
        return 0
    return False if shape.type_name == "boolean" else ""


def _sentence(documentation: str) -> str:
    text = " ".join(_TAG.sub(" ", documentation or "").split())
    first = re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]
    return first if len(first) <= LONGEST else first[:LONGEST - 1].rstrip() + "…"
