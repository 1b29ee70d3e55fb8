"""Does a mocked result look like what the called service would answer?  Read from botocore's service models.

STRICT: what the model requires must be there; STRICT and PRESENT: what is there must be of the model's type.  Members
are named as in the results of service integrations: with a capital letter.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from botocore.exceptions import DataNotFoundError, UnknownServiceError
from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, OperationNotFoundError, ServiceModel, Shape, StringShape, StructureShape

from designer.asl.model import Resource
from designer.errors import ActionError

STRICT: Final = "STRICT"
NONE: Final = "NONE"

# Names of integrations that are not those of botocore; others differ by hyphens only.
_SERVICES: Final = {
    "states": "stepfunctions", "sfn": "stepfunctions", "eventbridge": "events", "cloudwatchlogs": "logs",
    "elasticmapreduce": "emr", "elasticloadbalancingv2": "elbv2", "elasticloadbalancing": "elb",
    "cognitoidentityprovider": "cognito-idp", "costexplorer": "ce", "sagemakerruntime": "sagemaker-runtime",
    "databasemigration": "dms", "elasticsearch": "es", "transcribe": "transcribe",
}
# What is asked, over and over, whether the job has ended (integrations.md).
_POLLED: Final = {
    ("stepfunctions", "StartExecution"): "DescribeExecution",
    ("glue", "StartJobRun"): "GetJobRun",
    ("athena", "StartQueryExecution"): "GetQueryExecution",
    ("databrew", "StartJobRun"): "DescribeJobRun",
    ("sagemaker", "CreateTrainingJob"): "DescribeTrainingJob",
    ("sagemaker", "CreateTransformJob"): "DescribeTransformJob",
    ("sagemaker", "CreateProcessingJob"): "DescribeProcessingJob",
    ("sagemaker", "CreateHyperParameterTuningJob"): "DescribeHyperParameterTuningJob",
}
_UNCHECKED: Final = frozenset({"http", "apigateway", "approval"})
# Results that the integration hands on as JSON, although the service answers text or bytes.
_DOCUMENTS: Final = {"lambda": frozenset({"Payload"}), "stepfunctions": frozenset({"Input", "Output"})}


def check_result(resource: Resource, value: Any, mode: str) -> None:
    """ValidationException when a mocked result is none that the task's service could give."""
    if mode == NONE or resource.kind != "service" or resource.service in _UNCHECKED or resource.waits_for_token:
        return
    service = _service(resource.service.removeprefix("aws-sdk:"))
    shape = None if service is None else _output(service, resource)
    if service is None or shape is None:
        return
    if not isinstance(value, dict):
        raise ActionError("ValidationException", "Mocked result must be a JSON object.")
    documents = _DOCUMENTS.get(service, frozenset())
    if not resource.service.startswith("aws-sdk:") and (service == "lambda" or resource.suffix == ".sync:2"):
        value = {name: part for name, part in value.items() if name not in documents}
    _check_structure(shape, value, mode)


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """botocore's names by themselves without hyphens."""
    return {name.replace("-", ""): name for name in Loader().list_available_services("service-2")}


def _service(name: str) -> str | None:
    return _SERVICES.get(name.lower()) or _names().get(name.lower().replace("-", ""))


@lru_cache(maxsize=16)
def _model(service: str) -> ServiceModel:
    return ServiceModel(Loader().load_service_model(service, "service-2"))


def _output(service: str, resource: Resource) -> StructureShape | None:
    action = resource.action[0].upper() + resource.action[1:]
    if resource.is_job:
        polled = _POLLED.get((service, action))
        if polled is None:
            return None
        action = polled
    try:
        shape = _model(service).operation_model(action).output_shape
    except (OperationNotFoundError, UnknownServiceError, DataNotFoundError):
        return None
    return shape if isinstance(shape, StructureShape) else None


def _check_structure(shape: StructureShape, value: dict[str, Any], mode: str) -> None:
    members = {name[0].upper() + name[1:]: member for name, member in shape.members.items()}
    if mode == STRICT:
        for name in shape.required_members:
            shown = name[0].upper() + name[1:]
            if shown not in value:
                raise _refused(f"Required field '{shown}' is missing")
    for name, part in value.items():
        if name in members and part is not None:
            _check(members[name], name, part, mode)


def _check(shape: Shape, name: str, value: Any, mode: str) -> None:
    wanted, fits = _TYPES.get(shape.type_name, ("a string", lambda given: isinstance(given, str)))
    if not fits(value):
        raise _refused(f"Field '{name}' must be {wanted}")
    if isinstance(shape, StructureShape):
        _check_structure(shape, value, mode)
    elif isinstance(shape, ListShape):
        for item in value:
            _check(shape.member, name, item, mode)
    elif isinstance(shape, MapShape):
        for key, item in value.items():
            _check(shape.value, key, item, mode)
    elif isinstance(shape, StringShape) and shape.enum and value not in shape.enum:
        raise _refused(f"Field '{name}' is not an expected value")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_NUMBER: Final = ("a number", _is_number)
_TYPES: Final[dict[str, tuple[str, Callable[[Any], bool]]]] = {
    "structure": ("an object", lambda value: isinstance(value, dict)),
    "map": ("an object", lambda value: isinstance(value, dict)),
    "list": ("an array", lambda value: isinstance(value, list)),
    "boolean": ("a boolean", lambda value: isinstance(value, bool)),
    "integer": _NUMBER, "long": _NUMBER, "float": _NUMBER, "double": _NUMBER,
    "timestamp": ("a string", lambda value: isinstance(value, str) or _is_number(value)),
}


def _refused(what: str) -> ActionError:
    return ActionError("ValidationException", f"Mock result schema validation error: {what}")
