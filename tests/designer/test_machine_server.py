"""State machines on the real server: runs in the list, deletion that ends what runs."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.support.rest import Refused, call
from tests.support.server import Server

pytestmark = pytest.mark.acceptance

WAITING = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3600, "End": True}}}
QUICK = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}


@pytest.fixture(scope="module")
def server(each_database: str) -> Iterator[Server]:
    with Server() as running:
        yield running


def runs(server: Server, name: str) -> list[str]:
    rows = call(server.url, "GET", f"machines/?search={name}")["machines"]
    return [run["status"] for run in next(row for row in rows if row["name"] == name)["runs"]]


def test_the_list_shows_the_last_runs(server: Server) -> None:
    call(server.url, "POST", "machines/", {"name": "quick", "definition": QUICK})
    for _ in range(3):
        call(server.url, "POST", "machines/quick/executions/", {"input": {}})
    until = time.monotonic() + 20
    while runs(server, "quick") != ["SUCCEEDED"] * 3 and time.monotonic() < until:
        time.sleep(0.05)
    assert runs(server, "quick") == ["SUCCEEDED"] * 3


def test_deleting_ends_what_runs(server: Server) -> None:
    call(server.url, "POST", "machines/", {"name": "waiting", "definition": WAITING})
    execution = call(server.url, "POST", "machines/waiting/executions/", {"input": {}})["id"]
    call(server.url, "DELETE", "machines/waiting/")
    with pytest.raises(Refused) as machine:
        call(server.url, "GET", "machines/waiting/")
    assert machine.value.status in (404, 400)
    with pytest.raises(Refused) as gone:
        call(server.url, "GET", f"executions/{execution}/")
    assert gone.value.status == 404


def test_a_run_that_waits_for_a_person_says_so(server: Server) -> None:
    call(server.url, "POST", "machines/human-in-the-loop/executions/", {"input": {"document": "d", "riskScore": 64}})
    until = time.monotonic() + 20
    while runs(server, "human-in-the-loop") != ["WAITING"] and time.monotonic() < until:
        time.sleep(0.05)
    assert runs(server, "human-in-the-loop") == ["WAITING"]
