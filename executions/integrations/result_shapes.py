"""The shapes of what the integrations answer, for the data lens: from botocore's service models and our own envelopes.

Whatever a service model does not require of its answer may be missing.  Functions, activities and whoever answers a
task token may answer anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from botocore.exceptions import DataNotFoundError, UnknownServiceError
from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, OperationNotFoundError, ServiceModel, StructureShape
from botocore.model import Shape as ModelShape

from designer.asl.model import Resource
from designer.lens.lattice import join
from designer.lens.shapes import (
    BOOLEAN,
    DECLARED,
    NULL,
    NUMBER,
    NUMERIC_TEXT,
    TEXT,
    TIMESTAMP_TEXT,
    UNKNOWN,
    Field,
    Shape,
    array_of,
    object_of,
    record,
)
from designer.lens.visits import Call, Known
from executions.integrations.aws.jobs import JOBS
from executions.integrations.aws.services import Called, called_by
from executions.integrations.aws.shapes import FLOATS, INTEGERS, pascal
from executions.integrations.aws.special import SPECIAL

MODEL: Final = "service model"
ENVELOPE: Final = "integration"
MAX_DEPTH: Final = 12
# Texts that are numbers by what they are for; service models call them strings.
_NUMBERS_AS_TEXT: Final = frozenset(("NumberAttributeValue",))


def known(call: Call) -> Known:
    """The result's shape and where it is from, as the lens asks for it; Known() where anything may be answered."""
    resource = call.resource
    if resource.kind != "service":
        return Known()
    own = _OWN.get((resource.service, resource.action, resource.suffix))
    if own is not None:
        return Known(own(), ENVELOPE)
    if resource.waits_for_token:
        return Known()
    called = called_by(resource)
    shape = None if called is None else _of_aws(called, resource)
    return Known() if shape is None else Known(shape, MODEL)


# ---- AWS -----------------------------------------------------------------------------------------


def _of_aws(called: Called, resource: Resource) -> Shape | None:
    key = (resource.service, resource.action)
    if key in SPECIAL and SPECIAL[key].after is not SPECIAL[("events", "putEvents")].after:
        return None
    operation, is_whole = called.operation, True
    if resource.is_job:
        job = JOBS.get(key)
        if job is None or job.gone or job.found != "@":
            return None
        operation, is_whole = job.look, False
    shape = _output(called.service, operation, millis=not called.sdk)
    if shape is not None and is_whole and called.metadata and shape.object is not None:
        return record({**shape.object.fields, **_metadata()})
    return shape


@lru_cache(maxsize=512)
def _output(service: str, operation: str, *, millis: bool) -> Shape | None:
    try:
        shape = _model(service).operation_model(operation).output_shape
    except (OperationNotFoundError, UnknownServiceError, DataNotFoundError):
        return None
    return object_of() if shape is None else _shape(shape, (), millis)


@lru_cache(maxsize=16)
def _model(service: str) -> ServiceModel:
    return ServiceModel(Loader().load_service_model(service, "service-2"))


def _shape(shape: ModelShape, above: tuple[str, ...], millis: bool) -> Shape:
    """A value of the model's shape as a task's result has it (aws/shapes.py `to_result`)."""
    if getattr(shape, "is_document_type", False) or above.count(shape.name) > 1 or len(above) > MAX_DEPTH:
        return UNKNOWN
    inside = (*above, shape.name)
    if isinstance(shape, StructureShape):
        required = shape.required_members
        return record({pascal(name): Field(_shape(member, inside, millis), 0 if name in required else DECLARED)
                       for name, member in shape.members.items()})
    if isinstance(shape, ListShape):
        return array_of(_shape(shape.member, inside, millis))
    if isinstance(shape, MapShape):
        return record({}, _shape(shape.value, inside, millis))
    if shape.name in _NUMBERS_AS_TEXT:
        return NUMERIC_TEXT
    return _plain(shape.type_name, millis)


