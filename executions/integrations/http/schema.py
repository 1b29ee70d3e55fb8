"""The parameters of `arn:aws:states:::http:invoke` (integrations.md §5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

from designer.asl.jsontext import dumps
from executions.integrations.parameters import Parameters

FIELDS: Final = ("ApiEndpoint", "Method", "Authentication", "InvocationConfig", "Headers", "QueryParameters",
                 "RequestBody", "Transform")
METHODS: Final = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD")
FORMATS: Final = ("INDICES", "REPEAT", "COMMAS", "BRACKETS")
FORM: Final = "application/x-www-form-urlencoded"
_FORBIDDEN = (
    "a-im accept-charset accept-datetime accept-encoding authorization cache-control connection content-encoding "
    "content-length content-md5 date expect forwarded from host http2-settings if-match if-modified-since "
    "if-none-match if-range if-unmodified-since max-forwards origin pragma proxy-authorization referer server te "
    "trailer transfer-encoding upgrade via warning")
FORBIDDEN: Final = frozenset(_FORBIDDEN.split())
FORBIDDEN_BEGINNINGS: Final = ("x-forwarded-", "x-amz-", "x-amzn-")


@dataclass(frozen=True, slots=True)
class Call:
    """`body` is None, a JSON object or a string; `form` says how arrays are written in a form, None for no form."""

    endpoint: str
    method: str
    headers: dict[str, str]
    query: dict[str, Any]
    body: Any
    form: str | None
    connection: str | None


def read(parameters: Any) -> Call:
    """TaskError("States.Runtime") names the field that is wrong."""
    given = Parameters(parameters, FIELDS)
    endpoint = given.text("ApiEndpoint", required=True) or ""
    method = given.text("Method", required=True)
    if method not in METHODS:
        raise given.refusal(f"{given.name('Method')} must be one of {', '.join(METHODS)}")
    headers = _headers(given)
    form = _form(given, headers)
    body = given.values.get("RequestBody")
    if form is not None and body is not None and not isinstance(body, dict):
        raise given.refusal(f"{given.name('RequestBody')} must be an object to be URL encoded")
    return Call(endpoint, method, headers, _query(given), body, form, _connection(given))


def _headers(given: Parameters) -> dict[str, str]:
    headers = given.values.get("Headers")
    if headers is None:
        return {}
    if not isinstance(headers, dict) or not all(isinstance(value, str) for value in headers.values()):
        raise given.refusal("The value of the field 'Headers' has an invalid format")
    for name in headers:
        if name.lower() in FORBIDDEN or name.lower().startswith(FORBIDDEN_BEGINNINGS):
            raise given.refusal(f"The header '{name}' is not allowed")
    return headers


def _query(given: Parameters) -> dict[str, Any]:
    query = given.values.get("QueryParameters")
    if query is None:
        return {}
    if not isinstance(query, dict) or not all(_is_query_value(value) for value in query.values()):
        raise given.refusal("The value of the field 'QueryParameters' has an invalid format")
    return query


def _is_query_value(value: Any) -> bool:
    if isinstance(value, list):
        return all(isinstance(each, str | int | float | bool) for each in value)
    return isinstance(value, str | int | float | bool)


def _connection(given: Parameters) -> str | None:
    found = None
    for field in ("Authentication", "InvocationConfig"):
        value = given.values.get(field)
        if value is not None:
            found = Parameters(value, ("ConnectionArn",), whole=given.values, path=f"{field}.").text(
                "ConnectionArn", required=True)
    return found


def _form(given: Parameters, headers: dict[str, str]) -> str | None:
    """How arrays are written in the form that the body becomes; None when it stays JSON."""
    value = given.values.get("Transform")
    if value is None:
        return None
    transform = Parameters(value, ("RequestBodyEncoding", "RequestEncodingOptions"), whole=given.values,
                           path="Transform.")
    if transform.one_of("RequestBodyEncoding", ("NONE", "URL_ENCODED")) == "NONE":
        return None
    if not any(name.lower() == "content-type" and text.partition(";")[0].strip() == FORM
               for name, text in headers.items()):
        raise given.refusal(f"With URL_ENCODED, the header 'Content-Type' must be {FORM}")
    options = transform.values.get("RequestEncodingOptions") or {}
    return Parameters(options, ("ArrayFormat",), whole=given.values, path="Transform.RequestEncodingOptions.").one_of(
        "ArrayFormat", FORMATS)


def url_of(endpoint: str, query: dict[str, Any]) -> str:
    """The endpoint with the query parameters; arrays are repeated."""
    if not query:
        return endpoint.partition("#")[0]
    text = urlencode([(name, _scalar(each)) for name, value in query.items()
                      for each in (value if isinstance(value, list) else [value])], quote_via=quote)
    base = endpoint.partition("#")[0]
    return f"{base}{'&' if '?' in base else '?'}{text}"


def encoded(body: Any, form: str | None) -> bytes:
    """The bytes of a body."""
    if body is None:
        return b""
    if form is not None:
        return urlencode(_pairs(body, form), quote_via=quote).encode()
    return (body if isinstance(body, str) else dumps(body)).encode()


def _pairs(body: dict[str, Any], form: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in body.items():
        if not isinstance(value, list):
            pairs.append((name, _scalar(value)))
        elif form == "COMMAS":
            pairs.append((name, ",".join(map(_scalar, value))))
        else:
            ends = {"INDICES": [f"[{n}]" for n in range(len(value))], "REPEAT": [""] * len(value),
                    "BRACKETS": ["[]"] * len(value)}[form]
            pairs += [(name + end, _scalar(each)) for end, each in zip(ends, value, strict=True)]
    return pairs


def _scalar(value: Any) -> str:
    return value if isinstance(value, str) else dumps(value)
