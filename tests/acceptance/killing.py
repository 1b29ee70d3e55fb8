"""kill -9 at random moments under hundreds of running executions: nothing is lost, nothing doubled."""

from __future__ import annotations

import json
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import psycopg

from tests.acceptance.mixture import KINDS, LONG, Helpers, Mixture, marks_of, output_of
from tests.support import rest
from tests.support.server import Server

RUNNING = 200  # at least so many run at every kill
FRESH = 30  # of all kinds, started while the server is about to die
COUNT = "SELECT count(*) FROM executions_execution WHERE status = 'RUNNING'"
Running = Callable[[], int]
ENDINGS = {"ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut"}


def kill_rounds(folder: Path, rounds: int, seed: int, at_least: int = RUNNING) -> int:
    """`survive` with a server of its own."""
    with Server() as server:
        return survive(server, folder / f"marks-{seed}", lambda: _running(server), rounds, seed, at_least)


def survive(server: Server, marks: Path, running: Running, rounds: int, seed: int, at_least: int = RUNNING) -> int:
    """Kill and restart the server `rounds` times, then wait until all has ended and look at all of it.

    `running` counts in the database what runs.  How many executions had been acknowledged; AssertionError when one
    was lost, doubled or went wrong.
    """
    dice = random.Random(seed)
    with ThreadPoolExecutor(4) as pool:
        mixture, helpers = Mixture(server, marks), Helpers(server)
        mixture.prepare()
        helpers.start()
        at_kill = [_round(server, mixture, pool, number, dice, running, at_least) for number in range(rounds)]
        helpers.pace = 0.0
        _wait_for_the_end(running)
        helpers.stop()
        assert not helpers.errors
        assert min(at_kill) >= at_least, at_kill
        assert len(mixture.acknowledged) >= at_least + rounds
        _check_outcomes(server, mixture)
        assert "Traceback" not in server.log()
        return len(mixture.acknowledged)


def _round(
    server: Server, mixture: Mixture, pool: ThreadPoolExecutor, number: int, dice: random.Random, running: Running,
    at_least: int,
) -> int:
    """Start executions of all kinds, and kill the server at a random moment of it; how many ran then."""
    missing = max(0, at_least + 40 - running())
    kinds = [dice.choice(LONG) for _ in range(missing)] + [dice.choice(KINDS) for _ in range(FRESH)]
    starts = mixture.start_many(pool, kinds, number, dice)
    wait(starts[:missing])
    time.sleep(dice.uniform(0, 1.5))
    count = running()
    server.kill()
    wait(starts)
    server.start()
    return count


def _running(server: Server) -> int:
    """Read from the database itself: what is durable counts, not what the server says."""
    row: Any
    if url := server.environment.get("DATABASE_URL"):
        with psycopg.connect(url) as opened:
            row = opened.execute(COUNT).fetchone()
    else:
        with sqlite3.connect(server.folder / "data" / "statewright.sqlite3", timeout=20) as connection:
            row = connection.execute(COUNT).fetchone()
    return int(row[0])


def _wait_for_the_end(running: Running) -> None:
    while running():
        time.sleep(0.2)


def _check_outcomes(server: Server, mixture: Mixture) -> None:
    client = server.client()
    marks = Counter(mixture.marks.read_text().splitlines())
    for arn, (kind, given) in mixture.acknowledged.items():
        answer = _described(server, client, arn)
        assert answer["status"] == "SUCCEEDED", (arn, answer)
        assert json.loads(answer["output"]) == output_of(kind, given), arn
        for mark in marks_of(kind):
            assert marks[f"{answer['name']} {mark}"] >= 1, (arn, mark)
        _check_history(_history(server, client, answer), arn)


def _described(server: Server, client: Any, arn: str) -> dict[str, Any]:
    """AWS's operations do not tell of Express executions; the REST API does."""
    if ":express:" not in arn:
        return dict(client.describe_execution(executionArn=arn))
    found = rest.call(server.url, "GET", f"executions/?q={arn}")["executions"]
    assert len(found) == 1, (arn, found)
    return dict(rest.call(server.url, "GET", f"executions/{found[0]['id']}/"))


def _history(server: Server, client: Any, answer: dict[str, Any]) -> list[dict[str, Any]]:
    if "executionArn" not in answer:
        return list(rest.call(server.url, "GET", f"executions/{answer['id']}/events/?whole=1")["events"])
    pages = client.get_paginator("get_execution_history").paginate(executionArn=answer["executionArn"])
    return [event for page in pages for event in page["events"]]


def _check_history(events: list[dict[str, Any]], arn: str) -> None:
    """Ids without a gap, times that never fall, one beginning and one end, and every state left as often as entered."""
    assert [event["id"] for event in events] == list(range(1, len(events) + 1)), arn
    assert all(event["previousEventId"] < event["id"] for event in events), arn
    times = [event["timestamp"] for event in events]
    assert times == sorted(times), arn
    kinds = Counter(event["type"] for event in events)
    assert events[0]["type"] == "ExecutionStarted", arn
    assert kinds["ExecutionStarted"] == 1, arn
    assert sum(kinds[ending] for ending in ENDINGS) == 1, arn
    assert events[-1]["type"] == "ExecutionSucceeded", arn
    for kind, count in kinds.items():
        if kind.endswith("StateEntered"):
            assert kinds[kind.replace("Entered", "Exited")] == count, (arn, kind)
