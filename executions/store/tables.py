"""Names of the hot tables, quoted; taken from the models, so that migrations stay the one truth."""

from __future__ import annotations

from typing import Any, Final

from django.db import models

from designer.models import StateMachine
from executions.models import Approval, Execution, Frame, HistorySegment, Payload, Signal, TaskToken


def _table(model: type[models.Model]) -> str:
    return f'"{model._meta.db_table}"'


def columns(model: type[models.Model], *fields: str) -> tuple[str, ...]:
    """The quoted column names of fields."""
    found = (model._meta.get_field(name) for name in fields)
    return tuple(f'"{field.column}"' for field in found if isinstance(field, models.Field))


def kinds(model: type[models.Model], *fields: str) -> tuple[str, ...]:
    """The types of the columns of fields, as PostgreSQL names them."""
    found = (model._meta.get_field(name) for name in fields)
    return tuple(_kind(field) for field in found if isinstance(field, models.Field))


def _kind(field: models.Field[Any, Any]) -> str:
    if isinstance(field, models.ForeignKey):
        return _kind(field.target_field)
    if isinstance(field, models.BigIntegerField | models.BigAutoField):
        return "bigint"
    return "integer" if isinstance(field, models.IntegerField) else "text"


EXECUTION: Final = _table(Execution)
FRAME: Final = _table(Frame)
HISTORY: Final = _table(HistorySegment)
TOKEN: Final = _table(TaskToken)
PAYLOAD: Final = _table(Payload)
SIGNAL: Final = _table(Signal)
APPROVAL: Final = _table(Approval)
MACHINE: Final = _table(StateMachine)
