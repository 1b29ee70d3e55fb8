"""Finding executions for reading, by SQL: the door asks often, and needs few columns."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from django.db import connection

from designer import arns
from designer.arns import Arn
from designer.errors import ActionError
from executions.store.tables import EXECUTION, MACHINE


class ExecutionRow(NamedTuple):
    id: int
    arn: str
    machine_arn: str
    machine_status: str
    name: str
    status: str
    started_at: int
    stopped_at: int | None
    input: str
    output: str | None
    error: str | None
    cause: str | None
    trace_header: str | None
    version_arn: str | None
    alias_arn: str | None
    redrive_count: int
    redrive_at: int | None


_COLUMNS: Final = (
    "e.id, e.arn, m.arn, m.status, e.name, e.status, e.started_at, e.stopped_at, e.input, e.output, e.error, e.cause,"
    " e.trace_header, e.version_arn, e.alias_arn, e.redrive_count, e.redrive_at"
)
_ROW: Final = (
    f"SELECT {_COLUMNS} FROM {EXECUTION} AS e JOIN {MACHINE} AS m ON m.id = e.machine_id "  # noqa: S608
    "WHERE e.arn = %s"
)
_ID: Final = f"SELECT id FROM {EXECUTION} WHERE arn = %s"  # noqa: S608


def execution_not_found(arn: str) -> ActionError:
    return ActionError("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'")


def no_express(arn: Arn) -> Arn:
    """Return `arn`; InvalidArn for an Express execution, which has no history to read (api.md section 10)."""
    if arn.kind == arns.EXPRESS and arn.label is None:
        raise arns.invalid_arn(f"Resource type not valid in this context: {arn.kind}")
    return arn


def execution_row(text: str) -> ExecutionRow:
    """The execution with this ARN; InvalidArn or ExecutionDoesNotExist."""
    return ExecutionRow(*_one(_ROW, text))


def execution_id(text: str) -> int:
    return int(_one(_ID, text)[0])


def _one(query: str, text: str) -> tuple[Any, ...]:
    arn = no_express(arns.parse(text, arns.EXECUTION, arns.EXPRESS))
    with connection.cursor() as cursor:
        cursor.execute(query, [arn.text])
        row: tuple[Any, ...] | None = cursor.fetchone()
    if row is None:
        raise execution_not_found(text)
    return row
