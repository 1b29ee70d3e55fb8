"""Executions, their states and tries as the REST API writes them.  Ids are strings: they are larger than 2^53."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db.models import Count

from designer.diagrams.drawing import draw
from designer.diagrams.layout import LayoutError
from designer.models import User
from designer.people.names import display_name
from designer.permissions import Actor, Permission
from executions import store
from executions.actions.redrive_execution import reason_against
from executions.models import Execution, TaskToken
from executions.rest import task_records
from executions.rest.moments import iso
from executions.rest.visits import Try, Visit, details, visits_of
from executions.store import offload

CHILDREN: Final = 50  # named in the answer; the list has them all


def rows(executions: Sequence[Execution]) -> list[dict[str, Any]]:
    """Rows of the list."""
    waiting = dict(
        TaskToken.objects.filter(execution__in=executions, kind="approval", status__in=task_records.OPEN)
        .values_list("execution").annotate(Count("token")))
    return [row(execution, waiting.get(execution.pk, 0)) for execution in executions]


def row(execution: Execution, waiting: int) -> dict[str, Any]:
    """One execution in short; `waiting` is the number of approvals that are open in it."""
    stopped = execution.stopped_at
    return {
        "id": str(execution.pk), "arn": execution.arn, "name": execution.name, "kind": execution.kind,
        "status": execution.status, "waiting": waiting,
        "machine": {"name": execution.machine.name, "arn": execution.machine.arn},
        "revision": execution.revision.number,
        "started_at": iso(execution.started_at), "stopped_at": iso(stopped),
        "duration_ms": None if stopped is None else stopped - execution.started_at,
        "started_by": person(execution.started_by), "error": execution.error, "redrive_count": execution.redrive_count,
    }


def person(user: User | None) -> str | None:
    """A person's name as it is shown."""
    return display_name(user) if user else None


def whole(execution: Execution, actor: Actor) -> dict[str, Any]:
    """Everything the execution page needs besides the history."""
    definition = _definition(execution)
    waiting = TaskToken.objects.filter(execution=execution, kind="approval", status__in=task_records.OPEN).count()
    children = execution.children.select_related("machine").order_by("id")
    operate = Permission.OPERATE in actor.permissions
    return {
        **row(execution, waiting),
        **_payloads(execution), "cause": execution.cause,
        "role_arn": execution.role_arn, "version_arn": execution.version_arn, "alias_arn": execution.alias_arn,
        "trace_header": execution.trace_header,
        "definition": execution.revision.definition,
        "drawing": _drawing(definition),
        "current_revision": execution.machine.current.number if execution.machine.current else None,
        "last_event": store.last_event(execution.pk),
        "parent": _link(execution.parent) if execution.parent else None,
        "children": [_link(child) for child in children[:CHILDREN]],
        "may": {
            "stop": operate and execution.status == "RUNNING",
            "redrive": operate and execution.kind == "STANDARD" and reason_against(execution, _now()) is None,
            "start": operate and execution.machine.status == "ACTIVE",
            "approve": Permission.APPROVE in actor.permissions,
        },
    }


def _now() -> int:
    return time.time_ns() // 1_000_000


def _payloads(execution: Execution) -> dict[str, Any]:
    """Input and output; of what lies aside only the beginning, and its length in `previews`."""
    texts = {"input": execution.input, "output": execution.output}
    lengths = {name: offload.length_of(text) for name, text in texts.items() if text}
    shown = {name: text and offload.beginning(execution.pk, text) for name, text in texts.items()}
    return shown | {"previews": {name: length for name, length in lengths.items() if length is not None}}


def _definition(execution: Execution) -> Any:
    try:
        return json.loads(execution.revision.definition)
    except ValueError:
        return None


def _drawing(definition: Any) -> dict[str, Any] | None:
    """None when no layout engine is there; the table still shows the run."""
    try:
        return draw(definition)
    except LayoutError:
        return None


def _link(execution: Execution) -> dict[str, Any]:
    return {
        "id": str(execution.pk), "name": execution.name, "status": execution.status, "machine": execution.machine.name,
    }


