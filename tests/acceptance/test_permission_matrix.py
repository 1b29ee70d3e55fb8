"""Everybody at every door: each page, REST address, operation of AWS and websocket, with each role.

The tables say who may.  They are held against the URL resolver, the REST views' methods, the door's operations
and the websockets' routes: whatever is new and not in a table fails a test.
"""

from __future__ import annotations

import asyncio
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from django.urls import URLPattern, URLResolver, get_resolver
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from designer.permissions import ROLES, Permission
from executions.api.operations import OPERATIONS
from executions.live.routing import websocket_urlpatterns
from tests.support.rest import call
from tests.support.server import Server

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(300)]

VIEW, DESIGN, OPERATE, APPROVE, ADMINISTER = Permission
ANY = None  # whoever is signed in
EVERYBODY = "everybody"  # also who is not
PASSWORD = "a password for all of them"
PASS = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}'
ASK = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Parallel", "End": True, "Branches": [
    {"StartAt": "Work", "States": {"Work": {"Type": "Task", "Resource": "ACTIVITY", "End": True}}},
    {"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "Resource": "arn:aws:states:::approval:request",
                                          "Parameters": {"title": "T", "allowRequester": True}, "End": True}}}]}}})
ROLE = "arn:aws:iam::000000000000:role/run"

