"""Pages of GetExecutionHistory (history-events.md).

A stored segment is the JSON text that AWS would answer, so it goes out as it is, whole or cut at a page's edge; only
one that is turned round or stripped of its data is decoded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from designer.asl.jsontext import dumps, loads
from executions.store import offload
from executions.store.history import segments

# A page ends early when its text is longer than this, as AWS's pages do: 1,000 events may hold 256 KiB each.
MAX_PAGE: Final = 4 * 1024 * 1024
_BEGINNING: Final = '{"id":%d,"previousEventId":'  # of an event, as the engine writes it
_DATA: Final = frozenset({
    "input", "inputDetails", "output", "outputDetails", "assignedVariables", "assignedVariablesDetails",
})


@dataclass(frozen=True, slots=True)
class Page:
    """`events` is the text of a JSON array; `edge` the id of its last event when more follow, else None."""

    events: str
    edge: int | None


def page(execution_id: int, *, limit: int, edge: int | None = None, reverse: bool = False, data: bool = True) -> Page:
    """At most `limit` events that follow `edge` (by rising ids, by falling ones with `reverse`).

    Without `data` the events lose their inputs and outputs.
    """
    after, before = (0, edge) if reverse else (edge or 0, None)
    parts: list[str] = []
    count = size = last_id = 0
    for first, last, text in segments(execution_id, after, before, reverse):
        if count >= limit or size > MAX_PAGE:
            return Page(f"[{','.join(parts)}]", last_id)
        if offload.has_marks(text):
            part, taken, last_id, cut = _with_payloads(execution_id, text, after, before, reverse, data, limit - count)
        elif data and not reverse and (piece := _piece(text, first, last, after, limit - count)) is not None:
            part, taken, last_id, cut = piece
        else:
            part, taken, last_id, cut = _part(text, after, before, reverse, data, limit - count)
        parts.append(part)
        count, size = count + taken, size + len(part)
        if cut:
            return Page(f"[{','.join(parts)}]", last_id)
    return Page(f"[{','.join(parts)}]", None)


def _piece(text: str, first: int, last: int, after: int, room: int) -> tuple[str, int, int, bool] | None:
    """As `_part`, cut out of the text; None where one of the edges is not in it.

    Inside a string the quotes of such a beginning would be escaped, so it is found in no payload.
    """
    begin = max(first, after + 1)
    end = min(last, begin + room - 1)
    start = 1 if begin == first else text.find(_BEGINNING % begin)
    stop = len(text) - 1 if end == last else text.find(_BEGINNING % (end + 1), start) - 1  # without the comma
    if start < 0 or stop < start:
        return None
    return text[start:stop], end - begin + 1, end, end < last


def _with_payloads(execution: int, text: str, after: int, before: int | None, reverse: bool, data: bool,
                   room: int) -> tuple[str, int, int, bool]:
    """As `_part`, for a segment with payloads that lie aside: they are fetched until the page is full."""
    part, taken, last_id, cut = _part(text, after, before, reverse, data, room)
    if not data:
        return part, taken, last_id, cut
    parts: list[str] = []
    size = 0
    for event in loads(f"[{part}]"):
        if size > MAX_PAGE:
            return ",".join(parts), len(parts), last_id, True
        parts.append(dumps(offload.whole_event(execution, event)))
        size, last_id = size + len(parts[-1]), event["id"]
    return ",".join(parts), taken, last_id, cut


def _part(text: str, after: int, before: int | None, reverse: bool, data: bool,
          room: int) -> tuple[str, int, int, bool]:
    """A segment's wanted events: their text, how many, the last one's id, whether some did not find room."""
    events: list[dict[str, Any]] = [
        event for event in loads(text) if event["id"] > after and (before is None or event["id"] < before)]
    if reverse:
        events.reverse()
    cut = len(events) > room
    events = events[:room]
    if not data:
        events = [without_data(event) for event in events]
    return dumps(events)[1:-1], len(events), events[-1]["id"], cut


def without_data(event: dict[str, Any]) -> dict[str, Any]:
    """An event as GetExecutionHistory answers it with includeExecutionData=false."""
    return {name: {key: item for key, item in value.items() if key not in _DATA} if isinstance(value, dict) else value
            for name, value in event.items()}
