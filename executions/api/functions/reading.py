"""The members of an operation's request, from where AWS's model puts them: path, query string, headers, body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs

from designer.asl.jsontext import loads
from designer.errors import ActionError
from designer.signing import SignedRequest
from executions.api.functions.routes import MODEL, SHAPES
from executions.api.model import ServiceModel

_NAMES_OF_FUNCTIONS: Final = frozenset({"FunctionName", "NamespacedFunctionName", "TaggableResource"})


def _pattern(shape: str, java: str) -> str:
    """Java's pattern as one of Python's; functions may have names in any script here."""
    pattern = java.replace(r"\p{L}", r"\w").replace(r"\p{Z}", r"\s").replace(r"\p{N}", r"\d")
    return pattern.replace("[a-zA-Z0-9-_", r"[\-\w") if shape in _NAMES_OF_FUNCTIONS else pattern


def _shown(member: str) -> str:
    """Lambda's messages write members with a small letter."""
    return member[:1].lower() + member[1:]


def model_of(operations: frozenset[str]) -> ServiceModel:
    return ServiceModel("lambda", operations, named=_shown, pattern=_pattern)


def members(operation: str, request: SignedRequest, labels: Mapping[str, str]) -> dict[str, Any]:
    """The members as given, unchecked; SerializationException when the body is no JSON object."""
    shape = SHAPES[MODEL["operations"][operation]["input"]["shape"]]
    query = parse_qs(request.query, keep_blank_values=True)
    payload = shape.get("payload")
    given: dict[str, Any] = {}
    for name, spec in shape["members"].items():
        place, key = spec.get("location"), spec.get("locationName", name)
        if place == "uri":
            given[name] = labels[key]
        elif place == "querystring" and key in query:
            given[name] = _from_text(spec["shape"], query[key])
        elif place == "header" and key.lower() in request.headers:
            given[name] = _from_text(spec["shape"], [request.headers[key.lower()]])
    if payload is not None:
        return given | {payload: request.body}
    body = _body(request)
    return {name: body[name] for name in shape["members"] if name in body} | given


def refuse_nul(value: Any, path: str = "") -> None:
    """InvalidParameterValueException for text with the character 0, which no database keeps."""
    if isinstance(value, str) and "\0" in value:
        raise ActionError("InvalidParameterValueException", f"'{path}' must not hold a character with the code 0.")
    if isinstance(value, dict):
        for name, inner in value.items():
            refuse_nul(name, path or name)
            refuse_nul(inner, f"{path}.{_shown(name)}" if path else _shown(name))
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            refuse_nul(inner, f"{path}.{number}.member")


def _from_text(shape: str, values: list[str]) -> Any:
    """A value of the query string or a header, as JSON would have it."""
    kind = SHAPES[shape]["type"]
    text = values[0]
    if kind == "list":
        return values
    if kind in ("integer", "long") and text.removeprefix("-").isdecimal() and len(text) < 20:
        return int(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    return text


def _body(request: SignedRequest) -> dict[str, Any]:
    if not request.body:
        return {}
    try:
        body = loads(request.body)
    except ValueError as error:
        raise ActionError("SerializationException", f"Could not parse request body into json: {error}") from None
    if not isinstance(body, dict):
        raise ActionError("SerializationException", "The request's body must be a JSON object.")
    return body
