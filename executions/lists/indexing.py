"""Keeping the search index and the incidents up to what the tables say, beside the engine and never before it.

A round looks at what is new since the last one, at what ran then and has ended, and goes a step further back in what
was there before there was an index.  Nothing is told to it: a crash costs nothing, and an index that was thrown away
comes back.  Who searches has the newest executions read first, so that nobody waits for a round.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

from executions.incidents.recording import record
from executions.lists.search_index import Entry, SearchIndex, index
from executions.models import Execution, Redrive
from executions.store.ids import SEQUENCE_BITS
from executions.store.offload import beginning

EVERY: Final = 2.0  # seconds between two rounds
CHUNK: Final = 250  # executions at a time
CHUNKS: Final = 2  # of a round: a flood of starts is caught up with later
SOON: Final = 0.2  # seconds before the next round when there is more to do
SHARE: Final = 0.1  # of the time at most goes into rounds, so that executions come first
LATE: Final = 60_000  # ms by which a commit may come later than its execution's id was made


def keep_up() -> float:
    """One round; the seconds until the next."""
    begun = time.monotonic()
    more = look(index())
    return max(SOON if more else EVERY, (time.monotonic() - begun) * (1 / SHARE - 1))


def look(found: SearchIndex) -> bool:
    """One round; whether there is more to do."""
    more = [_new(found), _late(found), _older(found)]
    _ended(found)
    _redriven(found)
    return any(more)


def newest(found: SearchIndex) -> None:
    """Read the newest executions, and those that ran, for somebody who searches now."""
    ids = list(Execution.objects.order_by("-started_at").values_list("pk", flat=True)[: 2 * CHUNK])
    known = found.known(ids)
    _read(found, [id for id in ids if id not in known])
    _ended(found)


def _new(found: SearchIndex) -> bool:
    """From the newest known on upwards; whether a flood leaves more."""
    top = found.mark("top")
    if top is None:
        top = Execution.objects.order_by("-id").values_list("pk", flat=True).first() or 0
        found.set_mark("bottom", top + 1)
        found.set_mark("top", top)
        found.set_mark("sure", top)
    return _upwards(found, "top", 2**63 - 1)


def _late(found: SearchIndex) -> bool:
    """The same way once more, a minute behind: what was committed after newer ones had been seen."""
    return _upwards(found, "sure", (time.time_ns() // 1_000_000 - LATE) << SEQUENCE_BITS)


def _upwards(found: SearchIndex, mark: str, until: int) -> bool:
    for _ in range(CHUNKS):
        after = found.mark(mark) or 0
        ids = list(Execution.objects.filter(pk__gt=after, pk__lt=until).order_by("pk").values_list(
            "pk", flat=True)[:CHUNK])
        if not ids:
            return False
        known = found.known(ids)
        _read(found, [id for id in ids if id not in known])
        found.set_mark(mark, ids[-1])
    return True


def _ended(found: SearchIndex) -> None:
    after = 0
    while ids := found.open(after, CHUNK):
        runs = set(Execution.objects.filter(pk__in=ids, status="RUNNING").values_list("pk", flat=True))
        _read(found, [id for id in ids if id not in runs])
        after = ids[-1]


def _redriven(found: SearchIndex) -> None:
    """What was redriven since the last round runs again, or has ended another way."""
    last = found.mark("redrive") or 0
    rows = list(Redrive.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "execution")[: CHUNK * CHUNKS])
    if rows:
        _read(found, list({execution for _, execution in rows}))
        found.set_mark("redrive", rows[-1][0])


def _older(found: SearchIndex) -> bool:
    """One step back in what was there before the index; whether there is more."""
    bottom = found.mark("bottom") or 0
    if not bottom:
        return False
    ids = list(Execution.objects.filter(pk__lt=bottom).order_by("-pk").values_list("pk", flat=True)[:CHUNK])
    if ids:
        known = found.known(ids)
        _read(found, [id for id in ids if id not in known])
    found.set_mark("bottom", ids[-1] if ids else 0)
    return bool(ids)


def _read(found: SearchIndex, ids: Sequence[int]) -> None:
    """Bring these executions into the index; what is not there any more is taken out."""
    for start in range(0, len(ids), CHUNK):
        some = ids[start:start + CHUNK]
        rows = list(Execution.objects.filter(pk__in=some).only(
            "id", "name", "status", "error", "cause", "input", "output", "machine_id", "stopped_at", "redrive_count"))
        found.put(entry_of(row) for row in rows)
        there = {row.pk for row in rows}
        found.remove(id for id in some if id not in there)
        record([row for row in rows if row.status != "RUNNING"])


def entry_of(row: Execution) -> Entry:
    """What an execution is found by."""
    error = "\n".join(filter(None, (row.error, row.cause)))
    input, output = (beginning(row.pk, text) if text else "" for text in (row.input, row.output))
    return Entry(row.pk, row.name, error, input, output, row.status == "RUNNING")
