"""Errors of AWS services in the words of Step Functions (integrations.md §3)."""

from __future__ import annotations

import uuid
from typing import Any, Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConfigNotFound,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
)

from executions.integrations.aws.services import Called
from executions.integrations.kinds import TaskError

SET_UP: Final = (
    "This server has no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE or a role, and "
    "AWS_ENDPOINT_URL for an endpoint other than AWS. The built-in emulator answers in development mode only.")
_NOT_SET_UP: Final = (NoCredentialsError, PartialCredentialsError, ProfileNotFound, ConfigNotFound)


def failure(called: Called, error: ClientError | BotoCoreError, model: Any) -> TaskError:
    """What a call that failed is told as.  `model` is the client's service model."""
    if isinstance(error, ClientError):
        return _refused(called, error, model)
    if isinstance(error, _NOT_SET_UP):
        return TaskError(f"{called.prefix}.SdkClientException", f"{error}. {SET_UP}")
    return TaskError(f"{called.prefix}.SdkClientException", f"Unable to execute HTTP request: {error}"
                     + (" (SDK Attempt Count: 1)" if called.sdk else ""))


def error_code(error: ClientError) -> str:
    code: str = error.response.get("Error", {}).get("Code") or "Unknown"
    return code


def _refused(called: Called, error: ClientError, model: Any) -> TaskError:
    response: Any = error.response
    metadata = response.get("ResponseMetadata", {})
    code, status = error_code(error), metadata.get("HTTPStatusCode", 400)
    shape = model.shape_for_error_code(code)
    message = response.get("Error", {}).get("Message") or "null"
    request_id = metadata.get("RequestId") or str(uuid.uuid4())
    name = called.generic if shape is None else _exception(shape.name)
    if called.sdk:
        cause = (f"{message} (Service: {called.cause_name}, Status Code: {status}, Request ID: {request_id}) "
                 "(SDK Attempt Count: 1)")
    else:
        cause = (f"{message} (Service: {called.cause_name}; Status Code: {status}; Error Code: {code}; "
                 f"Request ID: {request_id}; Proxy: null)")
    return TaskError(f"{called.prefix}.{name}", cause)


def _exception(name: str) -> str:
    """`NoSuchKey` is NoSuchKeyException; SNS's models write `…Fault` and `…Error` into some names as they are."""
    return name if name.endswith("Exception") else f"{name}Exception"
