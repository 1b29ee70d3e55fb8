"""Function workers and the end of the server: none outlives it, and what they did is done again."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.support.rest import call
from tests.support.server import Server

pytestmark = pytest.mark.acceptance

PROGRAM = """
import os, pathlib, time
def handler(event, context):
    marks = pathlib.Path(event["marks"])
    (marks / str(os.getpid())).touch()
    if len(list(marks.iterdir())) == 1:
        time.sleep(600)
    return "done"
"""


def workers_of(server: Server) -> list[int]:
    """The processes that run code out of the server's data folder."""
    needle = str(server.folder).encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if b"launcher.py" in (command := (entry / "cmdline").read_bytes()) and needle in command:
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def until(condition: Any) -> Any:
    deadline = time.monotonic() + 60
    while not (value := condition()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return value


@pytest.mark.parametrize("end", ["kill", "stop"])
def test_a_call_under_way_when_the_server_ends_is_made_again(tmp_path: Path, end: str) -> None:
    with Server() as server:
        call(server.url, "PUT", "functions/once/", {"source": PROGRAM})
        client = server.client()
        machine = client.create_state_machine(
            name="calls", roleArn="arn:aws:iam::000000000000:role/x", definition=json.dumps({
                "StartAt": "Call", "States": {"Call": {
                    "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:once", "End": True}}}))
        marks = tmp_path / "marks"
        marks.mkdir()
        execution = client.start_execution(
            stateMachineArn=machine["stateMachineArn"], input=json.dumps({"marks": str(marks)}))["executionArn"]
        assert until(lambda: list(marks.iterdir()))
        getattr(server, end)()
        assert until(lambda: not workers_of(server))
        server.start()
        described: dict[str, Any] = {}

        def ended() -> bool:
            described.update(client.describe_execution(executionArn=execution))
            return described["status"] != "RUNNING"

        assert until(ended)
        assert (described["status"], described.get("output")) == ("SUCCEEDED", '"done"'), described
        assert len(list(marks.iterdir())) == 2
