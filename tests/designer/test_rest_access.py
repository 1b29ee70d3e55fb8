"""REST: who is asking, how a refusal looks, and the schema."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from rest_framework import exceptions, serializers

from designer.actions.change_access_key import set_access_key_active
from designer.actions.create_access_key import CreatedKey, create_access_key
from designer.errors import ActionError
from designer.keyring import ring
from designer.models import User
from designer.rest.docs import rooms
from designer.rest.errors import answer, status_of
from tests.designer.people import actor, person, signed_in


@pytest.fixture(autouse=True)
def _empty_ring():
    ring.forget_all()


@pytest.fixture
def me(db) -> User:
    return person("misaki", "viewer")


@pytest.fixture
def key(me) -> CreatedKey:
    return create_access_key(actor(me), me.pk)


def basic(pair: str) -> str:
    return "Basic " + base64.b64encode(pair.encode()).decode()


def ask(header: str | None) -> tuple[int, Any]:
    headers = {} if header is None else {"Authorization": header}
    response = Client(headers=headers).get("/api/v1/me/")
    return response.status_code, response.json()


def test_an_access_key_signs_in_as_basic_and_as_bearer(key):
    pair = f"{key.key.access_key_id}:{key.secret}"
    for header in (basic(pair), f"Bearer {pair}", f"bearer  {pair}"):
        status, body = ask(header)
        assert status == 200
        assert (body["username"], body["permissions"]) == ("misaki", ["view"])


@pytest.mark.parametrize("header", [
    "Basic !!!", "Basic " + base64.b64encode(b"\xff\xfe").decode(), basic("no-colon"), "Bearer no-colon", basic(":"),
    basic("AKIANOBODY:secret"),
])
@pytest.mark.django_db
def test_a_wrong_pair_is_refused(header):
    status, body = ask(header)
    assert (status, body["code"]) == (401, "AuthenticationFailed")


def test_a_wrong_secret_an_inactive_key_and_an_inactive_person_are_refused(
    key, me, django_capture_on_commit_callbacks,
):
    pair = f"{key.key.access_key_id}:{key.secret}"
    assert ask(basic(pair + "x"))[0] == 401
    assert ask(basic(pair))[0] == 200
    with django_capture_on_commit_callbacks(execute=True):
        set_access_key_active(actor(me), key.key.access_key_id, False)
    assert ask(basic(pair))[0] == 401
    with django_capture_on_commit_callbacks(execute=True):
        set_access_key_active(actor(me), key.key.access_key_id, True)
    assert ask(basic(pair))[0] == 200
    User.objects.update(is_active=False)
    ring.forget_all()
    assert ask(basic(pair))[0] == 401


@pytest.mark.django_db
def test_nobody_is_told_so_without_making_a_browser_ask_for_a_password():
    response = Client().get("/api/v1/me/")
    assert (response.status_code, response.json()["code"]) == (401, "NotAuthenticated")
    assert not response.headers["WWW-Authenticate"].startswith("Basic")


def test_a_key_needs_no_csrf_token_a_session_does(key, me):
    pair = f"{key.key.access_key_id}:{key.secret}"
    body = {"data": "{}", "content_type": "application/json"}
    by_key = Client(enforce_csrf_checks=True, headers={"Authorization": basic(pair)})
    assert by_key.post("/api/v1/keys/", **body).status_code == 201
    assert signed_in(me, csrf=True).post("/api/v1/keys/", **body).status_code == 403


@pytest.mark.parametrize(("code", "status"), [
    ("AccessDeniedException", 403), ("StateMachineDoesNotExist", 404), ("ResourceNotFoundException", 404),
    ("ResourceNotFound", 404), ("ExecutionAlreadyExists", 409), ("ApprovalAlreadyDecided", 409),
    ("ApprovalClosed", 409), ("LastAdministrator", 409), ("ConflictException", 409), ("GroupInUseConflict", 409),
    ("InvalidDefinition", 400),
    ("ServiceUnavailable", 503), ("Anything", 400),
])
def test_the_status_of_a_refusal(code, status):
    assert status_of(ActionError(code, "no")) == status


def test_members_of_a_refusal_are_in_the_answer():
    response = answer(ActionError("InvalidForm", "no", fields={"a": "b"}), {})
    assert response is not None
    assert response.data == {"code": "InvalidForm", "message": "no", "fields": {"a": "b"}}


@pytest.mark.parametrize(("error", "status", "code"), [
    (Http404(), 404, "NotFound"),
    (PermissionDenied(), 403, "AccessDeniedException"),
    (exceptions.ParseError("bad JSON"), 400, "ParseError"),
    (exceptions.MethodNotAllowed("PUT"), 405, "MethodNotAllowed"),
    (exceptions.UnsupportedMediaType("text/xml"), 415, "UnsupportedMediaType"),
])
def test_other_refusals_look_the_same(error, status, code):
    response = answer(error, {})
    assert response is not None
    assert (response.status_code, response.data["code"]) == (status, code)
    assert isinstance(response.data["message"], str)


def test_a_validation_error_says_the_first_field():
    class Inner(serializers.Serializer[Any]):
        limit = serializers.IntegerField()

    class Outer(serializers.Serializer[Any]):
        inner = Inner()

    checked = Outer(data={"inner": {"limit": "x"}})
    with pytest.raises(exceptions.ValidationError) as caught:
        checked.is_valid(raise_exception=True)
    response = answer(caught.value, {})
    assert response is not None
    assert response.data["message"] == "inner.limit: A valid integer is required."


def test_a_bug_is_no_refusal():
    assert answer(ValueError("a bug"), {}) is None


def test_rest_people_from_creation_to_deactivation(db):
    admin = signed_in(person("root", "administrator"))

    def call(method: str, path: str, body: Any = None) -> tuple[int, Any]:
        response = admin.generic(method, f"/api/v1/{path}", json.dumps(body), content_type="application/json")
        return response.status_code, response.json() if response.content else None

    status, made = call("POST", "people/", {"username": "ken", "name": "田中 健", "groups": ["operator"]})
    assert status == 201
    assert User.objects.get(username="ken").check_password(made["password"])
    assert "password" not in call("GET", f"people/{made['id']}/")[1]
    assert call("POST", "people/", {"username": "ken"})[1]["code"] == "PersonAlreadyExists"
    assert call("PATCH", f"people/{made['id']}/", {"active": False, "groups": []})[1]["groups"] == []
    assert call("GET", "people/99999/")[0] == 404
    assert call("POST", "groups/", {"name": "finance"})[0] == 201
    assert call("PUT", "groups/finance/", {"members": [made["id"]]})[1]["members"] == [made["id"]]
    assert call("DELETE", "groups/finance/")[0] == 204
    root = User.objects.get(username="root").pk
    assert call("PATCH", f"people/{root}/", {"active": False})[1]["code"] == "LastAdministrator"
    assert {each["username"] for each in call("GET", "people/")[1]} == {"root", "ken"}


def test_keys_of_others_are_an_administrators_business(me):
    client = signed_in(me)
    other = person("other", "viewer")
    assert client.get(f"/api/v1/keys/?user={other.pk}").status_code == 403
    refused = client.post("/api/v1/keys/", json.dumps({"user": other.pk}), content_type="application/json")
    assert refused.status_code == 403
    admin = signed_in(person("root", "administrator"))
    made = admin.post("/api/v1/keys/", json.dumps({"user": other.pk, "label": "x"}), content_type="application/json")
    assert made.status_code == 201
    assert made.json()["secretAccessKey"]
    listed = admin.get(f"/api/v1/keys/?user={other.pk}").json()
    assert [each["label"] for each in listed] == ["x"]
    assert "secretAccessKey" not in listed[0]
    assert client.get("/api/v1/keys/?user=x").status_code == 400


def test_the_docs_page_lists_every_operation(me):
    page = signed_in(me).get("/api/v1/docs/").content.decode().replace("<wbr>", "")
    for path in ("/api/v1/people/", "/api/v1/approvals/{public_id}/decide/", "/api/v1/functions/{name}/invoke/"):
        assert path in page


def test_operations_are_read_from_a_schema():
    schema = {
        "components": {"schemas": {"A": {"type": "object", "required": ["x"], "properties": {
            "x": {"type": "string", "description": "An x"}, "list": {"type": "array", "items": {"type": "integer"}}}}}},
        "paths": {"/a/": {"post": {
            "tags": ["letters"], "summary": "Make", "parameters": [{"name": "q", "schema": {"type": "integer"}}],
            "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}},
            "responses": {"201": {"content": {"application/json": {"schema": {
                "type": "array", "items": {"$ref": "#/components/schemas/A"}}}}}}}}},
    }
    (operation,) = rooms(schema)["letters"]
    assert (operation.method, operation.path, operation.summary) == ("POST", "/a/", "Make")
    assert [(field.name, field.kind) for field in operation.parameters] == [("q", "integer")]
    assert [(field.name, field.kind, field.required) for field in operation.body] == [
        ("x", "string", True), ("list", "[integer]", False)]
    assert [status for status, fields in operation.answers if fields] == ["201"]
