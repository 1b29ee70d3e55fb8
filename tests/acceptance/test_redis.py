"""Live updates through Redis: what one server commits is told to the sockets by way of the configured layer."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import time
import urllib.parse
import urllib.request
from typing import Any

import pytest
import redis
from websockets.sync.client import ClientConnection, connect

from tests.support import rest
from tests.support.environment import NAMED
from tests.support.server import PASSWORD, Server

pytestmark = [pytest.mark.services, pytest.mark.acceptance]
URL = NAMED["REDIS_URL"] or "redis://127.0.0.1:6379/9"
ROLE = "arn:aws:iam::000000000000:role/test"
WAIT = {"StartAt": "W", "States": {
    "W": {"Type": "Wait", "Seconds": 1, "Next": "P"}, "P": {"Type": "Pass", "End": True}}}


@pytest.fixture(autouse=True)
def _redis() -> None:
    connection = redis.Redis.from_url(URL, socket_connect_timeout=3)
    try:
        connection.ping()
    except redis.ConnectionError:
        if os.environ.get("REQUIRE_SERVICES") == "1":
            raise
        pytest.skip("Redis does not answer on its default port.")
    finally:
        connection.close()


def test_an_execution_is_told_live_through_redis() -> None:
    with Server({"REDIS_URL": URL}) as server:
        client = server.client()
        machine = client.create_state_machine(name="live", definition=json.dumps(WAIT), roleArn=ROLE)
        client.start_execution(stateMachineArn=machine["stateMachineArn"], name="one")
        (run,) = rest.call(server.url, "GET", "executions/?machine=live")["executions"]
        address = f"{server.url.replace('http', 'ws')}/ws/executions/{run['id']}/?after=0"
        with connect(address, origin=server.url, additional_headers={"Cookie": signed_in(server)}) as socket:
            seen = watch(socket)
        assert [event["id"] for event in seen] == list(range(1, len(seen) + 1))
        assert seen[-1]["type"] == "ExecutionSucceeded"
        server.stop()


def signed_in(server: Server) -> str:
    """The session cookie after the login form."""
    cookies = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
    page = opener.open(f"{server.url}/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    form = {"username": "admin", "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
    opener.open(f"{server.url}/login/", urllib.parse.urlencode(form).encode())
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in cookies)


def watch(socket: ClientConnection, seconds: float = 20) -> list[dict[str, Any]]:
    """Events as they are told, until the execution has ended."""
    seen: list[dict[str, Any]] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        message = json.loads(socket.recv(timeout=seconds))
        seen += message.get("events", [])
        if message.get("status") not in (None, "RUNNING"):
            return seen
    raise AssertionError(f"It was not told to the end: {seen}")
