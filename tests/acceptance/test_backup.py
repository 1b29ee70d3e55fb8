"""`manage.py backup` while executions run, and what `manage.py restore` makes of it."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
import time
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.server import ROOT, Server

pytestmark = [pytest.mark.acceptance, pytest.mark.one_database, pytest.mark.timeout(240)]

ROLE = "arn:aws:iam::000000000000:role/test"
DEFINITION = {"StartAt": "A", "States": {
    "A": {"Type": "Pass", "Next": "W"}, "W": {"Type": "Wait", "SecondsPath": "$.seconds", "Next": "B"},
    "B": {"Type": "Pass", "End": True}}}


def manage(server: Server, *args: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *args], cwd=ROOT, env=server.environment | settings, capture_output=True,
        text=True, timeout=120, check=False)


def started(client: Any, machine: str, seconds: int) -> str:
    answer = client.start_execution(stateMachineArn=machine, input=json.dumps({"seconds": seconds}))
    arn: str = answer["executionArn"]
    return arn


def statuses(database: Path) -> dict[str, str]:
    with closing(sqlite3.connect(database, timeout=20)) as opened:
        return dict(opened.execute("SELECT arn, status FROM executions_execution"))


def test_a_backup_of_a_busy_server_goes_on_elsewhere(tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    with Server() as server:
        client = server.client()
        arn = client.create_state_machine(name="m", definition=json.dumps(DEFINITION), roleArn=ROLE)["stateMachineArn"]
        ended = started(client, arn, 0)
        before = [started(client, arn, 5 + number % 10) for number in range(200)]
        done = threading.Event()

        def go_on() -> None:
            other = server.client()
            while not done.is_set():
                started(other, arn, 1)

        busy = threading.Thread(target=go_on)
        busy.start()
        try:
            made = manage(server, "backup", str(file))
        finally:
            done.set()
            busy.join(60)
        assert made.returncode == 0, made.stderr
        assert file.stat().st_mode & 0o077 == 0
        assert [path.name for path in tmp_path.iterdir()] == ["backup.zip"]

        again = manage(server, "backup", str(file))
        assert again.returncode != 0
        assert "--force" in again.stderr
        refused = manage(server, "restore", str(file), "--force")
        assert refused.returncode != 0
        assert f"Another server (process {server.pid}) is running" in refused.stderr

    other = Server()
    try:
        restored = manage(other, "restore", str(file))
        assert restored.returncode == 0, restored.stderr
        assert not restored.stderr
        database = other.folder / "data" / "statewright.sqlite3"
        assert set(before) <= statuses(database).keys()
        assert "RUNNING" in statuses(database).values()
        other.start()
        assert other.client().describe_execution(executionArn=ended)["status"] == "SUCCEEDED"
        while "RUNNING" in (found := statuses(database)).values():
            time.sleep(0.1)
        assert set(found.values()) == {"SUCCEEDED"}
        history = other.client().get_execution_history(executionArn=before[0])["events"]
        assert [event["id"] for event in history] == list(range(1, 9))
        other.stop()
        full = manage(other, "restore", str(file))
        assert full.returncode != 0
        assert "is not empty" in full.stderr
        forced = manage(other, "restore", str(file), "--force")
        assert forced.returncode == 0, forced.stderr
        assert "RUNNING" in statuses(database).values()
        assert set(statuses(database.with_name("statewright.sqlite3.before-restore")).values()) == {"SUCCEEDED"}
        elsewhere = manage(other, "restore", str(file), "--force", STATEWRIGHT_SECRET_KEY="another")
        assert "STATEWRIGHT_SECRET_KEY is not that" in elsewhere.stderr
    finally:
        other.close()


def test_what_is_refused(tmp_path: Path) -> None:
    server = Server()
    try:
        for command, said in (("backup", "No backup was made"), ("restore", "Nothing was restored")):
            answer = manage(server, command, str(tmp_path / "f"), DATABASE_URL="postgres://u:p@127.0.0.1:1/none")
            assert answer.returncode != 0
            assert said in answer.stderr
            assert "pg_dump" in answer.stderr
        assert "There is no database" in manage(server, "backup", str(tmp_path / "f")).stderr
        wrong = tmp_path / "wrong.zip"
        wrong.write_bytes(b"no zip")
        assert "is not a backup" in manage(server, "restore", str(wrong)).stderr
        with zipfile.ZipFile(wrong, "w") as archive:
            archive.writestr("manifest.json", '{"format": 99}')
            archive.writestr("statewright.sqlite3", "")
        assert "has the format 99" in manage(server, "restore", str(wrong)).stderr
        missing = manage(server, "restore", str(tmp_path / "missing"))
        assert missing.returncode != 0
        assert "Traceback" not in missing.stderr
        assert not (server.folder / "data" / "statewright.sqlite3").exists()
    finally:
        server.close()
