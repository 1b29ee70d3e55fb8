"""sts:GetCallerIdentity, with which tools see whether their keys work (query protocol, XML answers)."""

from __future__ import annotations

import uuid
from typing import Final
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from designer.errors import ActionError
from designer.permissions import Actor
from designer.settings import CONFIG
from designer.signing import SignedRequest
from executions.api.answers import XML, Answer, failure
from executions.api.caller import caller_of

_NAMESPACE: Final = "https://sts.amazonaws.com/doc/2011-06-15/"


async def answer(request: SignedRequest) -> Answer:
    """Answer a request without X-Amz-Target: GetCallerIdentity, or an error in the same protocol."""
    try:
        return _identity(await _caller(request))
    except ActionError as error:
        return _error(error)


async def _caller(request: SignedRequest) -> Actor:
    form = parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    action = (form or parse_qs(request.query)).get("Action", [""])[0]  # presigned, it stands in the address
    if action == "GetCallerIdentity":
        return await caller_of(request, "sts")
    what = f"There is no action '{action}' here." if action else "The header X-Amz-Target is missing."
    raise ActionError("UnknownOperationException", f"{what} Step Functions requests name their operation in it.")


def _identity(actor: Actor) -> Answer:
    arn = f"arn:aws:iam::{CONFIG.account}:user/{actor.name}"
    body = (
        f'<GetCallerIdentityResponse xmlns="{_NAMESPACE}"><GetCallerIdentityResult>'
        f"<Arn>{escape(arn)}</Arn><UserId>{actor.user_id}</UserId><Account>{CONFIG.account}</Account>"
        f"</GetCallerIdentityResult>{_metadata()}</GetCallerIdentityResponse>")
    return Answer(200, body.encode(), XML)


def _error(error: ActionError) -> Answer:
    body = (
        f'<ErrorResponse xmlns="{_NAMESPACE}"><Error><Type>Sender</Type><Code>{escape(error.code)}</Code>'
        f"<Message>{escape(error.message)}</Message></Error>{_metadata()}</ErrorResponse>")
    return Answer(failure(error).status, body.encode(), XML, error.code)


def _metadata() -> str:
    return f"<ResponseMetadata><RequestId>{uuid.uuid4()}</RequestId></ResponseMetadata>"
