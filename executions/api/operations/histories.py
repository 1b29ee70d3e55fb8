"""GetExecutionHistory."""

from __future__ import annotations

from typing import Any, Final

from designer.asl.jsontext import dumps
from designer.permissions import Actor, Permission, require
from executions.api import history, pages
from executions.api.lookup import execution_id

NAME: Final = "GetExecutionHistory"


def get_execution_history(actor: Actor, request: dict[str, Any]) -> bytes:
    """A page of events as JSON text; stored texts are handed on."""
    require(actor, Permission.VIEW)
    execution = execution_id(request["executionArn"])
    found = history.page(
        execution, limit=pages.page_size(request), edge=pages.position(NAME, request),
        reverse=request.get("reverseOrder", False), data=request.get("includeExecutionData", True))
    more = "" if found.edge is None else f',"nextToken":{dumps(pages.next_token(NAME, request, found.edge))}'
    return f'{{"events":{found.events}{more}}}'.encode()
