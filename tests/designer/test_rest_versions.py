"""Versions, aliases and presence over REST."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.cache import cache

from tests.designer.people import person, signed_in

pytestmark = pytest.mark.django_db


def call(client: Any, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    given = [] if method == "get" else [json.dumps(body)]
    answer = getattr(client, method)(f"/api/v1/machines/{path}", *given, content_type="application/json")
    return answer.status_code, answer.json() if answer.content else None


def definition(comment: str) -> str:
    return json.dumps({"Comment": comment, "StartAt": "A", "States": {"A": {"Type": "Succeed"}}})


@pytest.fixture
def designer() -> Any:
    client = signed_in(person("dora", "designer", first_name="Dora"))
    call(client, "post", "", {"name": "m", "definition": definition("1")})
    return client


def test_publish_with_a_note_and_route_an_alias(designer: Any) -> None:
    status, first = call(designer, "post", "m/versions/", {"description": "the first"})
    assert (status, first["number"], first["revision"], first["description"]) == (201, 1, 1, "the first")
    call(designer, "put", "m/", {"definition": definition("2")})
    assert call(designer, "post", "m/versions/", {"revision": "INITIAL"})[0] == 409
    assert call(designer, "post", "m/versions/", {})[1]["number"] == 2
    assert [row["number"] for row in call(designer, "get", "m/versions/")[1]] == [2, 1]
    routes = [{"version": 2, "weight": 10}, {"version": 1, "weight": 90}]
    assert call(designer, "put", "m/aliases/live/", {"routes": routes})[1]["routes"] == routes
    status, moved = call(designer, "put", "m/aliases/live/", {"routes": [{"version": 2, "weight": 100},
                                                                         {"version": 1, "weight": 0}]})
    assert (status, moved["routes"]) == (200, [{"version": 2, "weight": 100}])
    assert call(designer, "delete", "m/versions/2/")[0] == 409
    assert call(designer, "delete", "m/aliases/live/")[0] == 204
    assert call(designer, "delete", "m/versions/2/")[0] == 204
    assert call(designer, "get", "m/aliases/")[1] == []


@pytest.mark.parametrize("routes", [
    [], [{"version": 1, "weight": 50}], [{"version": 9, "weight": 100}],
    [{"version": 1, "weight": 50}, {"version": 1, "weight": 50}]])
def test_routes_that_lead_nowhere_are_refused(designer: Any, routes: Any) -> None:
    call(designer, "post", "m/versions/", {})
    assert call(designer, "put", "m/aliases/live/", {"routes": routes})[0] in (400, 404)
    assert call(designer, "get", "m/aliases/")[1] == []


def test_who_else_has_it_open(designer: Any) -> None:
    cache.clear()
    assert call(designer, "post", "m/presence/")[1] == {"others": [], "revision": 1}
    other = signed_in(person("vera", "viewer", first_name="Vera", last_name="V"))
    assert len(call(other, "post", "m/presence/")[1]["others"]) == 1
    assert call(designer, "post", "m/presence/")[1]["others"] == ["Vera V"]
