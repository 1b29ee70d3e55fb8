"""`manage.py serve`: first start, restart, and what it refuses."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.request

import pytest

from tests.support.server import ACCESS_KEY_ID, PASSWORD, ROOT, Server

pytestmark = pytest.mark.acceptance


def serve(server: Server, **settings: str) -> subprocess.CompletedProcess[str]:
    """Try to start another server with the settings of this one."""
    return subprocess.run(
        [sys.executable, "manage.py", "serve"], cwd=ROOT, env=server.environment | settings, capture_output=True,
        text=True, timeout=60, check=False)


def test_a_server_its_second_start_and_what_it_refuses(tmp_path: os.PathLike[str]) -> None:
    with Server() as server:
        with urllib.request.urlopen(f"{server.url}/login/", timeout=10) as page:
            assert page.status == 200
        assert server.client().list_state_machines()["stateMachines"]

        twice = serve(server, STATEWRIGHT_PORT=str(server.port + 1))
        assert twice.returncode != 0
        assert f"Another server (process {server.pid}) is running" in twice.stderr

        taken = serve(server, STATEWRIGHT_DATA_DIR=str(tmp_path), DATABASE_URL=f"sqlite:///{tmp_path}/other.sqlite3")
        assert taken.returncode != 0
        assert f"Cannot listen on 127.0.0.1:{server.port}" in taken.stderr

        wrong = serve(server, STATEWRIGHT_PORT="many")
        assert wrong.returncode != 0
        assert "STATEWRIGHT_PORT" in wrong.stderr
        assert "Traceback" not in wrong.stderr

        server.restart()
        assert server.client().list_state_machines()["stateMachines"]
        assert PASSWORD not in server.log()  # chosen by its owner, so never shown
        assert ACCESS_KEY_ID not in server.log()


def test_what_the_first_start_makes_up_is_shown_once() -> None:
    made_up = {"STATEWRIGHT_ADMIN_PASSWORD": "", "STATEWRIGHT_ACCESS_KEY_ID": "", "STATEWRIGHT_SECRET_ACCESS_KEY": ""}
    with Server(made_up) as server:
        server.restart()
        shown = server.log()
    assert len(re.findall(r"Sign in as 'admin' with the password \S{16}", shown)) == 1
    assert len(re.findall(r"Access key for AWS clients: AKIA\w{16}  secret: \S{40}", shown)) == 1
