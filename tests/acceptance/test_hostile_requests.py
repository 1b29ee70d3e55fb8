"""Requests that nobody should send, to the real server: each gets a well-formed refusal, none breaks anything."""

from __future__ import annotations

import http.client
import json
import random
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.loaders import Loader

from tests.campaigns.fuzz import Fuzz, judge
from tests.support.hostile import VALUES, places, spoiled
from tests.support.rest_requests import rest_requests, rest_things
from tests.support.server import ACCESS_KEY_ID, SECRET_ACCESS_KEY, Server

pytestmark = pytest.mark.acceptance

MODEL = Loader().load_service_model("stepfunctions", "service-2")
ROLE = "arn:aws:iam::000000000000:role/run"
PASS = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}'
SIGNED = {"Authorization": f"Bearer {ACCESS_KEY_ID}:{SECRET_ACCESS_KEY}"}


@pytest.fixture(scope="module")
def server(each_database: str) -> Iterator[Server]:
    with Server({"STATEWRIGHT_VERIFY_SIGNATURES": "off"}) as server:
        yield server


IDLE = 2.0  # seconds


class Caller:
    """One kept connection."""

    def __init__(self, server: Server) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self._used = time.monotonic()

    def __call__(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if time.monotonic() - self._used > IDLE:
            self._connection.close()  # the server may have closed it; the next request opens another
        self._connection.request(method, path, body, named)
        answer = self._connection.getresponse()
        said = answer.read()
        self._used = time.monotonic()
        return answer.status, said

    def close(self) -> None:
        self._connection.close()

    def operation(self, name: str, body: bytes) -> tuple[int, Any]:
        status, text = self("POST", "/", body, X_Amz_Target=f"AWSStepFunctions.{name}",
                            Content_Type="application/x-amz-json-1.0")
        return status, json.loads(text)

    def rest(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        return self(method, path, body, **SIGNED, **({} if body is None else {"Content_Type": "application/json"}))


@pytest.fixture(scope="module")
def call(server: Server) -> Iterator[Caller]:
    caller = Caller(server)
    yield caller
    caller.close()


@pytest.fixture(scope="module")
def known(server: Server) -> dict[str, str]:
    """What there is, by the names of the members that name it."""
    client = server.client()
    machine = client.create_state_machine(name="m", definition=PASS, roleArn=ROLE, publish=True)
    version = machine["stateMachineVersionArn"]
    alias = client.create_state_machine_alias(
        name="live", routingConfiguration=[{"stateMachineVersionArn": version, "weight": 100}])
    execution = client.start_execution(stateMachineArn=machine["stateMachineArn"])["executionArn"]
    return {
        "stateMachineArn": machine["stateMachineArn"], "resourceArn": machine["stateMachineArn"],
        "stateMachineVersionArn": version, "stateMachineAliasArn": alias["stateMachineAliasArn"],
        "executionArn": execution, "activityArn": client.create_activity(name="a")["activityArn"],
        "definition": PASS, "input": "{}", "output": "{}", "roleArn": ROLE,
        "mapRunArn": "arn:aws:states:us-east-1:000000000000:mapRun:m/l:6a7e9b32-0f5c-4c3e-9a64-3f1f9a1f0000",
    }


def example(shape: str, known: dict[str, str], name: str = "", depth: int = 0) -> Any:
    """A request that a model's shape allows."""
    spec = MODEL["shapes"][shape]
    match spec["type"]:
        case "structure" if depth < 6:
            return {member: example(part["shape"], known, member, depth + 1)
                    for member, part in spec["members"].items() if member != "nextToken"}
        case "list":
            return [example(spec["member"]["shape"], known, name, depth + 1)]
        case "string":
            return known.get(name) or spec.get("enum", ["abc"])[0]
        case "boolean":
            return True
        case "integer" | "long":
            return max(1, spec.get("min", 1))
        case _:
            return {}


def well_formed(status: int, told: Any) -> bool:
    return status == 200 or (400 <= status < 500 and {"__type", "message"} <= told.keys())


@pytest.mark.parametrize("operation", sorted(MODEL["operations"].keys() - {"GetActivityTask"}))
def test_no_member_breaks_an_operation(operation: str, call: Caller, known: dict[str, str]) -> None:
    shape = MODEL["operations"][operation]["input"]["shape"]
    good = example(shape, known)
    required = MODEL["shapes"][shape].get("required", [])
    wrong = {}
    for path in places(good):
        few = {name: item for name, item in good.items() if name in required or name in path[:1]}
        for request in (good, few):
            for value in VALUES:
                answer = call.operation(operation, spoiled(request, path if request is good or path else (), value))
                if not well_formed(*answer):
                    wrong[(path, value[:40])] = answer
    assert not wrong


@pytest.mark.parametrize("body", [
    b"\xff\xfe", b"{", b"", b"null", b"[]", b'"text"', b"{" * 1000, b'{"a":' * 5_000 + b"1" + b"}" * 5_000, b"\0",
    b"NaN", b"1" * 10_000,
])
def test_no_body_breaks_the_door(body: bytes, call: Caller) -> None:
    status, told = call.operation("ListStateMachines", body)
    assert well_formed(status, told)
    assert status == (200 if not body else 400)


@pytest.mark.parametrize("text", ["\ud800", "a\0b", "a\0\udfffb"])
def test_text_that_databases_cannot_hold(text: str, call: Caller, known: dict[str, str]) -> None:
    """Half surrogate pairs become "?", as in AWS; NUL a replacement character."""

    def ask(operation: str, /, **request: Any) -> Any:
        status, told = call.operation(operation, json.dumps(request).encode())
        assert status == 200, told
        return told

    machine = ask("CreateStateMachine", name=f"text-{text.encode('utf-8', 'surrogatepass').hex()}", roleArn=ROLE,
                  definition=PASS.replace("{", f'{{"Comment": {json.dumps(text)},', 1), publish=True,
                  versionDescription=text)
    shown = text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    version = ask("DescribeStateMachine", stateMachineArn=machine["stateMachineVersionArn"])
    assert version["description"] == shown
    named = json.dumps("A" + text.replace("\0", ""), ensure_ascii=False)
    ask("UpdateStateMachine", stateMachineArn=machine["stateMachineArn"], definition=PASS.replace('"A"', named))
    alias = ask("CreateStateMachineAlias", name="live", description=text, routingConfiguration=[
        {"stateMachineVersionArn": machine["stateMachineVersionArn"], "weight": 100}])
    described = ask("DescribeStateMachineAlias", stateMachineAliasArn=alias["stateMachineAliasArn"])
    assert described["description"] == shown
    ask("UntagResource", resourceArn=machine["stateMachineArn"], tagKeys=[text])
    ask("StartExecution", stateMachineArn=machine["stateMachineArn"], input=json.dumps({"a": text}))
    raw = json.dumps({"a": text.replace("\0", "")}, ensure_ascii=False)
    ask("StartExecution", stateMachineArn=machine["stateMachineArn"], input=raw)


def test_no_request_breaks_the_rest_api(server: Server, call: Caller) -> None:
    """Every operation of the OpenAPI document, each parameter and member in turn: never a 5xx, refusals in JSON."""
    schema = json.loads(call.rest("GET", "/api/v1/schema/?format=json")[1])
    there = rest_things(call.rest)
    wrong = {}
    for method, path, query, body in rest_requests(schema, there):
        status, text = call.rest(method, path + query, body)
        told = json.loads(text) if text and status >= 400 and status != 404 and len(path) < 2_000 else None
        if status >= 500 or (status >= 400 and told is not None and not {"code", "message"} <= told.keys()):
            wrong[(method, path[:80], query[:60], (body or b"")[:80])] = status, text[:100]
    assert not wrong


def test_a_request_of_any_size_is_refused_before_it_is_kept(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as client:
        client.sendall(b"POST /api/v1/check/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
        for _ in range(100):
            try:
                client.sendall(chunk)
            except OSError:
                break
        assert client.recv(100).startswith(b"HTTP/1.1 413")


def test_clients_who_send_nothing_hold_up_nobody(server: Server, call: Caller) -> None:
    slow = [socket.create_connection(("127.0.0.1", server.port), timeout=60) for _ in range(20)]
    try:
        for client in slow:
            client.sendall(b"POST /login/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx")
        assert call("GET", "/login/")[0] == 200
    finally:
        for client in slow:
            client.close()


def test_requests_with_anything_wrong_in_them(server: Server) -> None:
    """A little of `make fuzz`."""
    fuzz = Fuzz(server, random.Random(9))
    fuzz.run(400)
    assert not list(judge(fuzz))
