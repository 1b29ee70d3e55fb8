"""What the views of this room share: who asks, and that everything here needs the view permission.

What more writing needs is checked by the actions; refusals are answered by designer/rest/errors.py.
"""

from __future__ import annotations

from typing import Any, Final

from rest_framework.request import Request
from rest_framework.views import APIView

from designer.errors import ActionError
from designer.people.actors import actor_of
from designer.permissions import Actor, Permission, require
from executions.models import Execution

LARGEST_ID: Final = 2**63 - 1  # a larger number is no id, and databases refuse it


class Door(APIView):
    """A view of this room."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        require(self.actor, Permission.VIEW)

    @property
    def actor(self) -> Actor:
        return actor_of(self.request.user)


def execution_of(execution: int) -> Execution:
    """The execution with its machine, revision and starter; ActionError when there is none of this id."""
    rows = Execution.objects.select_related("machine", "revision", "started_by")
    row = rows.filter(pk=execution).first() if execution <= LARGEST_ID else None
    if row is None:
        raise ActionError("ExecutionDoesNotExist", f"There is no execution {execution}.")
    return row
