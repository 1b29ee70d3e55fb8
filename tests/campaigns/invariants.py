"""What must hold in a database once nothing runs any more; read with nothing but SQL."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

ENDS: Final = {"SUCCEEDED": "ExecutionSucceeded", "FAILED": "ExecutionFailed", "TIMED_OUT": "ExecutionTimedOut",
               "ABORTED": "ExecutionAborted"}
# What must find nothing, and what it would mean.
NOTHING: Final = {
    "an execution that runs": "SELECT id FROM executions_execution WHERE status = 'RUNNING'",
    "an end without a time": "SELECT id FROM executions_execution WHERE stopped_at IS NULL",
    "a frame of one that succeeded": "SELECT f.execution_id FROM executions_frame f JOIN executions_execution e"
                                     " ON e.id = f.execution_id WHERE e.status = 'SUCCEEDED'",
    "a header of one that ended": "SELECT execution_id FROM executions_frame WHERE frame_id = 0",
    "an open token": "SELECT execution_id FROM executions_tasktoken WHERE status IN ('OPEN', 'STARTED')",
    "an approval that waits": "SELECT token_id FROM executions_approval WHERE status = 'WAITING'",
    "a signal that was not taken up": "SELECT execution_id FROM executions_signal",
    "a history without an execution": "SELECT execution_id FROM executions_historysegment WHERE execution_id NOT IN"
                                      " (SELECT id FROM executions_execution)",
}


def violations(database: Path) -> Iterator[str]:
    """What is wrong, one line each."""
    with closing(sqlite3.connect(database, timeout=60)) as opened:
        if (found := opened.execute("PRAGMA integrity_check(1)").fetchone()) != ("ok",):
            yield f"the database is damaged: {found[0]}"
        for what, statement in NOTHING.items():
            if (row := opened.execute(statement + " LIMIT 1").fetchone()) is not None:
                yield f"{what}: {row[0]}"
        rows = opened.execute("SELECT id, kind, status, output FROM executions_execution ORDER BY id")
        for id, kind, status, output in rows:
            segments = opened.execute(
                "SELECT first_id, last_id, events FROM executions_historysegment WHERE execution_id = ?"
                " ORDER BY first_id", [id]).fetchall()
            for wrong in _of_history(segments, status, output, gaps=kind == "EXPRESS"):
                yield f"execution {id}: {wrong}"


def _of_history(segments: list[tuple[int, int, str]], status: str, output: str | None, *, gaps: bool) -> Iterator[str]:
    events: list[dict[str, Any]] = []
    for first, last, text in segments:
        part = json.loads(text)
        if (part[0]["id"], part[-1]["id"]) != (first, last):
            yield f"the segment {first}–{last} holds {part[0]['id']}–{part[-1]['id']}"
        events += part
    if not events:
        yield "no history"
        return
    if not gaps and [event["id"] for event in events] != list(range(1, len(events) + 1)):
        yield "ids with gaps or doubles"
    if any(not 0 <= event["previousEventId"] < event["id"] for event in events):
        yield "an event before its cause"
    times = [event["timestamp"] for event in events]
    if times != sorted(times):
        yield "times that go back"
    yield from _of_the_end(events, status, output)


def _of_the_end(events: list[dict[str, Any]], status: str, output: str | None) -> Iterator[str]:
    kinds = Counter(event["type"] for event in events)
    if kinds["ExecutionStarted"] != 1 or events[0]["type"] != "ExecutionStarted":
        yield f"{kinds['ExecutionStarted']} beginnings"
    if sum(kinds[kind] for kind in ENDS.values()) != 1 or events[-1]["type"] != ENDS.get(status):
        yield f"{status}, but its last event is {events[-1]['type']}"
    if status == "SUCCEEDED":
        if events[-1]["executionSucceededEventDetails"]["output"] != output:
            yield "another output in its history"
        wrong = [kind for kind in kinds if kind.endswith("StateEntered")
                 and kinds[kind.replace("Entered", "Exited")] > kinds[kind]]
        if wrong:
            yield f"more left than entered: {wrong[0]}"
