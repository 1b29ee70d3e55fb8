"""1,000,000 executions in the database: how soon a page of the list is there, by whatever it is searched."""

from __future__ import annotations

import os
import sqlite3
import statistics
import time
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from tests.bench.client import Client
from tests.support import rest
from tests.support.server import Server

EXECUTIONS: Final = 1_000_000
MILLISECONDS: Final = 300.0
ASKED: Final = 15  # times each
MACHINES: Final = 5
BATCH: Final = 20_000
PASS: Final = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
STATUSES: Final = ("SUCCEEDED",) * 94 + ("FAILED",) * 4 + ("TIMED_OUT", "ABORTED")
MONTH: Final = 30 * 86_400_000  # ms
QUERIES: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("newest, with counts", {}),
    ("failed, with counts", {"status": "FAILED"}),
    ("one machine's failed, with counts", {"status": "FAILED", "machine": "list-3"}),
    ("one machine's, of an old day", {"machine": "list-1", "days": 20}),
    ("a word of every input", {"q": "customer"}),
    ("one order number", {"q": "order-777777"}),
    ("an error that few have, of one machine", {"error": "Declined", "machine": "list-2"}),
    ("a word that none has", {"q": "zebra crossing"}),
    ("text in inputs, failed only", {"payload": "order-12345", "status": "FAILED"}),
)


def main(executions: int = EXECUTIONS) -> bool:
    """Whether each page is there in time; the median of ASKED requests."""
    with Server({"STATEWRIGHT_VERIFY_SIGNATURES": "off"}, seconds=180) as server:
        for number in range(MACHINES):
            rest.call(server.url, "POST", "machines/", {"name": f"list-{number}", "definition": PASS})
        id = rest.call(server.url, "POST", "machines/list-0/executions/", {"input": {}})["id"]
        time.sleep(1)
        server.stop()
        data = server.folder / "data"
        begun = time.monotonic()
        fill(data, int(id), executions)
        print(f"filled in {time.monotonic() - begun:.0f} s")
        server.start()
        found = [line(server, title, query) for title, query in QUERIES]
        print(f"memory of the server {Client(server.url, server.pid).memory() / 2**20:,.0f} MB")
    return all(found)


def line(server: Server, title: str, query: dict[str, Any]) -> bool:
    asked = {name: value for name, value in query.items() if name != "days"} | {"counts": "true"}
    if "days" in query:
        asked["until"] = time.strftime("%Y-%m-%dT00:00:00Z", time.gmtime(time.time() - query["days"] * 86_400))
    took, rows = [], 0
    for _ in range(ASKED):
        begun = time.perf_counter()
        rows = len(rest.call(server.url, "GET", f"executions/?{urlencode(asked)}", timeout=120)["executions"])
        took.append((time.perf_counter() - begun) * 1e3)
    median, worst = statistics.median(took), max(took)
    holds = median < MILLISECONDS
    print(f"{title:42} {rows:4} rows   median {median:6.0f} ms   slowest {worst:6.0f} ms   "
          f"(below {MILLISECONDS:.0f}) {'holds' if holds else 'does not hold'}")
    return holds


def fill(data: Path, like: int, executions: int) -> None:
    """Copies of the execution `like`, over a month, and the index over them."""
    os.environ["STATEWRIGHT_DATA_DIR"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "designer.settings")
    from executions.lists.search_index import FILE, Entry, SearchIndex

    (data / FILE).unlink(missing_ok=True)
    index = SearchIndex(data / FILE)
    with closing(sqlite3.connect(data / "statewright.sqlite3")) as database:
        database.row_factory = sqlite3.Row
        row = dict(database.execute("SELECT * FROM executions_execution WHERE id = ?", [like]).fetchone())
        machines = [tuple(each) for each in database.execute(
            "SELECT id, current_id FROM designer_statemachine WHERE name LIKE 'list-%' ORDER BY name")]
        insert = (f"INSERT INTO executions_execution ({', '.join(row)})"
                  f" VALUES ({', '.join('?' * len(row))})")
        step = MONTH / executions
        first = row["started_at"] - MONTH
        for start in range(0, executions, BATCH):
            rows = [copy_of(row, number, int(first + number * step), machines)
                    for number in range(start, min(start + BATCH, executions))]
            with database:
                database.executemany(insert, [tuple(each.values()) for each in rows])
            index.put(Entry(each["id"], each["name"], each["error"] or "", each["input"], each["output"] or "", False)
                      for each in rows)
    index.set_mark("top", like)
    index.set_mark("sure", like)
    index.set_mark("bottom", 0)
    index.close()


def copy_of(row: dict[str, Any], number: int, at: int, machines: list[tuple[int, int]]) -> dict[str, Any]:
    machine, revision = machines[number % MACHINES]
    status = STATUSES[(number * 37) % 100]
    failed = status != "SUCCEEDED"
    return row | {
        "id": (at << 21) + number % 1000, "arn": f"{row['arn']}-{number}", "name": f"run-{number:07}",
        "machine_id": machine, "revision_id": revision, "status": status, "started_at": at, "stopped_at": at + 900,
        "input": f'{{"customer": "c{number % 5000}", "id": "order-{number}"}}',
        "output": None if failed else '{"ok": true}',
        "error": ("Card.Declined" if number % 997 == 0 else "Lambda.TooSlow") if failed else None,
    }
