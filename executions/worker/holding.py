"""Asynchronous Express executions run in memory between checkpoints (at least once, quotas.md section 5).

Their first step is committed before the start is answered, and their end before anybody hears of it.  What lies
between is taken over at once and held; a second after the first step that is held, all of them are committed
together.  After a crash such an execution goes on from there, and what it did since then is done again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from executions.store.writes import FrameRow, HistoryRow, Write
from executions.worker.slot import Slot

CHECKPOINT: Final = 1.0  # seconds that a step is held at most; so much later the page shows it


class Holding:
    """`commit` is to commit what an execution holds."""

    def __init__(self, loop: asyncio.AbstractEventLoop, commit: Callable[[Slot], None]) -> None:
        self._loop, self._commit = loop, commit
        self._slots: list[Slot] = []
        self._timer: asyncio.TimerHandle | None = None

    def takes(self, slot: Slot, write: Write) -> bool:
        """Hold a step, if it need not be durable now.  What somebody outside relies on (a token, a row of the inbox
        that was taken up, the end) has to be."""
        if slot.run.kind != "EXPRESS" or slot.checkpoint or slot.new is not None or write.ending is not None:
            return False
        if write.opened or write.changed or write.approvals or write.consumed:
            return False
        if not slot.held:
            self._slots.append(slot)
        slot.held.append(write)
        if self._timer is None:
            self._timer = self._loop.call_later(CHECKPOINT, self._due)
        return True

    def stop(self) -> list[Write]:
        """What is held, ready to be committed; what is on its way to the database already is left out."""
        if self._timer is not None:
            self._timer.cancel()
        return [joined(slot.held) for slot in self._slots if slot.held and not slot.in_flight]

    def _due(self) -> None:
        self._timer = None
        slots, self._slots = self._slots, []
        for slot in slots:
            if slot.held and slot.failure is None:
                slot.checkpoint = True
                self._commit(slot)


def joined(writes: Sequence[Write]) -> Write:
    """One write that does what these steps of one execution do; only the last may do more than move frames and tell
    history."""
    last = writes[-1]
    if len(writes) == 1:
        return last
    frames: dict[int, FrameRow] = {}
    removed: set[int] = set()
    for write in writes:
        for number in write.removed:
            frames.pop(number, None)
        frames.update({row.frame_id: row for row in write.frames})
        removed.update(write.removed)
    histories = [write.history for write in writes if write.history is not None]
    return replace(
        last, frames=list(frames.values()), removed=sorted(removed - frames.keys()),
        history=_one_segment(histories) if histories else None)


def _one_segment(rows: Sequence[HistoryRow]) -> HistoryRow:
    events = ",".join(row.events[1:-1] for row in rows)
    return HistoryRow(rows[0].execution_id, rows[0].first_id, rows[-1].last_id, f"[{events}]")
