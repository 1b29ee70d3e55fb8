"""A definition that was written as YAML: the definition is JSON, the YAML is kept beside it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.designer.people import person, signed_in

pytestmark = pytest.mark.django_db
YAML = "StartAt: A # first\nStates:\n  A: {Type: Succeed}\n"
DEFINITION = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}})


def call(client: Any, method: str, path: str, **body: Any) -> Any:
    answer = getattr(client, method)(f"/api/v1/{path}", json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json()


def test_the_yaml_is_kept_with_the_revision() -> None:
    client: Any = signed_in(person("dora", "designer"))
    status, made = call(client, "post", "machines/", name="m", definition=DEFINITION, source=YAML)
    assert (status, made["source"], made["definition"]) == (201, YAML, DEFINITION)
    commented = YAML + "# more\n"
    _, changed = call(client, "put", "machines/m/", definition=DEFINITION, source=commented)
    assert (changed["revision"]["number"], changed["source"]) == (2, commented)
    assert client.get("/api/v1/machines/m/revisions/1/").json()["source"] == YAML
    _, plain = call(client, "put", "machines/m/", definition=DEFINITION)
    assert (plain["revision"]["number"], plain["source"]) == (3, "")


def test_a_source_that_says_something_else_is_refused() -> None:
    client: Any = signed_in(person("dora", "designer"))
    other = YAML.replace("Succeed", "Fail")
    status, refused = call(client, "post", "machines/", name="m", definition=DEFINITION, source=other)
    assert (status, refused["code"]) == (400, "InvalidDefinition")
    assert "not the YAML" in refused["message"]


def test_problems_and_drawing_of_yaml() -> None:
    client: Any = signed_in(person("dora", "designer"))
    _, answer = call(client, "post", "check/", definition=YAML.replace("StartAt: A", "StartAt: B"))
    assert [node["name"] for node in answer["drawing"]["nodes"]][1:2] == ["A"]
    assert answer["problems"][0]["line"] == 1
    _, broken = call(client, "post", "check/", definition="a: [")
    assert broken["drawing"] is None
    assert broken["problems"][0]["code"] == "INVALID_YAML_DESCRIPTION"
