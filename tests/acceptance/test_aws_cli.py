"""The AWS CLI, unchanged, against the real server: machines, executions, histories, activities, identity, pages."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.support.server import ACCESS_KEY_ID, SECRET_ACCESS_KEY, Server

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(300)]

ROLE = "arn:aws:iam::000000000000:role/run"
PASS = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"n": 1}, "End": True}}}


class Cli:
    """`aws SERVICE …` with the server's address and key; its JSON answer."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.environment = server.environment | {
            "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
            "AWS_DEFAULT_REGION": "us-east-1", "AWS_CONFIG_FILE": str(server.folder / "none"),
            "AWS_SHARED_CREDENTIALS_FILE": str(server.folder / "none")}

    def __call__(self, *words: str, service: str = "stepfunctions") -> Any:
        where = ["--endpoint-url", self.server.url, "--output", "json"]
        command = [sys.executable, "-m", "awscli", service, *words, *where]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None


def test_a_working_day_with_the_cli() -> None:
    with Server() as server:
        aws = Cli(server)
        assert aws("get-caller-identity", service="sts")["Account"] == "000000000000"
        made = aws("create-state-machine", "--name", "cli", "--definition", json.dumps(PASS), "--role-arn", ROLE)
        machine = made["stateMachineArn"]
        assert machine in [row["stateMachineArn"] for row in aws("list-state-machines")["stateMachines"]]
        arn = aws("start-execution", "--state-machine-arn", machine, "--input", "{}")["executionArn"]
        described = aws("describe-execution", "--execution-arn", arn)
        assert (described["status"], described["output"]) == ("SUCCEEDED", '{"n":1}')
        history = aws("get-execution-history", "--execution-arn", arn)["events"]
        assert [event["type"] for event in history] == [
            "ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]
        _an_activity(aws)
        _a_function(aws, server.folder)
        _pages(server, machine)


def _an_activity(aws: Cli) -> None:
    activity = aws("create-activity", "--name", "work")["activityArn"]
    definition = {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": activity, "End": True}}}
    made = aws("create-state-machine", "--name", "acts", "--definition", json.dumps(definition), "--role-arn", ROLE)
    arn = aws("start-execution", "--state-machine-arn", made["stateMachineArn"])["executionArn"]
    token = aws("get-activity-task", "--activity-arn", activity)["taskToken"]
    aws("send-task-failure", "--task-token", token, "--error", "E")
    described = aws("describe-execution", "--execution-arn", arn)
    assert (described["status"], described["redriveStatus"]) == ("FAILED", "REDRIVABLE")
    aws("redrive-execution", "--execution-arn", arn)
    token = aws("get-activity-task", "--activity-arn", activity)["taskToken"]
    aws("send-task-success", "--task-token", token, "--task-output", '{"done": true}')
    assert aws("describe-execution", "--execution-arn", arn)["status"] == "SUCCEEDED"


def _a_function(aws: Cli, folder: Path) -> None:
    """A zip deployed, published and called, as the Lambda CLI does it."""
    with zipfile.ZipFile(folder / "code.zip", "w") as archive:
        archive.writestr("app.py", "def handler(event, context):\n    return event['n'] + 1\n")
    made = aws("create-function", "--function-name", "cli", "--runtime", "python3.12", "--handler", "app.handler",
               "--role", ROLE, "--zip-file", f"fileb://{folder / 'code.zip'}", "--publish", service="lambda")
    assert (made["Version"], made["State"]) == ("1", "Active")
    out = folder / "out.json"
    told = aws("invoke", "--function-name", "cli:1", "--payload", '{"n": 1}', str(out), service="lambda")
    assert (told["ExecutedVersion"], out.read_text()) == ("1", "2")


def _pages(server: Server, machine: str) -> None:
    """boto3's paginators see everything once, over a restart of the server as well."""
    client = server.client()
    for _ in range(5):
        client.start_execution(stateMachineArn=machine)
    pages = client.get_paginator("list_executions").paginate(
        stateMachineArn=machine, PaginationConfig={"PageSize": 2})
    arns: list[str] = []
    for number, page in enumerate(pages):
        arns += [row["executionArn"] for row in page["executions"]]
        if number == 0:
            server.kill()
            server.restart()
    assert len(arns) == len(set(arns)) == 6
