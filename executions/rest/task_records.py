"""What the tables know beyond the history about the tries of a state: function logs, task tokens, child executions.

Events carry no ask ids, so records are matched to tries: tokens in the order in which they were opened, which is that
of the …Scheduled events; invocations by function and by the time between scheduling and end.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from designer.permissions import Actor, Permission
from executions.models import Approval, Execution, Invocation, TaskToken
from executions.rest.moments import iso
from executions.rest.visits import Try, details

OPEN: Final = ("OPEN", "STARTED")
_SLACK: Final = 5.0  # ms by which clocks of an event and an invocation may differ


def tokens_of(execution: Execution, state: str, tries: Sequence[Try]) -> dict[int, TaskToken]:
    """The task token of each try, by the id of its …Scheduled event; `tries` are all of the state's."""
    rows = list(
        TaskToken.objects.filter(execution=execution, state=state).select_related("approval").order_by("ask"))
    tries = [one for one in tries if one.scheduled["type"] != "LambdaFunctionScheduled"]
    if len(rows) == len(tries):
        return {one.scheduled["id"]: row for one, row in zip(tries, rows, strict=True)}
    found: dict[int, TaskToken] = {}
    for one in tries:
        fitting = (row for row in rows if row.opened_at >= one.scheduled["timestamp"] * 1000 - _SLACK)
        row = next(fitting, None)
        if row is not None:
            rows.remove(row)
            found[one.scheduled["id"]] = row
    return found


def describe_token(token: TaskToken, actor: Actor) -> dict[str, Any]:
    """A token without the token itself, which is a secret: who holds it may answer."""
    approval: Approval | None = getattr(token, "approval", None)
    return {
        "ask": token.ask, "kind": token.kind, "status": token.status, "worker": token.worker or None,
        "opened_at": iso(token.opened_at), "closed_at": iso(token.closed_at),
        "may_answer": (
            token.status in OPEN and token.kind in ("callback", "activity")
            and Permission.OPERATE in actor.permissions),
        "approval": None if approval is None else {
            "id": approval.public_id, "title": approval.title, "status": approval.status,
            "url": f"/approvals/{approval.public_id}/", "comment": approval.comment,
        },
    }


def logs_of(execution: Execution, tries: Sequence[Try]) -> dict[int, list[dict[str, Any]]]:
    """What functions logged in each try, by the id of its …Scheduled event."""
    rows = list(Invocation.objects.filter(execution=execution).select_related("function").order_by("ask", "started_at"))
    taken: set[str] = set()
    found: dict[int, list[dict[str, Any]]] = {}
    for one in tries:
        begin = one.scheduled["timestamp"] * 1000 - _SLACK
        end = one.ended["timestamp"] * 1000 + _SLACK if one.ended else float("inf")
        first = next((
            row for row in rows
            if row.request_id not in taken and begin <= row.started_at <= end and _calls(one, row.function.name)
        ), None)
        if first is None:
            continue
        # A call that was begun anew after a crash has the same ask.
        same = [row for row in rows if row.ask == first.ask and row.request_id not in taken]
        taken.update(row.request_id for row in same)
        found[one.scheduled["id"]] = [_describe_call(row) for row in same]
    return found


def _calls(one: Try, function: str) -> bool:
    """Whether a try called this function: by its ARN, or by the name in the parameters of lambda:invoke."""
    by_arn = one.scheduled["type"] == "LambdaFunctionScheduled"
    return function in details(one.scheduled).get("resource" if by_arn else "parameters", "")


def _describe_call(row: Invocation) -> dict[str, Any]:
    return {
        "request_id": row.request_id, "function": row.function.name, "started_at": iso(row.started_at),
        "duration_ms": row.duration_ms, "cold": row.cold, "error": row.error or None, "log": row.log,
    }


def children_of(tries: Sequence[Try]) -> dict[int, dict[str, Any]]:
    """The execution that each try started, by the id of its …Scheduled event."""
    arns = {one.scheduled["id"]: _child_arn(one) for one in tries}
    rows = {
        row.arn: {"id": str(row.pk), "name": row.name, "status": row.status, "machine": row.machine.name}
        for row in Execution.objects.filter(arn__in=[arn for arn in arns.values() if arn]).select_related("machine")
    }
    return {event: rows[arn] for event, arn in arns.items() if arn in rows}


def _child_arn(one: Try) -> str:
    for event in (one.submitted, one.ended):
        try:
            output = json.loads(details(event).get("output", "null")) if event else None
        except ValueError:
            output = None
        if isinstance(output, dict) and isinstance(output.get("ExecutionArn"), str):
            return str(output["ExecutionArn"])
    return ""
