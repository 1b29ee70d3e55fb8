"""Finding what an address names."""

from __future__ import annotations

from typing import Final

from designer.errors import ActionError
from executions.models import Execution

LARGEST_ID: Final = 2**63 - 1  # a larger number is no id, and databases refuse it


def execution_of(execution: int) -> Execution:
    """The execution with its machine, revision and starter; ActionError when there is none of this id."""
    rows = Execution.objects.select_related("machine", "revision", "started_by")
    row = rows.filter(pk=execution).first() if execution <= LARGEST_ID else None
    if row is None:
        raise ActionError("ExecutionDoesNotExist", f"There is no execution {execution}.")
    return row
