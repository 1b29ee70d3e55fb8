"""Reading running executions back: what a restart begins with."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from django.db import connection

from designer.asl.jsontext import loads
from executions.engine.run import RUNNING, Frame, Header, Run
from executions.engine.signals import Signal, load_signal
from executions.store import statements
from executions.store.offload import whole, whole_frame
from executions.store.tables import EXECUTION, FRAME, MACHINE, SIGNAL, TOKEN
from executions.store.writes import HEADER_FRAME, Write

log = logging.getLogger(__name__)
_CHUNK: Final = 200
_COLUMNS: Final = (
    "e.id, e.arn, e.name, m.arn, m.name, e.role_arn, e.input, e.started_at, e.seed, e.kind, e.version_arn, e.alias_arn,"
    " e.header, e.machine_id, e.revision_id"
)


class Loaded(NamedTuple):
    """A run as its last commit left it, with the ids of designer's rows."""

    run: Run
    machine_id: int
    revision_id: int


class TokenState(NamedTuple):
    """What is known of a task token; `status` as in TaskToken."""

    execution_id: int
    ask: int
    kind: str
    status: str


def open_executions() -> Iterator[Loaded]:
    """All executions that run, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {EXECUTION} WHERE status = %s ORDER BY id", [RUNNING])  # noqa: S608
        ids = [row[0] for row in cursor.fetchall()]
    for start in range(0, len(ids), _CHUNK):
        for row, frames in _rows(ids[start:start + _CHUNK]):
            try:
                yield _loaded(row, frames)
            except Exception:  # rows of another version, or damaged ones, must not keep the others from going on
                log.exception("The execution %s cannot be read back; it stays as it is.", row[1])


def load_run(execution_id: int) -> Loaded | None:
    """One execution, running or ended (its frames are gone when nobody can redrive it); None when unknown."""
    return next((_loaded(row, frames) for row, frames in _rows([execution_id])), None)


def _rows(ids: Sequence[int]) -> Iterator[tuple[tuple[Any, ...], dict[int, str]]]:
    """The row of each execution with the texts of its frames."""
    marks = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM {EXECUTION} AS e JOIN {MACHINE} AS m ON m.id = e.machine_id"  # noqa: S608
            f" WHERE e.id IN ({marks}) ORDER BY e.id", list(ids))
        executions = cursor.fetchall()
        cursor.execute(
            f"SELECT execution_id, frame_id, data FROM {FRAME} WHERE execution_id IN ({marks})"  # noqa: S608
            " ORDER BY execution_id, frame_id", list(ids))
        frames: dict[int, dict[int, str]] = defaultdict(dict)
        for execution_id, frame_id, data in cursor.fetchall():
            frames[execution_id][frame_id] = data
    for row in executions:
        yield row, frames.get(row[0], {})


def _loaded(row: tuple[Any, ...], frames: dict[int, str]) -> Loaded:
    id, arn, name, machine_arn, machine_name, role_arn, text, started_at, seed, kind, version, alias = row[:12]
    header, machine_id, revision_id = row[12:]
    header = frames.pop(HEADER_FRAME, header)
    run = Run(
        id=id, arn=arn, name=name, machine_arn=machine_arn, machine_name=machine_name, role_arn=role_arn,
        input=whole(id, text), started_at=started_at, seed=seed, kind=kind, version_arn=version, alias_arn=alias,
        header=Header.load(loads(header)),
        frames={frame_id: Frame.load(whole_frame(id, loads(data))) for frame_id, data in frames.items()})
    return Loaded(run, machine_id, revision_id)


def signals_of(execution_id: int) -> list[tuple[int, Signal]]:
    """(row id, signal) of the durable inbox of one execution, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, body FROM {SIGNAL} WHERE execution_id = %s ORDER BY id", [execution_id])  # noqa: S608
        rows = cursor.fetchall()
    return [(id, load_signal(loads(body) if isinstance(body, str) else body)) for id, body in rows]


def has_ended(execution_id: int) -> bool:
    """Whether an execution runs no more (or is not there any more)."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT status FROM {EXECUTION} WHERE id = %s", [execution_id])  # noqa: S608
        row = cursor.fetchone()
    return row is None or row[0] != RUNNING


def are_written(writes: Sequence[Write]) -> list[bool]:
    """For each write, whether its commit has happened; one without history can be repeated, and counts as not."""
    with connection.cursor() as cursor:
        return [
            write.history is not None and statements.written(cursor, write.execution, write.history.first_id)
            for write in writes]


def executions_with_signals() -> list[int]:
    """Executions that have something in the durable inbox."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT execution_id FROM {SIGNAL}")  # noqa: S608
        return [row[0] for row in cursor.fetchall()]


def token_state(token: str) -> TokenState | None:
    """The row of a task token; None when it was never given out."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT execution_id, ask, kind, status FROM {TOKEN} WHERE token = %s", [token])  # noqa: S608
        row = cursor.fetchone()
    return TokenState(*row) if row else None

