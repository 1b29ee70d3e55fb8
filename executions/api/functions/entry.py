"""From a signed request of the Lambda API to its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from designer.errors import ActionError
from designer.signing import SignedRequest
from executions.api.answers import Answer
from executions.api.caller import LARGE, caller_of, is_known
from executions.api.functions import answering, download, routes
from executions.api.functions.operations import OPERATIONS
from executions.api.functions.reading import members, model_of, refuse_nul

# Lambda's own limits: a request with code (base64 of 50 MB), and the payload of a call.
MAX_CODE_REQUEST: Final = 70_167_211
MAX_REQUEST: Final = 6_291_556
_CODE: Final = frozenset({"CreateFunction", "UpdateFunctionCode"})
MODEL: Final = model_of(frozenset(OPERATIONS))


def wants(path: str) -> bool:
    return routes.PATHS.match(path) is not None


async def most_bytes(request: SignedRequest) -> int:
    """How long the body of a request may be, whose body is not read yet; much only for who has a key."""
    found = routes.find(request.method, request.path, request.query)
    takes_code = found is not None and found[0] in _CODE
    return MAX_CODE_REQUEST if takes_code and await is_known(request) else MAX_REQUEST


async def answer(request: SignedRequest) -> Answer:
    """Refusals, too, in the form of the Lambda API; what is no refusal is for the caller to write into the log."""
    try:
        if download.wants(request):
            return await download.answer(request)
        return await _operate(request)
    except ActionError as refusal:
        return answering.error(refusal)


async def _operate(request: SignedRequest) -> Answer:
    actor = await caller_of(request, "lambda")
    found = routes.find(request.method, request.path, request.query)
    if found is None:
        raise ActionError("UnknownOperationException", f"There is no operation {request.method} {request.path}.")
    name, labels = found
    operation = OPERATIONS.get(name)
    if operation is None:
        raise ActionError("UnsupportedOperation", f"AWS Lambda has the operation {name}, but this version of "
                                                  f"Statewright does not offer it.{_instead(name)}")
    given = await asyncio.to_thread(_checked, name, request, labels) if len(request.body) > LARGE else _checked(
        name, request, labels)
    return answering.success(name, await operation(actor, given))


def _checked(operation: str, request: SignedRequest, labels: Mapping[str, str]) -> dict[str, Any]:
    checked = MODEL.validate(operation, members(operation, request, labels))
    refuse_nul(checked)
    return checked


def _instead(operation: str) -> str:
    return " Put the packages into the function's own zip instead of a layer." if "Layer" in operation else ""
