"""Names of the hot tables, quoted; taken from the models, so that migrations stay the one truth."""

from __future__ import annotations

from typing import Final

from django.db import models

from designer.models import StateMachine
from executions.models import Approval, Execution, Frame, HistorySegment, Signal, TaskToken


def _table(model: type[models.Model]) -> str:
    return f'"{model._meta.db_table}"'


def columns(model: type[models.Model], *fields: str) -> tuple[str, ...]:
    """The quoted column names of fields."""
    found = (model._meta.get_field(name) for name in fields)
    return tuple(f'"{field.column}"' for field in found if isinstance(field, models.Field))


EXECUTION: Final = _table(Execution)
FRAME: Final = _table(Frame)
HISTORY: Final = _table(HistorySegment)
TOKEN: Final = _table(TaskToken)
SIGNAL: Final = _table(Signal)
APPROVAL: Final = _table(Approval)
MACHINE: Final = _table(StateMachine)
