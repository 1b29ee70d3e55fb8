"""Every operation of the Lambda API with requests made from AWS's model: a well-formed answer, never a 5xx."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest

from designer.models import User
from designer.permissions import Actor, Permission
from executions.api import door
from executions.api.functions.operations import OPERATIONS
from tests.api.requests import Requests
from tests.api.test_door import post

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

ARN = "arn:aws:lambda:us-east-1:000000000000:function:f"
LAMBDA = Requests("lambda", {
    "FunctionName": "f", "Resource": ARN, "Name": "live", "FunctionVersion": "1",
    "Role": "arn:aws:iam::000000000000:role/r",
    "ZipFile": base64.b64encode(b"def handler(event, context):\n    return event\n").decode(), "Marker": "none",
    "Qualifier": "1", "Runtime": "python3.11", "Handler": "index.handler", "Payload": b"{}", "ClientContext": "e30=",
}, OPERATIONS)
COMMON = {"ValidationException", "SerializationException", "AccessDeniedException"}


@pytest.fixture(autouse=True)
def caller(monkeypatch, transactional_db):
    user = User.objects.create(username="ada")
    ada = Actor(user.pk, "ada", frozenset(), frozenset(Permission))

    async def caller_of(request, service):
        return ada

    monkeypatch.setattr(door.entry, "caller_of", caller_of)


async def call(operation, request):
    """(status, error code, answer) of a request, with its members where HTTP carries them."""
    http = LAMBDA.model["operations"][operation]["http"]
    path, query, headers, body, payload = http["requestUri"], [], {}, {}, None
    for member, value in request.items():
        place, name = LAMBDA.place(operation, member)
        if place == "uri":
            path = path.replace(f"{{{name}}}", quote(value, safe=""))
        elif place == "querystring":
            query += [f"{name}={quote(str(item))}" for item in (value if isinstance(value, list) else [value])]
        elif place == "header":
            headers[name] = str(value)
        elif place == "payload":
            payload = value
        else:
            body[member] = value
    content = json.dumps(body).encode() if payload is None else payload
    status, answered, told = await post(
        content, path=path, method=http["method"], query="&".join(query), **headers)
    return status, answered.get("x-amzn-errortype"), json.loads(told) if told else {}


@pytest.mark.parametrize("operation", LAMBDA.operations)
async def test_right_missing_wrong_and_beyond_its_limit(operation):
    named = {error.lower() for error in LAMBDA.errors_of(operation) | COMMON}
    for case in LAMBDA.cases(operation):
        status, code, answer = await call(operation, case.request)
        about = (case.about, status, code, answer)
        assert status < 300 or 400 <= status < 500, about
        if status >= 400:
            assert code.lower() in named, about
            assert answer.get("message") or answer.get("Message"), about
        if case.error is not None and "FunctionName" not in case.about:
            assert code == case.error, about


async def test_a_name_in_any_script():
    request = LAMBDA.right("CreateFunction", whole=False) | {
        "FunctionName": "在庫", "Runtime": "python3.11", "Handler": "index.handler",
        "Code": {"ZipFile": LAMBDA.given["ZipFile"]}}
    status, _, answer = await call("CreateFunction", request)
    assert (status, answer["FunctionArn"].rpartition(":")[2]) == (201, "在庫")
    status, _, answer = await call("GetFunctionConfiguration", {"FunctionName": "在庫"})
    assert (status, answer["FunctionName"]) == (200, "在庫")
