"""The parameters of `arn:aws:states:::lambda:invoke`."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any, Final

from designer.asl.jsontext import loads
from executions.integrations.functions.catalog import FunctionName, parse_name
from executions.integrations.parameters import Parameters

FIELDS: Final = ("FunctionName", "Payload", "InvocationType", "Qualifier", "ClientContext", "LogType")
SYNCHRONOUS: Final = "RequestResponse"
EVENT: Final = "Event"
DRY_RUN: Final = "DryRun"


@dataclass(frozen=True, slots=True)
class Invoke:
    function: FunctionName
    payload: Any
    invocation_type: str
    client_context: Any


def read(parameters: Any) -> Invoke:
    """TaskError("States.Runtime") names the field that is wrong."""
    given = Parameters(parameters, FIELDS)
    name = given.text("FunctionName", required=True) or ""
    function = parse_name(name)
    qualifier = given.text("Qualifier")
    if qualifier:
        function = FunctionName(function.name, qualifier, function.region, function.account)
    given.one_of("LogType", ("None", "Tail"))
    return Invoke(function, _payload(given.values.get("Payload")),
                  given.one_of("InvocationType", (SYNCHRONOUS, EVENT, DRY_RUN)), _client_context(given))


def _payload(value: Any) -> Any:
    """A missing or null payload is {}; a string that holds JSON is sent as the JSON it holds (both recorded)."""
    if value is None:
        return {}
    if isinstance(value, str):
        try:
            return loads(value)
        except ValueError:
            return value
    return value


def _client_context(given: Parameters) -> Any:
    """ClientContext is base64 of a JSON object, as in Lambda's API."""
    text = given.text("ClientContext")
    if text is None:
        return None
    try:
        context = loads(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        context = None
    if not isinstance(context, dict):
        raise given.refusal(f"{given.name('ClientContext')} must be a JSON object in base64")
    return context