# Pages: name → who may look (GET) and who may do (POST).
PAGES: dict[str, tuple[Any, Any]] = {
    "home": (EVERYBODY, EVERYBODY), "javascript-catalog": (EVERYBODY, EVERYBODY),
    "login": (EVERYBODY, EVERYBODY), "logout": (EVERYBODY, EVERYBODY),
    "theme": (EVERYBODY, EVERYBODY), "language": (EVERYBODY, EVERYBODY),
    "account": (ANY, ANY), "password": (ANY, ANY), "create-key": (ANY, ANY), "change-key": (ANY, ANY),
    "people": (ADMINISTER, ADMINISTER), "new-person": (ADMINISTER, ADMINISTER), "person": (ADMINISTER, ADMINISTER),
    "person-action": (ADMINISTER, ADMINISTER), "groups": (ADMINISTER, ADMINISTER), "group": (ADMINISTER, ADMINISTER),
    "api-docs": (ANY, ANY),
    "machines": (VIEW, VIEW), "machine": (VIEW, VIEW), "new-machine": (DESIGN, DESIGN), "new-editor": (DESIGN, DESIGN),
    "executions": (VIEW, VIEW), "execution": (VIEW, VIEW), "compare-executions": (VIEW, VIEW),
    "incidents": (VIEW, VIEW),
    "approvals": (ANY, ANY), "approval-link": (EVERYBODY, EVERYBODY),
    "away": (APPROVE, APPROVE), "approvals-many": (APPROVE, APPROVE),
    "approval-act": ((VIEW, APPROVE), (VIEW, APPROVE)),
    "approval-file": ((VIEW, APPROVE), (VIEW, APPROVE)), "approval-proof": ((VIEW, APPROVE), (VIEW, APPROVE)),
    "policies": (VIEW, VIEW), "policy": (VIEW, VIEW), "new-policy": (ADMINISTER, ADMINISTER),
    "audit": (ADMINISTER, ADMINISTER), "audit-export": (ADMINISTER, ADMINISTER), "approval": ((VIEW, APPROVE), APPROVE),
    "functions": (VIEW, VIEW), "function": (VIEW, DESIGN), "delete-function": (DESIGN, DESIGN),
    "test-function": (OPERATE, OPERATE),
    "connections": (VIEW, VIEW), "connection": (VIEW, DESIGN), "new-connection": (DESIGN, DESIGN),
    "delete-connection": (DESIGN, DESIGN), "test-connection": (DESIGN, DESIGN),
}
# What one may not see is not there.
HIDDEN = {"approval", "rest-approval", "approval-act", "approval-file", "approval-proof", "rest-approval-act"}
# REST: (name, method) → who may, and a body that does no harm.
REST: dict[tuple[str, str], tuple[Any, Any]] = {
    ("api-schema", "get"): (ANY, None), ("rest-me", "get"): (ANY, None),
    ("rest-keys", "get"): (ANY, None), ("rest-keys", "post"): (ANY, {}),
    ("rest-key", "patch"): (ANY, {"active": False}), ("rest-key", "delete"): (ANY, None),
    ("rest-people", "get"): (ADMINISTER, None), ("rest-people", "post"): (ADMINISTER, {}),
    ("rest-person", "get"): (ADMINISTER, None), ("rest-person", "patch"): (ADMINISTER, {}),
    ("rest-password", "post"): (ADMINISTER, {}),
    ("rest-groups", "get"): (ADMINISTER, None), ("rest-groups", "post"): (ADMINISTER, {}),
    ("rest-group", "put"): (ADMINISTER, {}), ("rest-group", "delete"): (ADMINISTER, None),
    ("rest-approvals", "get"): (APPROVE, None), ("rest-approval-counts", "get"): (ANY, None),
    ("rest-approval", "get"): ((VIEW, APPROVE), None), ("rest-decide", "post"): (APPROVE, {"decision": "MAYBE"}),
    ("rest-approval-act", "post"): ((VIEW, APPROVE), {"do": "nothing"}),
    ("rest-functions", "get"): (VIEW, None), ("rest-function", "get"): (VIEW, None),
    ("rest-function", "put"): (DESIGN, {"source": "no python!"}), ("rest-function", "delete"): (DESIGN, None),
    ("rest-invoke", "post"): (OPERATE, {"event": {}}), ("rest-invocations", "get"): (VIEW, None),
    ("rest-tail", "get"): (VIEW, None),
    ("rest-connections", "get"): (VIEW, None), ("rest-connection", "get"): (VIEW, None),
    ("rest-connection", "put"): (DESIGN, {"kind": "BASIC", "settings": {}}),
    ("rest-connection", "delete"): (DESIGN, None), ("rest-test-connection", "post"): (DESIGN, {"endpoint": "x"}),
    ("rest-callback-urls", "post"): (OPERATE, {"token": "none"}),
    ("rest-callback", "post"): (EVERYBODY, {}), ("rest-callback-failure", "post"): (EVERYBODY, {}),
    ("rest-draft", "put"): (DESIGN, {"definition": "{", "baseRevision": "INITIAL"}),
    ("rest-draft", "delete"): (DESIGN, None),
    ("rest-revisions", "get"): (VIEW, None), ("rest-revision", "get"): (VIEW, None),
    ("rest-versions", "get"): (VIEW, None), ("rest-versions", "post"): (DESIGN, {}),
    ("rest-version", "delete"): (DESIGN, None), ("rest-aliases", "get"): (VIEW, None),
    ("rest-alias", "put"): (DESIGN, {"routes": []}), ("rest-alias", "delete"): (DESIGN, None),
    ("rest-presence", "post"): (VIEW, None), ("rest-aws-fit", "post"): (VIEW, {}),
    ("rest-sample-input", "get"): (VIEW, None),
    ("rest-integrations", "get"): (VIEW, None), ("rest-integration-form", "get"): (VIEW, None),
    ("rest-shapes", "get"): (VIEW, None), ("rest-shapes", "post"): (DESIGN, {"do": "learn"}),
    ("rest-lens", "post"): (VIEW, {"definition": "{}"}),
    ("rest-check", "post"): (VIEW, {"definition": "{"}), ("rest-drawing", "post"): (VIEW, {"definition": PASS}),
    ("rest-drawing-svg", "post"): (VIEW, {"definition": PASS}),
    ("rest-samples", "get"): (VIEW, None), ("rest-sample", "get"): (VIEW, None),
    ("rest-limits", "get"): (ADMINISTER, None), ("rest-limits", "patch"): (ADMINISTER, {}),
    ("rest-retention", "get"): (VIEW, None), ("rest-retention", "put"): (DESIGN, {}),
    ("rest-machines", "get"): (VIEW, None), ("rest-machines", "post"): (DESIGN, {"name": "?", "definition": PASS}),
    ("rest-machine", "get"): (VIEW, None), ("rest-machine", "put"): (DESIGN, {"definition": "{"}),
    ("rest-machine", "delete"): (DESIGN, None),
    ("rest-executions", "get"): (VIEW, None), ("rest-execution", "get"): (VIEW, None),
    ("rest-events", "get"): (VIEW, None), ("rest-event", "get"): (VIEW, None),
    ("rest-event-search", "get"): (VIEW, None), ("rest-state", "get"): (VIEW, None),
    ("rest-inputs", "get"): (VIEW, None), ("rest-payload", "get"): (VIEW, None), ("rest-engine", "get"): (VIEW, None),
    ("rest-import", "post"): (VIEW, {}), ("rest-export", "post"): (VIEW, {}),
    ("rest-test-state", "post"): (DESIGN, {"definition": PASS, "state": "A"}),
    ("rest-stages", "get"): (VIEW, None),
    ("rest-incidents", "get"): (VIEW, None), ("rest-incident", "get"): (VIEW, None),
    ("rest-incident", "patch"): (OPERATE, {"note": ""}),
    ("rest-bulk", "get"): (VIEW, None), ("rest-bulk", "post"): (OPERATE, {"kind": "STOP", "ids": []}),
    ("rest-bulk-preview", "post"): (OPERATE, {"kind": "STOP", "ids": []}), ("rest-one-bulk", "get"): (VIEW, None),
    ("rest-bulk-items", "get"): (VIEW, None), ("rest-bulk-cancel", "post"): (OPERATE, {}),
    ("rest-bulk-undo", "post"): (OPERATE, {}),
    ("rest-filters", "get"): (VIEW, None), ("rest-filters", "post"): (VIEW, {"name": "", "query": ""}),
    ("rest-filter", "delete"): (VIEW, None),
    ("rest-redrive", "get"): (VIEW, None), ("rest-redrive", "post"): (OPERATE, {}),
    ("rest-start", "post"): (OPERATE, {"name": "???"}), ("rest-stop", "post"): (OPERATE, {}),
    ("rest-task-success", "post"): (OPERATE, {"output": "{"}), ("rest-task-failure", "post"): (OPERATE, {}),
}
# Operations of the door; what each is asked does no harm.
MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:none"
EXECUTION = "arn:aws:states:us-east-1:000000000000:execution:none:none"
ACTIVITY = "arn:aws:states:us-east-1:000000000000:activity:none"
MAP_RUN = "arn:aws:states:us-east-1:000000000000:mapRun:none/l:6a7e9b32-0f5c-4c3e-9a64-3f1f9a1f0000"
ROUTES = [{"stateMachineVersionArn": f"{MACHINE}:1", "weight": 100}]
DOOR: dict[str, tuple[Any, dict[str, Any]]] = {
    "CreateActivity": (DESIGN, {"name": "?"}), "DeleteActivity": (DESIGN, {"activityArn": ACTIVITY}),
    "DescribeActivity": (VIEW, {"activityArn": ACTIVITY}), "ListActivities": (VIEW, {}),
    "GetActivityTask": (OPERATE, {"activityArn": ACTIVITY}),
    "CreateStateMachine": (DESIGN, {"name": "?", "definition": PASS, "roleArn": ROLE}),
    "UpdateStateMachine": (DESIGN, {"stateMachineArn": MACHINE}),
    "DeleteStateMachine": (DESIGN, {"stateMachineArn": MACHINE}),
    "DescribeStateMachine": (VIEW, {"stateMachineArn": MACHINE}),
    "DescribeStateMachineForExecution": (VIEW, {"executionArn": EXECUTION}), "ListStateMachines": (VIEW, {}),
    "PublishStateMachineVersion": (DESIGN, {"stateMachineArn": MACHINE}),
    "DeleteStateMachineVersion": (DESIGN, {"stateMachineVersionArn": f"{MACHINE}:1"}),
    "ListStateMachineVersions": (VIEW, {"stateMachineArn": MACHINE}),
    "CreateStateMachineAlias": (DESIGN, {"name": "live", "routingConfiguration": ROUTES}),
    "UpdateStateMachineAlias": (DESIGN, {"stateMachineAliasArn": f"{MACHINE}:live"}),
    "DeleteStateMachineAlias": (DESIGN, {"stateMachineAliasArn": f"{MACHINE}:live"}),
    "DescribeStateMachineAlias": (VIEW, {"stateMachineAliasArn": f"{MACHINE}:live"}),
    "ListStateMachineAliases": (VIEW, {"stateMachineArn": MACHINE}),
    "StartExecution": (OPERATE, {"stateMachineArn": MACHINE}),
    "StartSyncExecution": (OPERATE, {"stateMachineArn": MACHINE}),
    "StopExecution": (OPERATE, {"executionArn": EXECUTION}), "DescribeExecution": (VIEW, {"executionArn": EXECUTION}),
    "ListExecutions": (VIEW, {"stateMachineArn": MACHINE}),
    "GetExecutionHistory": (VIEW, {"executionArn": EXECUTION}),
    "SendTaskSuccess": (OPERATE, {"taskToken": "none", "output": "{}"}),
    "SendTaskFailure": (OPERATE, {"taskToken": "none"}), "SendTaskHeartbeat": (OPERATE, {"taskToken": "none"}),
    "DescribeMapRun": (VIEW, {"mapRunArn": MAP_RUN}), "UpdateMapRun": (OPERATE, {"mapRunArn": MAP_RUN}),
    "ListMapRuns": (VIEW, {"executionArn": EXECUTION}),
    "TagResource": (DESIGN, {"resourceArn": MACHINE, "tags": []}),
    "UntagResource": (DESIGN, {"resourceArn": MACHINE, "tagKeys": []}),
    "ListTagsForResource": (VIEW, {"resourceArn": MACHINE}),
    "ValidateStateMachineDefinition": (VIEW, {"definition": PASS}),
    "RedriveExecution": (OPERATE, {"executionArn": EXECUTION}),
    "TestState": (DESIGN, {"definition": '{"Type": "Succeed"}'}),
}


