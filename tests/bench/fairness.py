"""Do large executions hold up small ones?  The time of StartExecution, up to its answer, beside two that never rest."""

from __future__ import annotations

import json
import threading
import time
from typing import Any, Final

from tests.bench.client import Client
from tests.bench.interpreter import fan, loop
from tests.support.server import Server

MOST_MS: Final = 100.0
STARTS: Final = 600
PAUSE: Final = 0.02  # seconds between two starts
PASS: Final[dict[str, Any]] = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}


def main(server: Server) -> bool:
    """Whether the 99th percentile stays below the promised time beside each kind of large execution."""
    held = []
    for title, definition in (("a loop of 10,000 steps", loop(5_000)), ("a Map of 4,000 items", fan(4_000))):
        starts_ms, ends_ms = _beside(server, definition)
        held.append(_p99(starts_ms) < MOST_MS)
        print(f"beside {title:24} start p50 {_p50(starts_ms):6.1f} ms, p99 {_p99(starts_ms):6.1f} ms (below "
              f"{MOST_MS:.0f}): {'holds' if held[-1] else 'does not hold'}; seen finished p99 {_p99(ends_ms):.1f} ms")
    return all(held)


def _beside(server: Server, definition: dict[str, Any]) -> tuple[list[float], list[float]]:
    """How long small executions took to start, and to be seen finished, in ms, while large ones ran all the time."""
    client, over, ran = Client(server.url, server.pid), threading.Event(), [0]
    machine, large = client.create(PASS), client.create(definition)

    def run_large() -> None:
        other = Client(server.url, server.pid)
        while not over.is_set():
            other.call("StartExecution", stateMachineArn=large)
            while not over.is_set() and other.call(
                    "ListExecutions", stateMachineArn=large, statusFilter="RUNNING", maxResults=1)["executions"]:
                time.sleep(0.05)
            ran[0] += 1

    thread = threading.Thread(target=run_large)
    thread.start()
    try:
        time.sleep(0.5)
        figures = [_small(client, machine, number) for number in range(STARTS)]
    finally:
        over.set()
        thread.join()
    client.wait(large)
    if not ran[0]:
        raise RuntimeError("No large execution ended meanwhile.")
    starts_ms, ends_ms = zip(*figures, strict=True)
    return sorted(starts_ms), sorted(ends_ms)


def _small(client: Client, machine: str, number: int) -> tuple[float, float]:
    time.sleep(PAUSE)
    begun = time.perf_counter()
    arn = client.call("StartExecution", stateMachineArn=machine, input=json.dumps({"n": number}))["executionArn"]
    started = time.perf_counter()
    while client.call("DescribeExecution", executionArn=arn)["status"] == "RUNNING":
        time.sleep(0.001)
    return (started - begun) * 1e3, (time.perf_counter() - begun) * 1e3


def _p50(ordered: list[float]) -> float:
    return ordered[len(ordered) // 2]


def _p99(ordered: list[float]) -> float:
    return ordered[len(ordered) * 99 // 100]
