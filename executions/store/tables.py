"""Names of the hot tables, quoted; taken from the models, so that migrations stay the one truth."""

from __future__ import annotations

from typing import Final

from django.db import models

from executions.models import Approval, Execution, Frame, HistorySegment, Signal, TaskToken


def _table(model: type[models.Model]) -> str:
    return f'"{model._meta.db_table}"'


def columns(model: type[models.Model], *fields: str) -> tuple[str, ...]:
    """The quoted column names of fields."""
    return tuple(f'"{model._meta.get_field(name).column}"' for name in fields)


EXECUTION: Final = _table(Execution)
FRAME: Final = _table(Frame)
HISTORY: Final = _table(HistorySegment)
TOKEN: Final = _table(TaskToken)
SIGNAL: Final = _table(Signal)
APPROVAL: Final = _table(Approval)
