"""Revision ids: they change with every change, so that nobody overwrites what he has not seen."""

from __future__ import annotations

import uuid
from typing import Final

from designer.errors import ActionError
from executions.models import Function, FunctionAlias, FunctionVersion

NAMES: Final = uuid.UUID("c9b1f1f6-0b55-4c33-9d0c-3d2a8b6f4e11")


def revision_of(row: Function | FunctionVersion | FunctionAlias) -> str:
    """The id of the row as it is; a version never changes."""
    moment = row.created_at if isinstance(row, FunctionVersion) else row.updated_at
    return str(uuid.uuid5(NAMES, f"{type(row).__name__}:{row.pk}:{moment.isoformat()}"))


def check_revision(row: Function | FunctionAlias, expected: str | None) -> None:
    """PreconditionFailedException when somebody has changed the row since `expected` was read."""
    if expected is not None and expected != revision_of(row):
        kind = "Alias" if isinstance(row, FunctionAlias) else "Function"
        raise ActionError("PreconditionFailedException",
                          "The Revision Id provided does not match the latest Revision Id. Call the "
                          f"Get{kind} API to retrieve the latest Revision Id")
