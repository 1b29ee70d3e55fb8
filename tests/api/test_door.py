"""The door as an ASGI application: protocol, origins, sizes and failures.  No engine, no network."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest

from designer.errors import ActionError
from designer.permissions import Actor, Permission
from executions.api import door, operations
from executions.api.operations import Operation

ADA = Actor(1, "ada", frozenset(), frozenset(Permission))


@pytest.fixture(autouse=True)
def caller(monkeypatch):
    """Everybody is Ada here; test_signing.py and the acceptance test hold the signatures."""
    services = []

    async def caller_of(request, service):
        services.append(service)
        return ADA

    monkeypatch.setattr(door, "caller_of", caller_of)
    monkeypatch.setattr(door.identity, "caller_of", caller_of)
    monkeypatch.setattr(door.entry, "caller_of", caller_of)
    return services


def scope(path="/", method="POST", query="", **headers):
    return {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": query.encode(),
            "headers": [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()]}


async def post(body, *, chunks=1, **options):
    """(status, headers, body) of one request."""
    sent = []
    size = max(1, -(-len(body) // chunks))
    parts = [body[start:start + size] for start in range(0, len(body), size)] or [b""]
    messages = [{"type": "http.request", "body": part, "more_body": part is not parts[-1]} for part in parts]

    async def receive():
        if not messages:
            await asyncio.Event().wait()
        return messages.pop(0)

    async def send(message):
        sent.append(message)

    await door.application(scope(**options), receive, send)
    start, end = sent
    return start["status"], {name.decode(): value.decode() for name, value in start["headers"]}, end["body"]


async def call(operation, request=b"{}", **headers):
    status, answered, body = await post(request, x_amz_target=f"AWSStepFunctions.{operation}", **headers)
    assert answered["content-type"] == "application/x-amz-json-1.0"
    assert answered["content-length"] == str(len(body))
    assert len(answered["x-amzn-requestid"]) == 36
    told = json.loads(body)
    if status != 200:
        assert answered["x-amzn-errortype"] == told["__type"]
    return status, told


@pytest.fixture
def operate(monkeypatch):
    """Put a function in the place of DescribeActivity."""

    def operate(function, **options):
        monkeypatch.setitem(operations.OPERATIONS, "DescribeActivity", Operation(function, **options))

    return operate


async def test_an_operation_is_called_with_actor_and_checked_request(operate):
    async def describe(actor, request):
        return {"who": actor.name, "asked": request}

    operate(describe)
    body = json.dumps({"activityArn": "注文", "unknown": 1, "x": None}).encode()
    for chunks in (1, 3):
        status, _, answer = await post(body, chunks=chunks, x_amz_target="AWSStepFunctions.DescribeActivity")
        assert (status, json.loads(answer)) == (200, {"who": "ada", "asked": {"activityArn": "注文"}})


async def test_a_trace_header_of_the_request_wins(monkeypatch):
    async def start(actor, request):
        return request

    monkeypatch.setitem(operations.OPERATIONS, "StartExecution", Operation(start))
    body = b'{"stateMachineArn": "a", "traceHeader": "Root=1"}'
    assert (await call("StartExecution", body))[1]["traceHeader"] == "Root=1"
    assert (await call("StartExecution", body, x_amzn_trace_id="Root=2"))[1]["traceHeader"] == "Root=2"


async def test_operations_are_asked_for_by_post():
    status, _, told = await post(b"{}", method="GET", x_amz_target="AWSStepFunctions.ListActivities")
    assert (status, json.loads(told)["__type"]) == (404, "UnknownOperationException")


async def test_ready_text_is_sent_as_it_is(operate):
    async def describe(actor, request):
        return b'{"events": []}'

    operate(describe)
    _, _, body = await post(b'{"activityArn": "a"}', x_amz_target="AWSStepFunctions.DescribeActivity")
    assert body == b'{"events": []}'


async def test_a_refusal_carries_its_members(operate):
    async def describe(actor, request):
        raise ActionError("ResourceNotFound", "Resource not found: 'a'", resourceName="a")

    operate(describe)
    assert await call("DescribeActivity", b'{"activityArn": "a"}') == (
        400, {"__type": "ResourceNotFound", "message": "Resource not found: 'a'", "resourceName": "a"})


async def test_a_failure_of_ours_shows_a_request_id_and_no_trace(operate, caplog):
    async def describe(actor, request):
        raise KeyError("a secret detail")

    operate(describe)
    with caplog.at_level(logging.ERROR, "statewright.api"):
        status, answered, body = await post(b'{"activityArn": "a"}', x_amz_target="AWSStepFunctions.DescribeActivity")
    told = json.loads(body)
    assert (status, told["__type"]) == (500, "InternalFailure")
    assert answered["x-amzn-requestid"] in told["message"]
    assert "secret" not in body.decode()
    assert answered["x-amzn-requestid"] in caplog.text
    assert "a secret detail" in caplog.text


@pytest.mark.parametrize(("target", "body", "status", "code"), [
    ("AWSStepFunctions.Nothing", b"{}", 404, "UnknownOperationException"),
    ("DynamoDB_20120810.ListTables", b"{}", 404, "UnknownOperationException"),
    ("", b"{}", 404, "UnknownOperationException"),
    ("AWSStepFunctions.ListActivities", b"{", 400, "SerializationException"),
    ("AWSStepFunctions.ListActivities", b"\xff", 400, "SerializationException"),
    ("AWSStepFunctions.ListActivities", b"[" * 100_000, 400, "SerializationException"),
    ("AWSStepFunctions.ListActivities", b'{"maxResults": 2000}', 400, "ValidationException"),
    ("AWSStepFunctions.DescribeActivity", b"", 400, "ValidationException"),
])
async def test_what_is_no_request_is_refused(target, body, status, code):
    answered, _, told = await post(body, x_amz_target=target)
    assert (answered, json.loads(told)["__type"]) == (status, code)


@pytest.mark.parametrize("headers", [{}, {"content_length": str(3 * 1024 * 1024)}])
async def test_a_body_that_is_too_large_is_refused(headers):
    status, told = await call("ListActivities", b" " * (door.MAX_BODY + 1), **headers)
    assert (status, told["__type"]) == (413, "RequestEntityTooLargeException")


@pytest.mark.parametrize(("origin", "host", "status"), [
    (None, "127.0.0.1:8000", 400),
    ("http://127.0.0.1:8000", "127.0.0.1:8000", 400),
    ("http://localhost:8000", "localhost:8000", 400),
    ("http://evil.example", "127.0.0.1:8000", 403),
    ("http://evil.example:8000", "evil.example:8000", 403),  # DNS rebinding
    ("http://127.0.0.1:9000", "127.0.0.1:8000", 403),
    ("null", "127.0.0.1:8000", 403),
])
async def test_web_pages_of_others_are_refused(origin, host, status):
    headers = {"host": host} | ({"origin": origin} if origin else {})
    answered, told = await call("DescribeActivity", b"{}", **headers)
    assert answered == status
    assert told["__type"] == ("AccessDeniedException" if status == 403 else "ValidationException")


async def test_who_am_i(caller):
    status, headers, body = await post(b"Action=GetCallerIdentity&Version=2011-06-15")
    assert (status, headers["content-type"]) == (200, "text/xml")
    assert b":user/ada</Arn>" in body
    assert caller == ["sts"]


@pytest.mark.parametrize("body", [b"", b"Action=AssumeRole&Version=2011-06-15", b"\xff\x00"])
async def test_other_forms_are_refused_in_their_own_protocol(body):
    status, headers, told = await post(body)
    assert (status, headers["content-type"]) == (404, "text/xml")
    assert b"<Code>UnknownOperationException</Code>" in told


async def test_what_the_lambda_api_does_not_have(caller):
    path, layers = "/2015-03-31/nothing/", "/2018-10-31/layers/a/versions"
    status, headers, _ = await post(b"", path=path, method="GET")
    assert (status, headers["x-amzn-errortype"]) == (404, "UnknownOperationException")
    status, headers, told = await post(b"{}", path=layers)
    assert (status, headers["x-amzn-errortype"]) == (400, "UnsupportedOperation")
    assert b"zip instead of a layer" in told
    assert caller == ["lambda", "lambda"]


@pytest.mark.parametrize(("asked", "wanted"), [
    (scope(x_amz_target="AWSStepFunctions.ListActivities"), True),
    (scope(), True),
    (scope(path="/2015-03-31/functions/", method="GET"), True),
    (scope(path="/2017-03-31/tags/arn", method="GET"), True),
    (scope(method="GET"), False),
    (scope(method="GET", query="Action=GetCallerIdentity&X-Amz-Signature=0"), True),
    (scope(path="/api/v1/machines/"), False),
    ({"type": "websocket", "path": "/"}, False),
])
def test_what_is_for_this_door(asked, wanted):
    assert door.wants(asked) is wanted


async def test_a_client_that_hangs_up_ends_the_wait(operate):
    ended = asyncio.Event()

    async def wait(actor, request):
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    operate(wait, waits=True)
    messages = [{"type": "http.request", "body": b'{"activityArn": "a"}'}, {"type": "http.disconnect"}]

    async def receive():
        return messages.pop(0)

    async def send(message):
        raise AssertionError("nobody is there")

    await door.application(scope(x_amz_target="AWSStepFunctions.DescribeActivity"), receive, send)
    assert ended.is_set()


async def test_an_answer_in_time_ends_the_watch_for_the_client(operate):
    async def describe(actor, request):
        await asyncio.sleep(0)
        return {"taskToken": None}

    operate(describe, waits=True)
    assert await call("DescribeActivity", b'{"activityArn": "a"}') == (200, {"taskToken": None})


def test_every_operation_of_aws_is_answered():
    assert set(operations.OPERATIONS) == door.MODEL.operations