def state(
    execution: Execution, name: str, actor: Actor, *, visit: int | None, after: int, limit: int,
) -> dict[str, Any]:
    """The visits of one state: the one entered by event `visit`, or `limit` of them entered after event `after`."""
    found = visits_of(name, store.events(execution.pk))
    every = [one for each in found for one in each.tries]
    wanted = [each for each in found if (each.entered["id"] == visit if visit else each.entered["id"] > after)]
    shown = wanted[:limit]
    tries = [one for each in shown for one in each.tries]
    known = Known(
        task_records.tokens_of(execution, name, every), task_records.logs_of(execution, every),
        task_records.children_of(tries), actor,
    )
    return {
        "name": name, "visits_total": len(found),
        "visits": [_visit(each, execution, known) for each in shown],
        "next_after": shown[-1].entered["id"] if len(wanted) > limit else None,
    }


class Known:
    """What the tables know about the tries, by the ids of their …Scheduled events."""

    def __init__(
        self, tokens: dict[int, TaskToken], logs: dict[int, list[dict[str, Any]]],
        children: dict[int, dict[str, Any]], actor: Actor,
    ) -> None:
        self.tokens, self.logs, self.children, self.actor = tokens, logs, children, actor


def _visit(visit: Visit, execution: Execution, known: Known) -> dict[str, Any]:
    entered, exited = details(visit.entered), details(visit.exited) if visit.exited else {}
    failure = details(visit.failure) if visit.failure else {}
    return {
        "id": visit.entered["id"], "exit_event": visit.exited["id"] if visit.exited else None,
        "type": visit.entered["type"].removesuffix("StateEntered"), "status": _status(visit, execution),
        "entered_at": _seconds(visit.entered), "exited_at": _seconds(visit.exited),
        "input": entered.get("input"), "output": exited.get("output"),
        "previews": _aside(visit.entered) | _aside(visit.exited),
        "assigned": exited.get("assignedVariables"),
        "error": failure.get("error"), "cause": failure.get("cause"),
        "tries": [_try(number, one, known) for number, one in enumerate(visit.tries, 1)],
    }


def _aside(event: dict[str, Any] | None) -> dict[str, int]:
    """Of what lies aside only the beginning is shown; the lengths of the whole."""
    return {} if event is None else event.get("previews", {})


def _status(visit: Visit, execution: Execution) -> str:
    if visit.exited:
        return "CAUGHT" if visit.failure else "SUCCEEDED"
    if execution.status == "RUNNING":
        return "RUNNING"
    return "FAILED" if visit.failure or visit.entered["type"] == "FailStateEntered" else "ABORTED"


def _try(number: int, one: Try, known: Known) -> dict[str, Any]:
    event = one.scheduled["id"]
    scheduled, ended = details(one.scheduled), details(one.ended) if one.ended else {}
    token = known.tokens.get(event)
    return {
        "number": number, "event": event, "status": one.status, "worker": one.worker,
        "scheduled_at": _seconds(one.scheduled), "started_at": _iso_seconds(one.started_at),
        "ended_at": _seconds(one.ended),
        "resource": ":".join(filter(None, (scheduled.get("resourceType"), scheduled.get("resource")))),
        "parameters": scheduled.get("parameters", scheduled.get("input")),
        "timeout_seconds": scheduled.get("timeoutInSeconds"), "heartbeat_seconds": scheduled.get("heartbeatInSeconds"),
        "output": ended.get("output"), "error": ended.get("error"), "cause": ended.get("cause"),
        "logs": known.logs.get(event, []),
        "task": task_records.describe_token(token, known.actor) if token else None,
        "child": known.children.get(event),
    }


def _seconds(event: dict[str, Any] | None) -> str | None:
    return _iso_seconds(event["timestamp"]) if event else None


def _iso_seconds(timestamp: float | None) -> str | None:
    return None if timestamp is None else iso(round(timestamp * 1000))


def inputs(executions: Iterable[Execution]) -> list[dict[str, Any]]:
    """Inputs used lately, each text once, newest first."""
    seen: dict[str, dict[str, Any]] = {}
    for execution in executions:
        if offload.length_of(execution.input) is not None:
            continue
        seen.setdefault(execution.input, {
            "input": execution.input, "execution": str(execution.pk), "name": execution.name,
            "started_at": iso(execution.started_at), "status": execution.status,
        })
    return list(seen.values())
