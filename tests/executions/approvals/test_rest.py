"""Approvals over REST, with an access key."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.test import Client

from designer.actions.create_access_key import create_access_key
from designer.keyring import ring
from executions.models import Signal
from tests.designer.people import actor, person
from tests.executions.approvals.asking import ask, close

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_ring():
    ring.forget_all()


@pytest.fixture
def me():
    return person("misaki", "approver")


@pytest.fixture
def call(me):
    made = create_access_key(actor(me), me.pk)
    pair = base64.b64encode(f"{made.key.access_key_id}:{made.secret}".encode()).decode()

    def ask_rest(method: str, path: str, body: Any = None) -> tuple[int, Any]:
        answer = Client().generic(method, f"/api/v1/approvals/{path}", "" if body is None else json.dumps(body),
                                  content_type="application/json", HTTP_AUTHORIZATION=f"Basic {pair}")
        return answer.status_code, answer.json()

    return ask_rest


def test_list_and_counts(call, me):
    ask("Mine", users=(me,))
    ask("Anybody's")
    ask("Theirs", users=(person("other", "approver"),))
    status, listed = call("GET", "")
    assert status == 200
    assert {each["title"] for each in listed} == {"Mine", "Anybody's"}
    assert [each["title"] for each in call("GET", "?tab=mine")[1]] == ["Mine"]
    assert [each["title"] for each in call("GET", "?q=any")[1]] == ["Anybody's"]
    assert len(call("GET", "?limit=1")[1]) == 1
    assert call("GET", "counts/")[1] == {
        "named": 1, "groups": 0, "anybody": 1, "waiting": 2, "soon": 0, "requested": 0, "decided": 0}


@pytest.mark.parametrize("limit", ["0", "-1", "x", "100000"])
def test_a_wrong_limit_is_refused(call, limit):
    status, body = call("GET", f"?limit={limit}")
    assert (status, body["code"]) == (400, "ValidationException")


def test_detail_and_decision(call, me):
    form = {"type": "object", "properties": {"limit": {"type": "integer"}}, "required": ["limit"]}
    approval = ask("Mine", message="Text", data={"total": 5}, form=form, users=(me,))
    status, body = call("GET", f"{approval.public_id}/")
    assert status == 200
    assert body["data"] == {"total": 5}
    assert body["form"] == form
    assert (body["status"], body["mayDecide"], body["users"]) == ("WAITING", True, ["misaki"])
    assert body["execution"] == str(approval.token.execution_id)
    status, body = call("POST", f"{approval.public_id}/decide/", {"decision": "APPROVED", "form": {"limit": "x"}})
    assert (status, body["code"], list(body["fields"])) == (400, "InvalidForm", ["limit"])
    status, body = call("POST", f"{approval.public_id}/decide/",
                        {"decision": "APPROVED", "comment": " ok ", "form": {"limit": 3}})
    assert status == 200
    assert (body["status"], body["decidedBy"], body["comment"], body["formData"]) == (
        "APPROVED", "misaki", " ok ", {"limit": 3})
    status, body = call("POST", f"{approval.public_id}/decide/", {"decision": "REJECTED"})
    assert (status, body["code"], body["decidedBy"]) == (409, "ApprovalAlreadyDecided", "misaki")
    assert Signal.objects.count() == 1


def test_what_is_closed_or_unknown(call, me):
    approval = ask("Late", users=(me,))
    close(approval)
    assert call("GET", f"{approval.public_id}/")[1]["status"] == "CLOSED"
    status, body = call("POST", f"{approval.public_id}/decide/", {"decision": "APPROVED"})
    assert (status, body["code"]) == (409, "ApprovalClosed")
    for method, path in (("GET", "nothing/"), ("POST", "nothing/decide/")):
        status, body = call(method, path, {"decision": "APPROVED"})
        assert (status, body["code"]) == (404, "ApprovalDoesNotExist")


@pytest.mark.parametrize("body", [{}, {"decision": "MAYBE"}, {"decision": "APPROVED", "form": []}, []])
def test_a_wrong_body_is_refused(call, me, body):
    approval = ask("Mine", users=(me,))
    status, answer = call("POST", f"{approval.public_id}/decide/", body)
    assert (status, answer["code"]) == (400, "ValidationException")
