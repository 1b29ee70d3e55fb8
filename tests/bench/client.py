"""A plain client of the AWS door, for what the shared driver does not measure, and the server's CPU time."""

from __future__ import annotations

import http.client
import json
import time
import uuid
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

ROLE: Final = "arn:aws:iam::000000000000:role/bench"
PATIENCE: Final = 120.0  # seconds
IDLE: Final = 2.0  # seconds after which the server may have closed a connection


def headers_of(operation: str) -> dict[str, str]:
    """The server runs with its signatures switched off."""
    return {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"AWSStepFunctions.{operation}"}


class Client:
    """One connection that is kept."""

    def __init__(self, url: str, pid: int) -> None:
        parts = urlsplit(url)
        self.url, self._pid = url, pid
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
        self._used = 0.0

    def call(self, operation: str, **members: Any) -> dict[str, Any]:
        if time.monotonic() - self._used > IDLE:
            self._connection.close()  # the next request opens another
        self._connection.request("POST", "/", json.dumps(members), headers_of(operation))
        answer = self._connection.getresponse()
        body: dict[str, Any] = json.loads(answer.read())
        self._used = time.monotonic()
        if answer.status != 200:
            raise RuntimeError(f"{operation}: {body}")
        return body

    def create(self, definition: dict[str, Any], kind: str = "STANDARD") -> str:
        """The ARN of a new state machine."""
        name = f"bench-{uuid.uuid4().hex}"
        made = self.call("CreateStateMachine", name=name, definition=json.dumps(definition), roleArn=ROLE, type=kind)
        return str(made["stateMachineArn"])

    def run(self, machine: str, times: int = 1) -> list[str]:
        """Start executions, wait until none runs; all must have succeeded.  Their ARNs."""
        arns = [self.call("StartExecution", stateMachineArn=machine)["executionArn"] for _ in range(times)]
        self.wait(machine)
        for arn in arns:
            status = self.call("DescribeExecution", executionArn=arn)["status"]
            if status != "SUCCEEDED":
                raise RuntimeError(f"{arn} ended as {status}.")
        return arns

    def wait(self, machine: str) -> None:
        """Wait until no execution of the machine runs."""
        until = time.monotonic() + PATIENCE
        while self.call("ListExecutions", stateMachineArn=machine, statusFilter="RUNNING", maxResults=1)["executions"]:
            if time.monotonic() > until:
                raise RuntimeError(f"Executions of {machine} still run after {PATIENCE:.0f} s.")
            time.sleep(0.02)

    def cpu(self) -> float:
        """Seconds of CPU that the server's threads have used, to the microsecond: the times of `ps` count in 10 ms."""
        threads = Path(f"/proc/{self._pid}/task").glob("*/schedstat")
        return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9

    def memory(self) -> int:
        """Bytes that are resident."""
        pages = int(Path(f"/proc/{self._pid}/statm").read_text().split()[1])
        return pages * 4096
