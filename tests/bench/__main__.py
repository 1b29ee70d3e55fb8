"""`make bench`: what is promised about speed, measured.

    python -m tests.bench [ROW …] [--large]

ROW is a workload of tests/bench/table.py (chain single choice map parallel waiters history task functions sync
start jsonata), `language` (the language and the interpreter alone), `fairness`, `growth`, `sockets` (who watches),
`designer` (500 states in Chromium) or `lists` (pages of 1,000,000 executions); without one, all but `lists`.  Each
workload runs against a server of ours and, where it is compared, right after that against moto (`make bench`
installs it in .venv-bench).
`--large` adds 100,000 waiting executions.  The exit status is 1 when an "at least" does not hold.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
import sqlite3
import subprocess
import tempfile
import time
from typing import Any, Final

from tests.bench import (
    connections,
    designer,
    fairness,
    functions,
    growth,
    interpreter,
    language,
    lists,
    sockets,
    waiting,
)
from tests.bench.client import Client
from tests.bench.peers import DRIVER, MOTO, measured, moto, moto_version
from tests.bench.table import HEAD, ROWS, WORKLOADS, Peer, line
from tests.support.server import ROOT, Server

WITH_MOTO: Final = frozenset({"chain", "single", "choice", "map", "parallel", "history"})
REPEAT: Final = 3
CONNECTION_SECONDS: Final = 8
SERVER_SECONDS: Final = 180.0  # for a start on a busy machine
OPTIONS: Final[dict[str, list[str]]] = {
    "waiters": ["--n", "10000", "--seconds", "40", "--threads", "16"],
    "task": ["--n", "100", "--repeat", str(REPEAT)],
    "jsonata": ["--n", "200", "--repeat", str(REPEAT)],
}
OTHERS: Final = ("language", "fairness", "growth", "sockets", "designer")
OPERATIONS: Final = {"start": ("StartExecution", "STANDARD"), "sync": ("StartSyncExecution", "EXPRESS")}


def main() -> int:
    parser = argparse.ArgumentParser(description="What is promised about speed, measured.")
    parser.add_argument("rows", nargs="*", choices=[*WORKLOADS, *OTHERS, "lists"])
    parser.add_argument("--large", action="store_true", help="100,000 waiting executions, too")
    given = parser.parse_args()
    wanted = given.rows or ([] if given.large else [*WORKLOADS, *OTHERS])
    print_surroundings()
    if "language" in wanted:
        print("\nThe language")
        language.main()
        print("\nThe interpreter alone")
        interpreter.main()
    holds = all([the_table([name for name in WORKLOADS if name in wanted]),
                 the_fairness() if "fairness" in wanted else True,
                 the_growth() if "growth" in wanted else True,
                 the_sockets() if "sockets" in wanted else True,
                 the_designer() if "designer" in wanted else True,
                 the_lists() if "lists" in wanted else True,
                 waiting.main() if given.large else True])
    print(f"\nload at the end {os.getloadavg()[0]:.2f}")
    return 0 if holds else 1


def print_surroundings() -> None:
    asked = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    theirs = moto_version() if MOTO.exists() else "not installed in .venv-bench"
    print(f"ours {asked.stdout.strip()}, moto {theirs}, Python {platform.python_version()}, "
          f"SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.2f}, "
          f"one sync {sync_ms():.2f} ms, 64 connections by {connections.driver()}")


def the_table(workloads: list[str]) -> bool:
    if not workloads:
        return True
    if not DRIVER.exists():
        print(f"\nThe load driver is not at {DRIVER}; the server was not measured.")
        return False
    ours: dict[str, dict[str, Any]] = {}
    theirs: dict[str, dict[str, Any]] = {}
    compared = MOTO.exists() and WITH_MOTO.intersection(workloads)
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(Server({"STATEWRIGHT_VERIFY_SIGNATURES": "off"}, SERVER_SECONDS))
        peer = stack.enter_context(moto()) if compared else None
        for workload in workloads:
            options = OPTIONS.get(workload, ["--repeat", str(REPEAT)])
            if workload == "functions":
                ours[workload] = functions.measure(server)
                continue
            if workload in OPERATIONS:
                ours[workload] = at_once(server, workload)
                continue
            ours[workload] = measured(server.url, server.pid, workload, options, ours=True)
            if peer is not None and workload in WITH_MOTO:
                theirs[workload] = measured(*peer, workload, ["--repeat", "1"], ours=False)
    return print_table(ours, theirs)


def at_once(server: Server, workload: str) -> dict[str, float]:
    """Requests of 64 connections."""
    operation, kind = OPERATIONS[workload]
    client = Client(server.url, server.pid)
    members = {"stateMachineArn": client.create(growth.PASS, kind), "input": '{"id": 1}'}
    connections.fire(server.url, operation, members, 500)
    return {"requests_per_s": connections.rate(server.url, operation, members, CONNECTION_SECONDS)}


def print_table(ours: dict[str, dict[str, Any]], theirs: dict[str, dict[str, Any]]) -> bool:
    sync, verdicts = sync_ms(), []
    print(f"\n{HEAD}   (one sync {sync:.2f} ms)")
    for row in ROWS:
        if row.workload in ours:
            peer = Peer(theirs.get(row.workload, {}).get(row.figure), sync)
            text, holds = line(row, ours[row.workload].get(row.figure), peer)
            print(text)
            verdicts.append(holds)
    return all(verdicts)


def the_fairness() -> bool:
    print("\nFairness: small executions beside large ones")
    with Server({"STATEWRIGHT_VERIFY_SIGNATURES": "off"}, SERVER_SECONDS) as server:
        return fairness.main(server)


def the_sockets() -> bool:
    print("\nSockets: from a step's event to the message of who watches")
    with Server({"STATEWRIGHT_VERIFY_SIGNATURES": "off"}, SERVER_SECONDS) as server:
        return sockets.main(server)


def the_designer() -> bool:
    print(f"\nThe designer: a machine of {designer.STATES} states in Chromium")
    with Server({}, SERVER_SECONDS) as server:
        return designer.main(server)


def the_lists() -> bool:
    print(f"\nLists: a page of {lists.EXECUTIONS:,} executions")
    return lists.main()


def the_growth() -> bool:
    """Each kind of growth: the server's CPU for a unit at each size."""
    print(f"\nGrowth: µs of CPU for a unit at each size; the larger ones at most {growth.MOST} × the smallest")
    verdicts = []
    with Server({"STATEWRIGHT_VERIFY_SIGNATURES": "off"}, SERVER_SECONDS) as server:
        for title, costs in growth.growths(Client(server.url, server.pid)):
            factor = growth.worst(costs)
            verdicts.append(factor <= growth.MOST)
            sizes = "  ".join(f"{size:,}: {cost:,.1f}" for size, cost in costs.items())
            print(f"{title:28} {sizes:50} {factor:5.2f} ×  {'holds' if verdicts[-1] else 'does not hold'}")
    return all(verdicts)


def sync_ms() -> float:
    """The time of one small write that is forced to disk, the median of 50."""
    figures_ms = []
    with tempfile.NamedTemporaryFile(dir=tempfile.gettempdir()) as file:
        for _ in range(50):
            begun = time.perf_counter()
            file.write(b"x" * 512)
            file.flush()
            os.fsync(file.fileno())
            figures_ms.append((time.perf_counter() - begun) * 1e3)
    return sorted(figures_ms)[25]


if __name__ == "__main__":
    raise SystemExit(main())
