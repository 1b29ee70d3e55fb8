"""What is only on PostgreSQL; tests/conftest.py runs the other acceptance tests there, too."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.support.postgresql import URL, database, new_name, require_postgresql
from tests.support.server import ROOT, Server

pytestmark = [pytest.mark.services, pytest.mark.acceptance, pytest.mark.one_database, pytest.mark.timeout(600)]

ROLE = "arn:aws:iam::000000000000:role/test"
ROOMS = [f"tests/executions/{room}" for room in ("store", "worker", "actions")]


@pytest.fixture(autouse=True)
def _server() -> None:
    require_postgresql()


def test_store_worker_and_actions_pass_their_tests_there() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *ROOMS], cwd=ROOT, text=True, check=False,
        env=os.environ | {"TESTS_DATABASE_URL": f"{URL}/{new_name()}"}, capture_output=True)
    assert done.returncode == 0, done.stdout[-8000:]


def test_executions_go_on_after_a_kill() -> None:
    definition = {"StartAt": "W", "States": {
        "W": {"Type": "Wait", "Seconds": 2, "Next": "P"}, "P": {"Type": "Pass", "Result": "done", "End": True}}}
    with database() as url, Server({"DATABASE_URL": url}) as server:
        client = server.client()
        machine = client.create_state_machine(name="m", definition=json.dumps(definition), roleArn=ROLE)
        arns = [client.start_execution(stateMachineArn=machine["stateMachineArn"])["executionArn"] for _ in range(20)]
        server.kill()
        server.start()
        assert [_output(client, arn) for arn in arns] == ['"done"'] * 20
        assert not (server.folder / "data" / "statewright.sqlite3").exists()
        server.stop()


def test_one_database_has_one_server(tmp_path: Path) -> None:
    with database() as url, Server({"DATABASE_URL": url}) as server:
        elsewhere = {"STATEWRIGHT_DATA_DIR": str(tmp_path), "STATEWRIGHT_PORT": str(server.port + 1)}
        other = subprocess.run(
            [sys.executable, "manage.py", "serve"], cwd=ROOT, env=server.environment | elsewhere,
            capture_output=True, text=True, timeout=60, check=False)
        assert other.returncode != 0
        assert "Another server is running on the database" in other.stderr
        server.stop()


def _output(client: Any, arn: str) -> str:
    while (answer := client.describe_execution(executionArn=arn))["status"] == "RUNNING":
        time.sleep(0.1)
    output: str = answer["output"]
    return output
