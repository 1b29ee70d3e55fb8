"""Payloads that are too large for their place (over 256 KiB) lie aside, once for each execution, by their SHA-256.

Where such a text would stand – the input or output of an execution, a member of an event, the input of a token – there
is a *mark*, "@<sha256> <length>", which no JSON text can be; in a frame the member is left out and named in "aside".
Marks are made inside the commit that needs them, so a payload is there as soon as anything refers to it, and it goes
with its execution.  Everything above the store sees whole texts, or cut ones where it says so.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, NamedTuple

from django.db import connection

from designer.asl.errors import MAX_PAYLOAD_BYTES
from designer.asl.jsontext import dumps, loads
from executions.store.tables import PAYLOAD
from executions.store.writes import FrameRow, HistoryRow, Write

Event = dict[str, Any]
CUT: Final = 512  # characters that are shown of a payload which is not fetched
MEMBERS: Final = ("input", "output", "parameters")  # of an event's details; JSON texts
_FRAME_MEMBERS: Final = ("input", "output", "work")
_MARK: Final = re.compile(r"@([0-9a-f]{64}) (\d+)")
_HINT: Final = '"@'  # a segment without it has no marks
_FETCH: Final = f"SELECT text FROM {PAYLOAD} WHERE execution_id = %s AND digest = %s"  # noqa: S608
_BEGINNING: Final = f"SELECT substr(text, 1, %s) FROM {PAYLOAD} WHERE execution_id = %s AND digest = %s"  # noqa: S608


class PayloadRow(NamedTuple):
    execution_id: int
    digest: str
    text: str


class Aside:
    """Takes the large payloads out of the writes of one commit; `rows` are what is to be written for them."""

    def __init__(self) -> None:
        self._rows: dict[tuple[int, str], PayloadRow] = {}

    @property
    def rows(self) -> list[PayloadRow]:
        return list(self._rows.values())

    def write(self, write: Write) -> Write:
        """The write with marks in place of large payloads; the same one when there are none."""
        if not _is_large(write):
            return write
        id = write.execution
        return replace(
            write,
            new=write.new and write.new._replace(input=self.text(id, write.new.input)),
            ending=write.ending and write.ending._replace(
                output=None if write.ending.output is None else self.text(id, write.ending.output)),
            history=write.history and self._history(write.history),
            frames=[self._frame(row) for row in write.frames],
            opened=[row._replace(input=self.text(id, row.input)) for row in write.opened])

    def text(self, execution: int, text: str) -> str:
        """The text, or its mark when it is too large."""
        if not _large(text):
            return text
        mark = mark_of(text)
        digest = mark[1:65]
        self._rows.setdefault((execution, digest), PayloadRow(execution, digest, text))
        return mark

    def _history(self, row: HistoryRow) -> HistoryRow:
        if not _large(row.events):
            return row
        events = [_with_members(event, lambda text: self.text(row.execution_id, text)) for event in loads(row.events)]
        return row._replace(events=dumps(events))

    def _frame(self, row: FrameRow) -> FrameRow:
        if not _large(row.data):
            return row
        data: dict[str, Any] = loads(row.data)
        marks = {name: mark for name in _FRAME_MEMBERS if (mark := self._value(row.execution_id, data, name))}
        if (ask := data.get("ask")) and (mark := self._value(row.execution_id, ask, "payload")):
            marks["payload"] = mark
        return row if not marks else row._replace(data=dumps(data | {"aside": marks}))

    def _value(self, execution: int, members: dict[str, Any], name: str) -> str | None:
        """Take a large value out of its object; its mark."""
        if name not in members:
            return None
        text = dumps(members[name])
        mark = self.text(execution, text)
        if mark is text:
            return None
        del members[name]
        return mark


def _large(text: str) -> bool:
    """Over 256 KiB of UTF-8."""
    if len(text) > MAX_PAYLOAD_BYTES:
        return True
    return len(text) * 4 > MAX_PAYLOAD_BYTES and len(text.encode("utf-8", "surrogatepass")) > MAX_PAYLOAD_BYTES


def _is_large(write: Write) -> bool:
    texts = [row.data for row in write.frames]
    texts += [row.input for row in write.opened]
    if write.history is not None:
        texts.append(write.history.events)
    if write.new is not None:
        texts.append(write.new.input)
    if write.ending is not None and write.ending.output is not None:
        texts.append(write.ending.output)
    return any(len(text) * 4 > MAX_PAYLOAD_BYTES and _large(text) for text in texts)


def mark_of(text: str) -> str:
    return f"@{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()} {len(text)}"


def stored_form(text: str) -> str:
    """The text as it stands in its column."""
    return mark_of(text) if _large(text) else text


# -- reading

def length_of(text: str) -> int | None:
    """The length of what lies aside, when this is a mark."""
    found = _MARK.fullmatch(text) if text.startswith("@") else None
    return int(found[2]) if found else None


def whole(execution: int, text: str) -> str:
    """What a mark stands for; any other text as it is."""
    return _fetched(_FETCH, text, execution)


def beginning(execution: int, text: str) -> str:
    """The first characters of what a mark stands for; any other text as it is."""
    return _fetched(_BEGINNING, text, CUT, execution)


def has_marks(segment: str) -> bool:
    """Whether a segment of history may have marks in it."""
    return _HINT in segment


def whole_event(execution: int, event: Event) -> Event:
    """An event with all its payloads."""
    return _with_members(event, lambda text: whole(execution, text))


def cut_event(execution: int, event: Event) -> Event:
    """An event with the beginnings of what lies aside; it says so as live/previews.py does."""
    key, details = _details(event)
    lengths = {name: length for name in MEMBERS if (length := length_of(details.get(name, ""))) is not None}
    if not lengths:
        return event
    cut = details | {name: beginning(execution, details[name]) for name in lengths}
    cut |= {f"{name}Details": {"truncated": True} for name in lengths if f"{name}Details" in details}
    return {**event, key: cut, "previews": lengths}


def whole_frame(execution: int, data: dict[str, Any]) -> dict[str, Any]:
    """The stored form of a frame with what lies aside put back."""
    marks: dict[str, str] = data.pop("aside", {})
    for name, mark in marks.items():
        (data["ask"] if name == "payload" else data)[name] = loads(whole(execution, mark))
    return data


def _with_members(event: Event, change: Callable[[str], str]) -> Event:
    key, details = _details(event)
    changed = {name: change(details[name]) for name in MEMBERS if isinstance(details.get(name), str)}
    if all(text is details[name] for name, text in changed.items()):
        return event
    return {**event, key: details | changed}


def _details(event: Event) -> tuple[str, dict[str, Any]]:
    return next(((key, value) for key, value in event.items() if key.endswith("EventDetails")), ("", {}))


def _fetched(statement: str, text: str, *args: int) -> str:
    found = _MARK.fullmatch(text) if text.startswith("@") else None
    if found is None:
        return text
    with connection.cursor() as cursor:
        cursor.execute(statement, [*args, found[1]])
        row = cursor.fetchone()
    if row is None:
        raise LookupError(f"The payload {found[1]} of the execution {args[-1]} is not there.")
    return str(row[0])


