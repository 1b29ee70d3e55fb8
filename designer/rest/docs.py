"""The REST API on one page, written from its OpenAPI schema."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator

METHODS: Final = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter or a member of a body."""

    name: str
    kind: str
    required: bool
    text: str


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    path: str
    summary: str
    parameters: list[Field] = field(default_factory=list)
    body: list[Field] = field(default_factory=list)
    answers: list[tuple[str, list[Field]]] = field(default_factory=list)


@login_required
def docs(request: HttpRequest) -> HttpResponse:
    """All operations by room."""
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return render(request, "api_docs.html", {"rooms": rooms(schema)})


def rooms(schema: dict[str, Any]) -> dict[str, list[Operation]]:
    """The operations of an OpenAPI schema by their first tag, in the order of their paths."""
    found: dict[str, list[Operation]] = {}
    for path, methods in schema["paths"].items():
        for method in METHODS:
            if method in methods:
                operation = methods[method]
                tag = (operation.get("tags") or ["other"])[0]
                found.setdefault(tag, []).append(_operation(schema, path, method, operation))
    return dict(sorted(found.items()))


def _operation(schema: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> Operation:
    return Operation(
        method=method.upper(),
        path=path,
        summary=operation.get("summary") or operation.get("description", ""),
        parameters=[_parameter(schema, item) for item in operation.get("parameters", ())],
        body=_members(schema, _json(operation.get("requestBody", {}))),
        answers=[
            (status, _members(schema, _json(answer)))
            for status, answer in operation.get("responses", {}).items()
        ],
    )


def _parameter(schema: dict[str, Any], item: dict[str, Any]) -> Field:
    kind = _kind(schema, item.get("schema", {}))
    return Field(item["name"], kind, item.get("required", False), item.get("description", ""))


def _json(body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = body.get("content", {}).get("application/json", {}).get("schema", {})
    return found


def _resolve(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    name = part.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = schema["components"]["schemas"][name] if name else part
    return found


def _members(schema: dict[str, Any], part: dict[str, Any]) -> list[Field]:
    part = _resolve(schema, part)
    if part.get("type") == "array":
        part = _resolve(schema, part["items"])
    required = part.get("required", ())
    return [
        Field(name, _kind(schema, member), name in required, _resolve(schema, member).get("description", ""))
        for name, member in part.get("properties", {}).items()
    ]


def _kind(schema: dict[str, Any], part: dict[str, Any]) -> str:
    part = _resolve(schema, part)
    if part.get("type") == "array":
        return f"[{_kind(schema, part['items'])}]"
    return str(part.get("format") or part.get("type") or "any")
