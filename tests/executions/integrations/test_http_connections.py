"""Keeping connections: what is refused, what is kept, what is never shown."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from designer.errors import ActionError
from designer.models import User
from designer.permissions import Actor
from executions.integrations.http.connections import known, save_connection
from executions.integrations.http.models import Connection
from tests.executions.integrations.conftest import ANYBODY

pytestmark = pytest.mark.django_db
KEY = {"kind": "API_KEY", "settings": {"apiKeyName": "X-Key", "apiKeyValue": "s3cret-value"}}


@pytest.fixture
def api() -> APIClient:
    client = APIClient()
    client.force_authenticate(User.objects.create_superuser("root", password="x"))
    return client


def test_secrets_never_come_out(api: APIClient, caplog: pytest.LogCaptureFixture) -> None:
    answers = [api.put("/api/v1/connections/shop/", KEY, format="json"), api.get("/api/v1/connections/shop/"),
               api.get("/api/v1/connections/")]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    row = Connection.objects.get(name="shop")
    for text in (*(answer.content.decode() for answer in answers), row.secrets, str(row.settings), caplog.text,
                 repr(known(row.arn))):
        assert "s3cret-value" not in text
    assert answers[1].json()["settings"] == {"apiKeyName": "X-Key"}
    found = known(row.arn)
    assert found is not None
    assert found.values["apiKeyValue"] == "s3cret-value"


def test_a_secret_that_is_left_out_keeps_its_value(api: APIClient) -> None:
    api.put("/api/v1/connections/shop/", KEY, format="json")
    changed = {"kind": "API_KEY", "settings": {"apiKeyName": "X-Other"}}
    assert api.put("/api/v1/connections/shop/", changed, format="json").status_code == 200
    row = Connection.objects.get(name="shop")
    found = known(row.arn)
    assert found is not None
    assert found.values == {"apiKeyName": "X-Other", "apiKeyValue": "s3cret-value"}
    other = {"kind": "BASIC", "settings": {"username": "u"}}  # of another kind there is none to keep
    assert api.put("/api/v1/connections/shop/", other, format="json").status_code == 400


def test_deleting(api: APIClient) -> None:
    api.put("/api/v1/connections/shop/", KEY, format="json")
    assert api.delete("/api/v1/connections/shop/").status_code == 204
    assert api.delete("/api/v1/connections/shop/").status_code == 404
    assert api.get("/api/v1/connections/shop/").status_code == 404


@pytest.mark.parametrize(("kind", "settings"), [
    ("BASIC", {}), ("BASIC", {"username": "u"}), ("BASIC", {"username": "u", "password": "a\r\nb"}),
    ("BASIC", {"username": "u", "password": "p", "bogus": "x"}), ("OTHER", {}),
    ("API_KEY", {"apiKeyName": "X Y", "apiKeyValue": "v"}), ("API_KEY", {"apiKeyName": "X\r\n", "apiKeyValue": "v"}),
    ("API_KEY", {"apiKeyName": "X", "apiKeyValue": 1}), ("BASIC", {"username": "u", "password": "p", "headers": "x"}),
    ("BASIC", {"username": "u", "password": "p", "headers": {"A:": "x"}}),
    ("OAUTH_CLIENT_CREDENTIALS", {"authorizationEndpoint": "ftp://x", "clientId": "i", "clientSecret": "s"}),
    ("OAUTH_CLIENT_CREDENTIALS", {"authorizationEndpoint": "https://x", "clientId": "i", "clientSecret": "s",
                                  "httpMethod": "JUMP"}),
])
def test_wrong_settings(kind: str, settings: dict[str, Any]) -> None:
    with pytest.raises(ActionError) as caught:
        save_connection(ANYBODY, "shop", kind=kind, settings=settings)
    assert caught.value.code == "ValidationException"
    assert not Connection.objects.exists()


def test_only_who_may_design_keeps_them() -> None:
    with pytest.raises(ActionError):
        save_connection(Actor(0, "nobody", frozenset(), frozenset()), "shop", **KEY)  # type: ignore[arg-type]
