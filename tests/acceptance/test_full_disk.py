"""A disk that is really full: what is new is refused clearly, nothing is corrupt, and it goes on when there is room."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.server import Server

pytestmark = [pytest.mark.acceptance, pytest.mark.one_database, pytest.mark.timeout(300)]

MEGABYTES = 24
ROLE = "arn:aws:iam::000000000000:role/test"
WAITS = {"StartAt": "Short", "States": {
    "Short": {"Type": "Wait", "Seconds": 3, "Next": "Done"}, "Done": {"Type": "Pass", "End": True}}}
LARGE = json.dumps({"text": "x" * 200_000})


@pytest.fixture
def server() -> Iterator[Server]:
    """A server whose data folder is a small disk of its own."""
    server = Server()
    data = server.folder / "data"
    data.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(data)],
        capture_output=True, text=True, check=False)
    if mounted.returncode:
        server.close()
        pytest.skip(f"only root can make a small disk: {mounted.stderr.strip()}")
    try:
        with server:
            yield server
            server.stop()
    finally:
        subprocess.run(["umount", "--lazy", str(data)], check=True)


def fill(path: Path) -> None:
    """Write until there is no room at all."""
    with path.open("wb", buffering=0) as file:
        for size in (65536, 512):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue


def starts(client: Any, machine: str, name: str, input: str = "{}") -> str | None:
    """The ARN of the execution, or None when it was refused as it should be."""
    try:
        return str(client.start_execution(stateMachineArn=machine, name=name, input=input)["executionArn"])
    except ClientError as error:
        said = error.response
    assert said["Error"]["Code"] == "ServiceUnavailable", said
    assert "cannot be written" in said["Error"]["Message"]
    assert said["ResponseMetadata"]["HTTPStatusCode"] == 503
    return None


def test_a_full_disk_refuses_clearly_and_goes_on_when_there_is_room(server: Server) -> None:
    client = server.client()
    machine = client.create_state_machine(name="waits", definition=json.dumps(WAITS), roleArn=ROLE)["stateMachineArn"]
    acknowledged = [arn for number in range(10) if (arn := starts(client, machine, f"before-{number}"))]
    assert len(acknowledged) == 10
    ballast = server.folder / "data" / "ballast"
    fill(ballast)

    # The write-ahead log has some room in its file; large inputs use it up, whereupon one is refused.
    for number in range(100):
        arn = starts(client, machine, f"full-{number}", LARGE)
        if arn is None:
            refused = f"full-{number}"
            break
        acknowledged.append(arn)
    else:
        pytest.fail("the disk did not become full")
    # What is there can still be read.
    described = client.describe_execution(executionArn=acknowledged[0])
    assert described["status"] in {"RUNNING", "SUCCEEDED"}

    ballast.unlink()
    ended = [wait(client, arn) for arn in acknowledged]
    assert ended == ["SUCCEEDED"] * len(acknowledged)
    # The name of what was refused is free, or (its commit came through late) its one run ends as well.
    again = starts(client, machine, refused, LARGE)
    assert again is not None
    assert wait(client, again) == "SUCCEEDED"

    server.stop()
    with closing(sqlite3.connect(server.folder / "data" / "statewright.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    server.start()
    assert [client.describe_execution(executionArn=arn)["status"] for arn in acknowledged] == ended


def wait(client: Any, arn: str) -> str:
    """The status an execution ends with."""
    until = time.monotonic() + 60
    while (status := client.describe_execution(executionArn=arn)["status"]) == "RUNNING":
        assert time.monotonic() < until, f"{arn} still runs"
        time.sleep(0.1)
    return str(status)
