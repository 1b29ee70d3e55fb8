"""One call of an AWS service, from a task's parameters to its result.

All of it blocks, and runs in the threads of clients.py.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from botocore.model import OperationModel

from designer.asl.errors import RUNTIME, TASK_FAILED
from designer.asl.jsontext import loads
from executions.integrations.aws.clients import CLIENTS, Role
from executions.integrations.aws.failures import failure
from executions.integrations.aws.services import Called
from executions.integrations.aws.shapes import ProblemsError, to_request, to_result
from executions.integrations.aws.special import PLAIN, SPECIAL
from executions.integrations.kinds import TaskError, TaskRequest
from executions.integrations.metadata import with_metadata
from executions.integrations.parameters import Parameters
from executions.models import Execution, Frame
from executions.store import events

NAMES: Final = uuid.UUID("0d3c2a0e-3f43-4c0b-8f0e-5a1f6f2f9b7e")  # of idempotency tokens


def call(called: Called, request: TaskRequest, began: Callable[[], None]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Make the call: (result, result with the SDK's metadata).  `began` is told when the parameters are good.

    TaskError: States.Runtime names what is wrong with the parameters; others are the service's.
    """
    task = request.task
    special = PLAIN if called.sdk else SPECIAL.get((task.resource.service, task.resource.action), PLAIN)
    client = client_of(called, request)
    model: OperationModel = client.meta.service_model.operation_model(called.operation)
    try:
        payload = task.payload
        if special.before is not None and isinstance(payload, dict):
            payload = special.before(payload, request, client)
        arguments = to_request(model.input_shape, payload, strict=called.sdk)
    except ProblemsError as error:
        raise refusal(task.payload, error.problems) from None
    except (ClientError, BotoCoreError) as error:
        began()
        raise failure(called, error, client.meta.service_model) from None
    for name in getattr(model, "idempotent_members", []):
        arguments.setdefault(name, str(uuid.uuid5(NAMES, f"{request.execution_arn}:{task.ask}:{name}")))
    began()
    try:
        answer = client._make_api_call(called.operation, arguments)
    except (ClientError, BotoCoreError) as error:
        raise failure(called, error, client.meta.service_model) from None
    result = special.after(to_result(model.output_shape, answer, millis=not called.sdk))
    return result, _described(result, answer) if called.metadata else result


def look(called: Called, operation: str, arguments: dict[str, Any], request: TaskRequest) -> Any:
    """Call another operation of the same service (a job's state, its end); botocore's errors come through."""
    client = client_of(called, request)
    model: OperationModel = client.meta.service_model.operation_model(operation)
    answer = client._make_api_call(operation, to_request(model.input_shape, arguments, strict=True))
    return to_result(model.output_shape, answer, millis=not called.sdk)


def client_of(called: Called, request: TaskRequest) -> Any:
    """The client for the task's region and role.  TaskError when the role cannot be assumed."""
    region = request.task.resource.arn.split(":")[3] or request.machine_arn.split(":")[3]
    role = _role(request)
    try:
        return CLIENTS.client(called.service, region, role)
    except ClientError:
        if role is None:
            raise
        own = Execution.objects.filter(pk=request.execution).values_list("role_arn", flat=True).first()
        raise TaskError(TASK_FAILED, f"The role {own or 'of the state machine'} is not authorized to assume the task "
                                     f"state's role, {role.arn}.") from None
    except BotoCoreError as error:
        raise TaskError(f"{called.prefix}.SdkClientException", f"Unable to execute HTTP request: {error}") from None


def _role(request: TaskRequest) -> Role | None:
    credentials = request.task.credentials
    arn = credentials.get("RoleArn") if isinstance(credentials, dict) else credentials
    return Role.of(arn, request.execution_arn) if isinstance(arn, str) and arn else None


def refusal(payload: Any, problems: list[str]) -> TaskError:
    given = Parameters(payload, tuple(payload)) if isinstance(payload, dict) else None
    if given is None:
        return TaskError(RUNTIME, f"The Parameters could not be used to start the Task: [{', '.join(problems)}]")
    return given.refusal(", ".join(problems))


def submitted_output(request: TaskRequest) -> dict[str, Any] | None:
    """What the submitting call answered before a restart: the output of the task's TaskSubmitted event."""
    frame = Frame.objects.filter(
        execution_id=request.execution, data__contains=f'"{request.task.token}"').values_list("data", flat=True).first()
    if frame is None:
        return None
    last = loads(frame).get("last", 0)
    for event in events(request.execution, after=last - 1, limit=1):
        text = event.get("taskSubmittedEventDetails", {}).get("output")
        return loads(text) if text else None
    return None


def _described(result: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """The result with SdkHttpMetadata and SdkResponseMetadata."""
    metadata = answer.get("ResponseMetadata", {})
    given = metadata.get("HTTPHeaders", {})
    headers = {_HEADERS.get(name, name): value for name, value in given.items()
               if name not in ("date", "x-amzn-requestid")}
    return with_metadata(result, headers, metadata.get("RequestId") or str(uuid.uuid4()),
                         metadata.get("HTTPStatusCode", 200))


_HEADERS: Final = {"content-length": "Content-Length", "content-type": "Content-Type", "server": "Server"}
