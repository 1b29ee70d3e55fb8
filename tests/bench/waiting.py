"""100,000 executions that wait: the memory they take, and how soon a restart that finds them is ready."""

from __future__ import annotations

import time
from typing import Final

from tests.bench.client import Client
from tests.bench.connections import fire
from tests.support.server import Server

EXECUTIONS: Final = 100_000
MEGABYTES: Final = 1024
SECONDS: Final = 10.0
WAIT: Final = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 86_400, "End": True}}}


def main(executions: int = EXECUTIONS) -> bool:
    """Whether both promises hold."""
    with Server({"STATEWRIGHT_VERIFY_SIGNATURES": "off"}, seconds=120) as server:
        client = Client(server.url, server.pid)
        machine = client.create(WAIT)
        fire(server.url, "StartExecution", {"stateMachineArn": machine}, executions)
        before = client.memory() / 2**20
        server.kill()
        begun = time.monotonic()
        server.start()
        ready = time.monotonic() - begun
        after = Client(server.url, server.pid).memory() / 2**20
    fits, is_quick = max(before, after) < MEGABYTES, ready < SECONDS
    print(f"{executions:,} waiting executions: {before:,.0f} MB, {after:,.0f} MB after kill -9 and restart (below "
          f"{MEGABYTES:,}): {_word(fits)}; ready after {ready:.1f} s (below {SECONDS:.0f}): {_word(is_quick)}")
    return fits and is_quick


def _word(holds: bool) -> str:
    return "holds" if holds else "does not hold"
