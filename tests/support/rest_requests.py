"""Requests to the REST API from its own OpenAPI description: right ones, and each part of them spoiled."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from tests.support.hostile import spoiled

Call = Callable[[str, str, bytes | None], tuple[int, bytes]]  # method, path, body -> status, answer

ASK = json.dumps({"StartAt": "A", "States": {"A": {
    "Type": "Task", "Resource": "arn:aws:states:::approval:request",
    "Parameters": {"title": "T", "allowRequester": True}, "End": True}}})
IN_PATHS = ("99999999999999999999", "9223372036854775808", "%00", "%FF", "%ED%A0%80", "..%2F", "x" * 3_000, "1" * 5_000)
IN_QUERIES = (*IN_PATHS, "", "-1", "+".join(["w"] * 3_000), "0001-01-01T00:00:00Z", "1" * 30 + "-" + "1" * 30)
BODIES = ('"\\ud800"', "null", "[" * 5_000 + "]" * 5_000, "9223372036854775808", '"a\\u0000b"', '{"a":"\\ud800"}',
          "[9223372036854775808]", '["\\u0000"]', '"' + "x" * 300_000 + '"', '"日本"')


def rest_things(call: Call, name: str = "asks") -> dict[str, str]:
    """Make a machine, an execution, a function, a group, for the parameters of addresses."""
    def ask(method: str, path: str, **body: Any) -> Any:
        status, text = call(method, f"/api/v1/{path}", json.dumps(body).encode())
        assert status in (200, 201), text
        return json.loads(text)

    ask("POST", "machines/", name=name, definition=ASK)
    execution = ask("POST", f"machines/{name}/executions/", input={})["id"]
    ask("PUT", f"functions/{name}/", source="def handler(event, context):\n    return event\n")
    ask("POST", "groups/", name=name)
    return {"name": name, "execution": execution, "ask": "1", "event": "1", "number": "1", "slug": "order-processing",
            "user_id": "77", "key_id": "AKIANONE", "public_id": "none"}


def address(template: str, there: dict[str, str]) -> str:
    """An address with what is there; a parameter that nobody has given anything for is 1."""
    return template.format_map(defaultdict(lambda: "1", there))


def rest_requests(schema: Any, there: dict[str, str]) -> Iterator[tuple[str, str, str, bytes | None]]:
    """Every operation, each parameter and member of the body spoiled in turn: method, path, query, body."""
    for template, methods in schema["paths"].items():
        for method, operation in methods.items():
            body = rest_body(schema, operation)
            text = None if body is None else json.dumps(body).encode()
            parameters = operation.get("parameters", [])
            good = address(template, there)
            for name in [each["name"] for each in parameters if each["in"] == "path"]:
                for value in IN_PATHS:
                    yield method.upper(), address(template, there | {name: value}), "", text
            for name in [each["name"] for each in parameters if each["in"] == "query"]:
                for value in IN_QUERIES:
                    yield method.upper(), good, f"?{name}={value}", text
            if body is not None:
                for place in [(), *((name,) for name in body)]:
                    for value in BODIES:
                        yield method.upper(), good, "", spoiled(body, place, value)


def rest_body(schema: Any, operation: Any) -> Any:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return None if content is None else rest_example(schema, content["schema"])


def rest_example(schema: Any, spec: Any) -> Any:
    while "$ref" in spec:
        spec = schema["components"]["schemas"][spec["$ref"].rsplit("/", 1)[1]]
    spec = spec.get("allOf", spec.get("oneOf", [spec]))[0]
    if "$ref" in spec:
        return rest_example(schema, spec)
    if "properties" in spec:
        return {name: rest_example(schema, part) for name, part in spec["properties"].items()}
    return spec.get("enum", [{"object": {}, "array": [], "integer": 1, "boolean": True}.get(spec.get("type"), "x")])[0]
