"""Answers of the AWS JSON 1.0 protocol (api.md sections 1 and 4)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, Final

from designer.asl.jsontext import dump_bytes
from designer.errors import ActionError

JSON: Final = b"application/x-amz-json-1.0"
XML: Final = b"text/xml"

# Everything else, all modelled errors among them, is 400.
_STATUS: Final = {
    "AccessDeniedException": 403,
    "ExpiredTokenException": 403,
    "IncompleteSignature": 403,
    "InvalidSignatureException": 403,
    "MissingAuthenticationTokenException": 403,
    "UnrecognizedClientException": 403,
    "UnknownOperationException": 404,
    "RequestTimeoutException": 408,
    "RequestEntityTooLargeException": 413,
    "InternalFailure": 500,
    "ServiceUnavailable": 503,
}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    content_type: bytes = JSON
    error: str = ""  # the error's code, for the header
    headers: tuple[tuple[bytes, bytes], ...] = ()  # further ones


def new_request_id() -> str:
    return str(uuid.uuid4())


def success(result: dict[str, Any] | bytes) -> Answer:
    """The result of an operation: members, or JSON text that is ready to be sent."""
    return Answer(200, result if isinstance(result, bytes) else dump_bytes(result))


def failure(error: ActionError) -> Answer:
    body = {"__type": error.code, "message": error.message, **error.members}
    return Answer(_STATUS.get(error.code, 400), dump_bytes(body), error=error.code)


def seconds(milliseconds: int) -> float:
    """A time of the store (ms since the epoch) as AWS sends it."""
    return milliseconds / 1000