@dataclass
class Who:
    """Somebody: with a session, and with an access key."""

    name: str
    permissions: frozenset[Permission]
    known: bool = True  # False: as good as nobody
    jar: CookieJar = field(default_factory=CookieJar)
    key: tuple[str, str] = ("AKIANOBODY", "no secret")

    def may(self, wanted: Any) -> bool:
        if wanted == EVERYBODY:
            return True
        if wanted is ANY:
            return self.known
        return self.known and bool(self.permissions & set(wanted if isinstance(wanted, tuple) else (wanted,)))


@dataclass
class Place:
    """The server, everybody, and what there is on it by the names of parameters."""

    url: str
    people: dict[str, Who]
    things: dict[str, str]

    def opener(self, who: Who) -> urllib.request.OpenerDirector:
        return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(who.jar), _Stay())

    def ask(self, who: Who, method: str, path: str, data: bytes | None = None, **headers: str) -> tuple[int, str]:
        """(status, where it redirects to)."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.url + path, data=data, method=method, headers=named)
        try:
            with self.opener(who).open(request, timeout=60) as answer:
                answer.read()
                return answer.status, ""
        except urllib.error.HTTPError as error:
            error.read()
            error.close()
            return error.code, error.headers.get("Location", "")

    def cookie(self, who: Who, name: str) -> str:
        return next((str(each.value) for each in who.jar if each.name == name), "")

    def post(self, who: Who, path: str, **fields: str) -> tuple[int, str]:
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": self.cookie(who, "csrftoken"), **fields})
        return self.ask(who, "POST", path, data.encode(), Referer=self.url + path)

    def sign_in(self, who: Who) -> None:
        self.ask(who, "GET", "/login/")
        assert self.post(who, "/login/", username=who.name, password=PASSWORD)[0] == 302


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


@pytest.fixture(scope="module")
def place(each_database: str) -> Iterator[Place]:
    with Server() as server:
        people = {name: Who(name, permissions) for name, permissions in ROLES.items()}
        people |= {"in-no-group": Who("in-no-group", frozenset()),
                   "nobody": Who("nobody", frozenset(), known=False),
                   "deactivated": Who("deactivated", frozenset(Permission), known=False),
                   "with-a-dead-key": Who("with-a-dead-key", frozenset(Permission), known=False)}
        yield Place(server.url, people, _things(server))


@pytest.fixture(scope="module")
def everybody(place: Place) -> dict[str, Who]:
    """All of them signed in and with a key that worked, before some lose it."""
    numbers = {}
    for who in place.people.values():
        if who.name == "nobody":
            place.ask(who, "GET", "/login/")  # for the CSRF token
            continue
        groups = [who.name] if who.name in ROLES else ["administrator"] if who.permissions else []
        made = call(place.url, "POST", "people/", {"username": who.name, "password": PASSWORD, "groups": groups})
        numbers[who.name] = made["id"]
        key = call(place.url, "POST", "keys/", {"user": made["id"]})
        who.key = key["accessKeyId"], key["secretAccessKey"]
        place.sign_in(who)
        assert place.ask(who, "GET", "/api/v1/me/", **_bearer(who))[0] == 200
        assert place.ask(who, "GET", "/account/")[0] == 200
    call(place.url, "PATCH", f"people/{numbers['deactivated']}/", {"active": False})
    dead = place.people["with-a-dead-key"]
    call(place.url, "PATCH", f"keys/{dead.key[0]}/", {"active": False})
    place.ask(dead, "GET", "/account/")
    place.post(dead, "/logout/")
    return place.people


def _bearer(who: Who) -> dict[str, str]:
    return {} if who.name == "nobody" else {"Authorization": f"Bearer {who.key[0]}:{who.key[1]}"}


def _things(server: Server) -> dict[str, str]:
    activity = server.client().create_activity(name="work")["activityArn"]
    call(server.url, "POST", "machines/", {"name": "there", "definition": ASK.replace("ACTIVITY", activity)})
    execution = call(server.url, "POST", "machines/there/executions/", {"input": {}})["id"]
    call(server.url, "PUT", "functions/there/", {"source": "def handler(event, context):\n    return 1\n"})
    approval = ""
    while not approval:
        approval = next((each["id"] for each in call(server.url, "GET", "approvals/")), "")
    tries = call(server.url, "GET", f"executions/{execution}/states/Work/")["visits"][0]["tries"]
    return {"execution": execution, "public_id": approval, "user_id": "99999", "key_id": "AKIANONE", "number": "1",
            "slug": "order-processing", "token": "none", "file_id": "none", "form": "json",
            "event": "1", "ask": str(tries[0]["task"]["ask"])}


def _walk(patterns: list[Any], before: str = "") -> Iterator[tuple[str, str, Any]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield pattern.name or route, route, pattern.callback


def _addresses() -> dict[str, tuple[str, Any]]:
    return {name: (route, view) for name, route, view in _walk(get_resolver().url_patterns)}


def _methods(view: Any) -> list[str]:
    return [name for name in ("get", "post", "put", "patch", "delete") if hasattr(view.view_class, name)]


def _path(name: str, things: dict[str, str], missing: bool) -> str:
    """The address of something that is there; `missing`, for who may change it, of something that is not."""
    route = "/" + _addresses()[name][0]
    shown = {"name": "A" if name == "rest-state" else "there", "bulk_action": "7", "visit": "2",
             "number": "7", "incident": "7", "alias": "none", "signed": "none", **things}
    if missing:
        shown |= {"name": "none", "execution": "7"}
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: shown[match[1]], route)


def test_the_tables_are_whole() -> None:
    addresses = _addresses()
    rest = {name: view for name, (route, view) in addresses.items() if route.startswith("api/")
            and hasattr(view, "view_class")}
    assert set(REST) == {(name, method) for name, view in rest.items() for method in _methods(view)}
    assert set(PAGES) == addresses.keys() - rest.keys()
    assert set(DOOR) == set(OPERATIONS)
    assert sorted(str(each.pattern).partition("(")[0] for each in websocket_urlpatterns) == [
        "^ws/executions/", "^ws/executions/$"]


def test_pages(place: Place, everybody: dict[str, Who]) -> None:
    wrong = []
    for who in everybody.values():
        for name, (look, do) in PAGES.items():
            if name in ("logout", "theme", "language", "password"):
                continue  # below
            for method, wanted in (("GET", look), ("POST", do)):
                path = _path(name, place.things, missing=method == "POST" and who.may(wanted))
                found = place.ask(who, "GET", path) if method == "GET" else place.post(who, path)
                if not _as_wanted(found, who, wanted, name, page=True):
                    wrong.append((who.name, method, path, found))
    assert not wrong


def _as_wanted(found: tuple[int, str], who: Who, wanted: Any, name: str, *, page: bool) -> bool:
    status, to = found
    if page and status == 405 and who.known:
        return True  # there is no such method for anybody
    if who.may(wanted):
        return status not in (401, 403) and status < 500 and not (to.startswith("/login/") and who.known)
    if who.known:
        return status == 403 or (status == 404 and name in HIDDEN)
    return (status == 302 and to.startswith("/login/")) or status in (401, 403) if page else status == 401


def test_pages_for_oneself(place: Place, everybody: dict[str, Who]) -> None:
    for who in everybody.values():
        status, to = place.ask(who, "GET", "/account/password/")
        assert (status == 200) if who.known else to.startswith("/login/")
        for path in ("/theme/", "/language/", "/logout/"):
            assert place.ask(who, "GET", path)[0] == 405
            assert place.ask(who, "POST", path, b"")[0] == 403  # without the CSRF token


def test_rest(place: Place, everybody: dict[str, Who]) -> None:
    wrong = []
    for who in everybody.values():
        for (name, method), (wanted, body) in REST.items():
            harmless = method == "get" or name in ("rest-decide", "rest-task-success", "rest-task-failure")
            path = _path(name, place.things, missing=not harmless and who.may(wanted))
            data = None if body is None else json.dumps(body).encode()
            found = place.ask(who, method.upper(), path, data, Content_Type="application/json", **_bearer(who))
            if not _as_wanted(found, who, wanted, name, page=False):
                wrong.append((who.name, method, path, found[0]))
    assert not wrong


def test_a_session_needs_the_csrf_token(place: Place, everybody: dict[str, Who]) -> None:
    who = everybody["administrator"]
    for (name, method), (wanted, body) in REST.items():
        if method != "get" and wanted != EVERYBODY:
            path = _path(name, place.things, missing=True)
            data = json.dumps(body).encode()
            assert place.ask(who, method.upper(), path, data, Content_Type="application/json")[0] == 403, name


def test_the_door(place: Place, everybody: dict[str, Who]) -> None:
    wrong = []
    for who in everybody.values():
        client = boto3.client(
            "stepfunctions", endpoint_url=place.url, region_name="us-east-1", aws_access_key_id=who.key[0],
            aws_secret_access_key=who.key[1],
            config=Config(retries={"total_max_attempts": 1}, inject_host_prefix=False, parameter_validation=False))
        for operation, (wanted, request) in DOOR.items():
            code = _code(client, operation, request)
            denied = "AccessDeniedException" if who.known else "UnrecognizedClientException"
            if (code == denied) == who.may(wanted):
                wrong.append((who.name, operation, code))
    assert not wrong


def _code(client: Any, operation: str, request: dict[str, Any]) -> str:
    method = next(name for name, each in client.meta.method_to_api_mapping.items() if each == operation)
    try:
        getattr(client, method)(**request)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


async def test_websockets(place: Place, everybody: dict[str, Who]) -> None:
    async def opens(who: Who, path: str, origin: str | None) -> bool:
        headers = {"Cookie": f"sessionid={place.cookie(who, 'sessionid')}"}
        try:
            async with connect(place.url.replace("http", "ws") + path, additional_headers=headers, origin=origin):
                return True
        except InvalidStatus:
            return False

    for who in everybody.values():
        for path in ("/ws/executions/", f"/ws/executions/{place.things['execution']}/"):
            assert await asyncio.wait_for(opens(who, path, place.url), 30) == who.may(VIEW), (who.name, path)
    viewer = everybody["viewer"]
    assert not await opens(viewer, "/ws/executions/", "http://evil.example")
    assert not await opens(viewer, "/ws/executions/", "http://127.0.0.1:1")
    assert not await opens(viewer, "/ws/executions/1/", place.url)  # no such execution
