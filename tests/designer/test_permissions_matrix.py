"""Each role at each address of people, keys, approvals and functions: who is let in, who is not.

One table: an address, how it is asked, and the roles that may.  Everybody else who is signed in gets 403
(404 where the thing is hidden from them), and nobody gets anything without signing in.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from designer.permissions import ROLES
from executions.approvals.attachments import attach
from executions.approvals.policies import save_policy
from executions.integrations.functions.actions import save_function
from tests.designer.people import actor, person, signed_in
from tests.executions.approvals.asking import ask

pytestmark = pytest.mark.django_db

ALL = frozenset(ROLES)
ADMIN = frozenset({"administrator"})
DECIDE = frozenset({"approver", "administrator"})
VIEW = ALL - {"approver"}
OPERATE = frozenset({"operator", "designer", "administrator"})
DESIGN = frozenset({"designer", "administrator"})


@dataclass(frozen=True, eq=False)
class Case:
    name: str  # of the URL
    method: str
    roles: frozenset[str]
    body: Any = None
    refusal: int = 403
    args: tuple[Any, ...] = ()


CASES = [
    Case("home", "GET", ALL),
    Case("account", "GET", ALL),
    Case("account", "POST", ALL, {}),
    Case("password", "GET", ALL),
    Case("create-key", "POST", ALL, {"label": "x"}),
    Case("change-key", "POST", ALL, {"do": "nothing"}, args=("AKIANONE",)),
    Case("change-key", "POST", frozenset(), {"do": "off"}, refusal=404, args=("AKIANONE",)),
    Case("people", "GET", ADMIN),
    Case("new-person", "GET", ADMIN),
    Case("new-person", "POST", ADMIN, {"username": "made"}),
    Case("person", "GET", ADMIN, args=("PERSON",)),
    Case("person", "POST", ADMIN, {"name": "x"}, args=("PERSON",)),
    Case("person-action", "POST", ADMIN, {"do": "reset"}, args=("PERSON",)),
    Case("groups", "GET", ADMIN),
    Case("groups", "POST", ADMIN, {"name": "made"}),
    Case("group", "GET", ADMIN, args=("viewer",)),
    Case("group", "POST", ADMIN, {"members": []}, args=("viewer",)),
    Case("api-docs", "GET", ALL),
    Case("api-schema", "GET", ALL),
    Case("rest-me", "GET", ALL),
    Case("rest-people", "GET", ADMIN),
    Case("rest-people", "POST", ADMIN, {"username": "made"}),
    Case("rest-person", "GET", ADMIN, args=("PERSON",)),
    Case("rest-person", "PATCH", ADMIN, {"name": "x"}, args=("PERSON",)),
    Case("rest-password", "POST", ADMIN, {}, args=("PERSON",)),
    Case("rest-groups", "GET", ADMIN),
    Case("rest-groups", "POST", ADMIN, {"name": "made"}),
    Case("rest-group", "PUT", ADMIN, {"members": []}, args=("viewer",)),
    Case("rest-group", "DELETE", ADMIN, args=("spare",)),
    Case("rest-keys", "GET", ALL),
    Case("rest-keys", "POST", ALL, {}),
    Case("rest-key", "PATCH", frozenset(), {"active": False}, refusal=404, args=("AKIANONE",)),
    Case("rest-key", "DELETE", frozenset(), refusal=404, args=("AKIANONE",)),
    Case("approvals", "GET", ALL),
    Case("away", "GET", DECIDE),
    Case("away", "POST", DECIDE, {"substitute": "nobody"}),
    Case("approvals-many", "POST", DECIDE, {"decision": "APPROVED"}),
    Case("approval-act", "POST", ALL, {"do": "nothing"}, args=("APPROVAL",)),
    Case("approval-file", "GET", ALL, args=("APPROVAL", "FILE")),
    Case("approval-proof", "GET", ALL, args=("APPROVAL", "html")),
    Case("policies", "GET", VIEW),
    Case("policy", "GET", VIEW, args=("Expenses",)),
    Case("policy", "POST", VIEW, {"do": "add-row"}, args=("Expenses",)),
    Case("new-policy", "GET", ADMIN),
    Case("new-policy", "POST", ADMIN, {"do": "add-row"}),
    Case("audit", "GET", ADMIN),
    Case("audit-export", "GET", ADMIN, args=("json",)),
    Case("rest-approval-act", "POST", DECIDE, {"do": "claim"}, args=("APPROVAL",)),
    Case("approval", "GET", ALL, args=("APPROVAL",)),
    Case("approval", "POST", DECIDE, {"decision": "APPROVED"}, args=("APPROVAL",)),
    Case("rest-approvals", "GET", DECIDE),
    Case("rest-approval-counts", "GET", ALL),
    Case("rest-approval", "GET", ALL, args=("APPROVAL",)),
    Case("rest-decide", "POST", DECIDE, {"decision": "APPROVED"}, args=("APPROVAL",)),
    Case("functions", "GET", VIEW),
    Case("function", "GET", VIEW, args=("check-stock",)),
    Case("function", "POST", DESIGN, {"source": "def handler(e, c): 1", "handler": "index.handler", "timeout": 3,
                                      "memory": 128}, args=("check-stock",)),
    Case("delete-function", "GET", DESIGN, args=("check-stock",)),
    Case("delete-function", "POST", DESIGN, {}, args=("check-stock",)),
    Case("test-function", "POST", OPERATE, {"event": "no JSON"}, args=("check-stock",)),
    Case("rest-functions", "GET", VIEW),
    Case("rest-function", "GET", VIEW, args=("check-stock",)),
    Case("rest-function", "PUT", DESIGN, {"source": "def handler(e, c): 1"}, args=("check-stock",)),
    Case("rest-function", "DELETE", DESIGN, args=("check-stock",)),
    Case("rest-invocations", "GET", VIEW, args=("check-stock",)),
    Case("rest-tail", "GET", VIEW, args=("check-stock",)),
]
OPEN = {"login", "logout", "theme", "language", "approval-link"}  # nobody need be signed in
CALLS_A_WORKER = {"rest-invoke"}  # tests/executions/integrations calls it on a real worker


@pytest.fixture
def things() -> dict[str, Any]:
    """A person, an approval for anybody, a function and a group to ask about."""
    designer = person("their-designer", "designer", "administrator")
    save_function(actor(designer), "check-stock", source="def handler(event, context):\n    return event\n")
    person("spare-member", "spare")
    root = actor(person("policy-maker", "administrator"))
    save_policy(root, "Expenses", {"rows": [{"when": [], "levels": [{"groups": ["administrator"]}]}]})
    approval = ask("Anybody's")
    file = attach(root, approval, SimpleUploadedFile("receipt.txt", b"1,200 yen"))
    return {"PERSON": person("somebody", "viewer").pk, "APPROVAL": approval.public_id, "FILE": file.public_id}


def send(client: Client, case: Case, things: dict[str, Any]) -> int:
    pattern = "/" + next(path for path in named() if path[0] == case.name)[1]
    for value in (things.get(arg, arg) for arg in case.args):
        start, end = pattern.index("<"), pattern.index(">") + 1
        pattern = pattern[:start] + str(value) + pattern[end:]
    if case.method == "GET":
        return client.get(pattern).status_code
    if pattern.startswith("/api/"):
        body = json.dumps(case.body)
        return client.generic(case.method, pattern, body, content_type="application/json").status_code
    return client.post(pattern, case.body).status_code


def named() -> list[tuple[str, str]]:
    """(name, route) of every named address of the whole site."""
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list[Any], before: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield pattern.name, route


def statuses(client: Client, cases: list[Case], things: dict[str, Any]) -> dict[Case, int]:
    """The status of each case, each undone before the next."""
    found = {}
    for case in cases:
        with transaction.atomic():
            found[case] = send(client, case, things)
            transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("role", sorted(ROLES))
def test_who_is_let_in(role: str, things: dict[str, Any]) -> None:
    found = statuses(signed_in(person(f"a-{role}", role)), CASES, things)
    wrong = {}
    for case in CASES:
        status = found[case]
        let_in = status in (200, 201, 204, 302, 422)
        if not (let_in if role in case.roles else status == case.refusal):
            wrong[f"{case.method} {case.name} {case.body}"] = status
    assert not wrong


def test_nobody_is_let_in_without_signing_in(things: dict[str, Any]) -> None:
    expected = {case: 401 if case.name.startswith("rest-") or case.name == "api-schema" else 302
                for case in CASES}
    assert statuses(Client(), CASES, things) == expected


def test_nothing_is_done_without_the_csrf_token(things: dict[str, Any]) -> None:
    writing = [case for case in CASES if case.method != "GET"]
    found = statuses(signed_in(person("root", *ROLES), csrf=True), writing, things)
    assert set(found.values()) == {403}


def test_the_table_has_every_address_of_these_rooms() -> None:
    rooms = ("designer.people", "executions.approvals", "executions.integrations.functions", "designer.rest.docs")
    asked = {case.name for case in CASES} | OPEN | CALLS_A_WORKER
    missing = {name for name, module in _views() if module.startswith(rooms) and name not in asked}
    assert not missing


def _views() -> Iterator[tuple[str, str]]:
    def walk(patterns: list[Any]) -> Iterator[tuple[str, str]]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns)
            elif pattern.name:
                view = getattr(pattern.callback, "view_class", pattern.callback)
                yield pattern.name, view.__module__

    yield from walk(get_resolver().url_patterns)
