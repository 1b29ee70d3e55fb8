"""The parameters of `arn:aws:states:::apigateway:invoke` (integrations.md §4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from executions.integrations.http.schema import FORBIDDEN, FORBIDDEN_BEGINNINGS, METHODS, url_of
from executions.integrations.parameters import Parameters

FIELDS: Final = ("ApiEndpoint", "Method", "Headers", "Stage", "Path", "QueryParameters", "RequestBody",
                 "AllowNullValues", "AuthType")
AUTH_TYPES: Final = ("NO_AUTH", "IAM_ROLE", "RESOURCE_POLICY")
_HOST: Final = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Call:
    """`url` with its query; `signed`: with the server's AWS credentials."""

    url: str
    method: str
    headers: tuple[tuple[str, str], ...]
    body: Any
    signed: bool


def read(parameters: Any) -> Call:
    """TaskError("States.Runtime") names the field that is wrong."""
    given = Parameters(parameters, FIELDS)
    host = given.text("ApiEndpoint", required=True) or ""
    if not _HOST.fullmatch(host):
        raise given.refusal(f"{given.name('ApiEndpoint')} must be a host without https://")
    method = given.text("Method", required=True) or ""
    if method not in METHODS:
        raise given.refusal(f"{given.name('Method')} must be one of {', '.join(METHODS)}")
    parts = [(given.text("Stage") or "").strip("/"), (given.text("Path") or "").lstrip("/")]
    path = "/".join(part for part in parts if part)
    headers = tuple((name, value) for name, values in _several(given, "Headers").items() for value in values)
    for name, _ in headers:
        if name.lower() in FORBIDDEN or name.lower().startswith(FORBIDDEN_BEGINNINGS):
            raise given.refusal(f"The header '{name}' is not allowed")
    signed = given.one_of("AuthType", AUTH_TYPES) != "NO_AUTH"
    url = url_of(f"https://{host}/{quote(path, safe='/%')}", dict(_several(given, "QueryParameters")))
    return Call(url, method, headers, given.values.get("RequestBody"), signed)


def _several(given: Parameters, field: str) -> dict[str, list[str]]:
    """{name: values}."""
    value = given.values.get(field)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise given.refusal(f"{given.name(field)} must be an object")
    nulls = given.values.get("AllowNullValues") is True
    found = {}
    for name, each in value.items():
        parts = each if isinstance(each, list) else [each]
        if not all(isinstance(part, str | int | float) or (part is None and nulls) for part in parts):
            raise given.refusal(f"{given.name(f'{field}.{name}')} must be a string or an array of strings")
        found[name] = ["" if part is None else _text(part) for part in parts]
    return found


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
