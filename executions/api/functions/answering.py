"""Answers of the Lambda API: JSON with plain names, errors by the header x-amzn-ErrorType."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from designer.asl.jsontext import dump_bytes
from designer.errors import ActionError
from executions.api.answers import Answer, failure
from executions.api.functions.routes import MODEL, SHAPES

JSON: Final = b"application/json"


@dataclass(frozen=True, slots=True)
class Reply:
    """What an operation gives: members, or bytes that are the body; `status` 0: what the model says."""

    body: dict[str, Any] | bytes = field(default_factory=dict)
    status: int = 0
    headers: tuple[tuple[bytes, bytes], ...] = ()
    content_type: bytes = JSON


def success(operation: str, reply: Reply) -> Answer:
    status = reply.status or MODEL["operations"][operation]["http"].get("responseCode", 200)
    body = reply.body if isinstance(reply.body, bytes) else dump_bytes(reply.body)
    return Answer(status, b"" if status == 204 else body, reply.content_type, headers=reply.headers)


def error(refusal: ActionError) -> Answer:
    """In the form of the error's shape in the model; what the model does not know, as the rest of the door does it."""
    shape = SHAPES.get(refusal.code, {})
    members = shape.get("members", {})
    status = shape.get("error", {}).get("httpStatusCode") or failure(refusal).status
    name = "Message" if "Message" in members else "message"
    body = {name: refusal.message} | ({"Type": "Server" if status >= 500 else "User"} if "Type" in members else {})
    return Answer(status, dump_bytes(body), JSON, refusal.code)
