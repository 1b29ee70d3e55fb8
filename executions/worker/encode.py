"""From a step to the rows of its commit; every payload is turned into text here, once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from designer.asl.jsontext import dumps
from designer.asl.model import Resource
from executions.engine.effects import Cancel, Finish, NoteMapRun, StartTask
from executions.engine.history import MAX_EVENTS
from executions.engine.run import RUNNING, Changes, Frame, Header, Run
from executions.engine.signals import Began, Refused, Replied
from executions.engine.step import Step
from executions.store.writes import (
    HEADER_FRAME,
    HEADER_STATUS,
    ApprovalClosing,
    Ending,
    FrameRow,
    HistoryRow,
    MapRunRow,
    TokenChange,
    TokenRow,
    Write,
    storable,
)
from executions.worker.slot import Entry, Slot

EXPRESS_EVENTS: Final = MAX_EVENTS
_CLOSED = {"timeout": "TIMED_OUT", "cut": "CANCELLED", "stopped": "CANCELLED"}
_WHY = {
    "timeout": "The task timed out.",
    "cut": "Another branch of the workflow failed.",
    "stopped": "The execution ended.",
    "answered": "The task was answered in another way.",
}


def encode(slot: Slot, step: Step, changes: Changes, entries: list[Entry], now: int) -> Write:
    """The rows of `step`; `now` in ms since the epoch."""
    id = slot.run.id
    write = Write(id, new=slot.new, consumed=[entry.row for entry in entries if entry.row is not None])
    write.frames = [frame_row(id, frame) for frame in changes.frames.values()]
    write.removed = list(changes.removed)
    write.history = history_row(slot.run, step.events, step.status)
    _tokens(slot, step, entries, now, write)
    _header(slot, step, changes.header, now, write)
    _redrive(slot, step, changes.header, now, write)
    return write


def _redrive(slot: Slot, step: Step, header: Header, now: int, write: Write) -> None:
    """A redrive that begins, and what has become of Map Runs (those of Express executions are not kept)."""
    redriven = header.redrive_count > slot.run.header.redrive_count
    if redriven and slot.reopening is not None:
        write.reopening = slot.reopening._replace(number=header.redrive_count, at=now)
    if slot.run.kind == "EXPRESS":
        return
    for effect in step.effects:
        if isinstance(effect, NoteMapRun):
            runs = effect.status == RUNNING
            write.map_runs.append(MapRunRow(
                effect.arn, slot.run.id, effect.frame, effect.status, now, None if runs else now, effect.total,
                effect.succeeded, effect.failed, effect.aborted, effect.max_concurrency, effect.tolerated_count,
                effect.tolerated_percentage, effect.redrives, now if runs and redriven and effect.redrives else None))


def history_row(run: Run, events: Sequence[dict[str, Any]], status: str) -> HistoryRow | None:
    """What is kept of the events of a step that leaves the execution with this status.

    The history of an Express execution has no limit (quotas.md section 2), what is kept of it has: the beginning,
    and the end.
    """
    if run.kind == "EXPRESS" and events and events[0]["id"] > EXPRESS_EVENTS:
        events = [] if status == RUNNING else events[-1:]
    if not events:
        return None
    return HistoryRow(run.id, events[0]["id"], events[-1]["id"], dumps(events))


def frame_row(execution: int, frame: Frame) -> FrameRow:
    due = frame.ask.due if frame.ask else None
    return FrameRow(execution, frame.id, frame.parent, frame.status, due, dumps(frame.dump()))


def _header(slot: Slot, step: Step, header: Header, now: int, write: Write) -> None:
    finish = next((effect for effect in step.effects if isinstance(effect, Finish)), None)
    if finish is None:
        write.frames.append(header_row(slot.run.id, header))
        return
    # A failed execution keeps its frames: it may be redriven.
    write.keep_frames = finish.status != "SUCCEEDED"
    write.removed.append(HEADER_FRAME)
    write.ending = Ending(
        finish.status, storable(finish.output), storable(finish.error), storable(finish.cause), now,
        dumps(header.dump()))


def header_row(execution: int, header: Header) -> FrameRow:
    return FrameRow(execution, HEADER_FRAME, 0, HEADER_STATUS, header.deadline, dumps(header.dump()))


def _tokens(slot: Slot, step: Step, entries: list[Entry], now: int, write: Write) -> None:
    answers: dict[int, str] = {}  # of several answers the first counts
    for entry in entries:
        if isinstance(entry.signal, Replied | Refused):
            answers.setdefault(entry.signal.ask, "FAILED" if isinstance(entry.signal, Refused) else "SUCCEEDED")
    changed: dict[str, TokenChange] = {}  # one row a token: a task may begin and end in the same step
    for entry in entries:
        if isinstance(entry.signal, Began) and (token := slot.token_of(entry.signal.ask)):
            changed[token] = TokenChange("STARTED", storable(entry.signal.worker) or None, None, token)
    for effect in step.effects:
        if isinstance(effect, StartTask) and effect.token:
            write.opened.append(_token_row(slot.run.id, effect, now))
        elif isinstance(effect, Cancel) and effect.token:
            status = _CLOSED.get(effect.reason) or answers.get(effect.ask, "SUCCEEDED")
            begun = changed.get(effect.token)
            changed[effect.token] = TokenChange(status, begun.worker if begun else None, now, effect.token)
            if (task := slot.task_of(effect.ask)) and task.resource.service == "approval":
                late = effect.reason != "answered"
                write.approvals.append(ApprovalClosing(effect.token, _WHY[effect.reason], late))
    write.changed = list(changed.values())


def _token_row(execution: int, task: StartTask, now: int) -> TokenRow:
    return TokenRow(
        task.token or "", execution, task.ask, token_kind(task.resource), task.resource.arn, task.state, "OPEN", "",
        dumps(task.payload), now)


def token_kind(resource: Resource) -> str:
    """As in TaskToken.kind."""
    if resource.kind == "activity":
        return "activity"
    if resource.service == "approval":
        return "approval"
    return "job" if resource.is_job else "callback"