def _plain(kind: str, millis: bool) -> Shape:
    if kind == "boolean":
        return BOOLEAN
    if kind in INTEGERS or kind in FLOATS:
        return NUMBER
    if kind == "timestamp":
        return NUMBER if millis else TIMESTAMP_TEXT
    return TEXT


# ---- what is our own -----------------------------------------------------------------------------


def _metadata() -> Mapping[str, Field]:
    headers = record({}, TEXT)
    http = record({"AllHttpHeaders": Field(record({}, array_of(TEXT))), "HttpHeaders": Field(headers),
                   "HttpStatusCode": Field(NUMBER)})
    return {"SdkHttpMetadata": Field(http, DECLARED), "SdkResponseMetadata": Field(object_of(RequestId=TEXT), DECLARED)}


def _invoked() -> Shape:
    """lambda:invoke; the payload is what the function answers."""
    return record({"ExecutedVersion": Field(TEXT, DECLARED), "Payload": Field(UNKNOWN, DECLARED),
                   "StatusCode": Field(NUMBER), **_metadata()})


def _started() -> Shape:
    return record({"ExecutionArn": Field(TEXT), "StartDate": Field(NUMBER), **_metadata()})


def _ended(data: Shape) -> Callable[[], Shape]:
    """The description of a child; `data` is what its input and output are."""
    def shape() -> Shape:
        included = object_of(Included=BOOLEAN)
        always = dict.fromkeys(("ExecutionArn", "Name", "RedriveStatus", "StateMachineArn", "Status"), TEXT)
        numbers = dict.fromkeys(("RedriveCount", "StartDate", "StopDate"), NUMBER)
        rest = dict.fromkeys(("RedriveStatusReason", "Error", "Cause", "StateMachineVersionArn",
                              "StateMachineAliasArn", "TraceHeader", "RedriveDate"), join(TEXT, NUMBER))
        fields = {name: Field(value) for name, value in (always | numbers).items()}
        fields |= {"Input": Field(data), "InputDetails": Field(included), "Output": Field(data, DECLARED),
                   "OutputDetails": Field(included, DECLARED)}
        return record(fields | {name: Field(value, DECLARED) for name, value in rest.items()})

    return shape


def _answered() -> Shape:
    """http:invoke."""
    return record({"Headers": Field(record({}, array_of(TEXT)), DECLARED), "ResponseBody": Field(UNKNOWN, DECLARED),
                   "StatusCode": Field(NUMBER), "StatusText": Field(TEXT, DECLARED)})


def _decided() -> Shape:
    """approval:request (its README)."""
    person = join(TEXT, NULL)
    vote = record(dict.fromkeys(("decision", "by", "onBehalfOf", "at", "comment", "form"), Field(UNKNOWN, DECLARED)))
    level = record({"level": Field(NUMBER), "name": Field(UNKNOWN, DECLARED), "needed": Field(UNKNOWN, DECLARED),
                    "votes": Field(array_of(vote))})
    attachment = record(dict.fromkeys(("id", "name", "type", "size", "sha256", "field"), Field(UNKNOWN, DECLARED)))
    return record({
        "decision": Field(TEXT), "approved": Field(BOOLEAN), "decidedBy": Field(person), "decidedAt": Field(person),
        "comment": Field(person, DECLARED), "form": Field(UNKNOWN, DECLARED), "requester": Field(person, DECLARED),
        "policy": Field(person, DECLARED), "attachments": Field(array_of(attachment), DECLARED),
        "levels": Field(array_of(level), DECLARED)})


_OWN: Final[dict[tuple[str, str, str], Callable[[], Shape]]] = {
    ("lambda", "invoke", ""): _invoked,
    ("states", "startExecution", ""): _started,
    ("states", "startExecution", ".sync"): _ended(TEXT),
    ("states", "startExecution", ".sync:2"): _ended(UNKNOWN),
    ("http", "invoke", ""): _answered,
    ("approval", "request", ""): _decided,
}
