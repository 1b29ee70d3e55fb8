"""StartExecution, StopExecution, RedriveExecution, DescribeExecution, ListExecutions."""

from __future__ import annotations

import time
from typing import Any, Final

from django.db.models import Q, QuerySet

from designer.errors import ActionError
from designer.machines import does_not_exist, unlabelled
from designer.models import StateMachine
from designer.permissions import Actor, Permission, require
from executions.actions.redrive_execution import redrive_execution as redrive
from executions.actions.redrive_execution import why_not_redrivable
from executions.actions.start_execution import start_execution as start
from executions.actions.start_sync_execution import start_sync_execution as start_sync
from executions.actions.stop_execution import stop_execution as stop
from executions.actions.update_map_run import find_map_run
from executions.api import pages
from executions.api.answers import seconds
from executions.api.lookup import ExecutionRow, execution_row
from executions.models import Execution
from executions.store import last_event
from executions.store.offload import whole as fetched

Request = dict[str, Any]
LIST: Final = "ListExecutions"
BILLED_STEP: Final = 100  # ms
BILLED_MEMORY: Final = 64  # MB


async def start_execution(actor: Actor, request: Request) -> Request:
    started = await start(
        actor, request["stateMachineArn"], request.get("input"), name=request.get("name"),
        trace_header=request.get("traceHeader"))
    return {"executionArn": started.arn, "startDate": seconds(started.started_at)}


async def start_sync_execution(actor: Actor, request: Request) -> Request:
    """The execution's end; 200 also when it failed."""
    new, ended = await start_sync(
        actor, request["stateMachineArn"], request.get("input"), name=request.get("name"),
        trace_header=request.get("traceHeader"))
    whole = request.get("includedData") != "METADATA_ONLY"
    took = max(1, -(-(ended.stopped_at - ended.started_at) // BILLED_STEP)) * BILLED_STEP
    told: Request = {
        "executionArn": ended.arn, "stateMachineArn": new.machine_arn, "name": new.name, "status": ended.status,
        "startDate": seconds(ended.started_at), "stopDate": seconds(ended.stopped_at),
        "inputDetails": {"included": whole}, "outputDetails": {"included": whole},
        "billingDetails": {"billedDurationInMilliseconds": took, "billedMemoryUsedInMB": BILLED_MEMORY}}
    optional = {
        "error": ended.error, "cause": ended.cause, "traceHeader": new.trace_header,
        "input": new.input if whole else None, "output": ended.output if whole else None}
    return told | {name: value for name, value in optional.items() if value is not None}


async def stop_execution(actor: Actor, request: Request) -> Request:
    stopped_at = await stop(
        actor, request["executionArn"], error=request.get("error"), cause=request.get("cause"))
    return {"stopDate": seconds(stopped_at)}


async def redrive_execution(actor: Actor, request: Request) -> Request:
    return {"redriveDate": seconds(await redrive(actor, request["executionArn"], request.get("clientToken")))}


def describe_execution(actor: Actor, request: Request) -> Request:
    require(actor, Permission.VIEW)
    row = execution_row(request["executionArn"])
    answer: Request = {
        "executionArn": row.arn, "stateMachineArn": row.machine_arn, "name": row.name, "status": row.status,
        "startDate": seconds(row.started_at), "redriveCount": row.redrive_count}
    if row.stopped_at is not None:
        answer["stopDate"] = seconds(row.stopped_at)
    if row.redrive_at is not None:
        answer["redriveDate"] = seconds(row.redrive_at)
    optional = {
        "error": row.error, "cause": row.cause, "traceHeader": row.trace_header,
        "stateMachineVersionArn": row.version_arn, "stateMachineAliasArn": row.alias_arn}
    answer |= {name: value for name, value in optional.items() if value is not None}
    return answer | _payloads(row, request) | _redrive(row)


def _payloads(row: ExecutionRow, request: Request) -> Request:
    """Input and output, or with METADATA_ONLY only that they are not included."""
    whole = request.get("includedData") != "METADATA_ONLY"
    told: Request = {}
    for name, text in (("input", row.input), ("output", row.output)):
        if text is not None:
            told[f"{name}Details"] = {"included": whole}
            if whole:
                told[name] = fetched(row.id, text)
    return told


def _redrive(row: ExecutionRow) -> Request:
    reason = why_not_redrivable(
        row.status, row.machine_status, row.started_at, row.stopped_at, row.redrive_count,
        time.time_ns() // 1_000_000, lambda: last_event(row.id))
    if reason is None:
        return {"redriveStatus": "REDRIVABLE"}
    return {"redriveStatus": "NOT_REDRIVABLE", "redriveStatusReason": reason}


def list_executions(actor: Actor, request: Request) -> Request:
    """Newest start first; the position is start and id of the page's last execution."""
    require(actor, Permission.VIEW)
    query = _of_machine(request)
    if "statusFilter" in request:
        query = query.filter(status=request["statusFilter"])
    if "redriveFilter" in request:
        query = query.filter(redrive_count__gt=0) if request["redriveFilter"] == "REDRIVEN" else query.filter(
            redrive_count=0)
    edge = pages.position(LIST, request)
    if edge is not None:
        query = query.filter(Q(started_at__lt=edge[0]) | Q(started_at=edge[0], pk__lt=edge[1]))
    limit = pages.page_size(request)
    rows = list(query.order_by("-started_at", "-pk").only(*_LISTED)[:limit + 1])
    last = rows[limit - 1] if len(rows) > limit else None
    items = [_item(row) for row in rows[:limit]]
    return pages.page(LIST, request, "executions", items, None if last is None else [last.started_at, last.pk])


_LISTED: Final = (
    "arn", "name", "status", "started_at", "stopped_at", "version_arn", "alias_arn", "redrive_count", "redrive_at",
    "machine__arn",
)


def _of_machine(request: Request) -> QuerySet[Execution]:
    """The executions of the machine, version or alias asked for."""
    if ("stateMachineArn" in request) == ("mapRunArn" in request):
        message = "Exactly one of stateMachineArn and mapRunArn must be specified."
        raise ActionError("ValidationException", message)
    if "mapRunArn" in request:
        find_map_run(request["mapRunArn"])
        return Execution.objects.none()  # the children of a Map Run are part of its execution here
    arn = unlabelled(request["stateMachineArn"])
    machine = StateMachine.objects.filter(arn=arn.machine).first()
    if machine is None:
        raise does_not_exist(arn.text)
    if machine.kind == "EXPRESS":
        message = "This operation is not supported by this type of state machine"
        raise ActionError("StateMachineTypeNotSupported", message)
    if request.get("statusFilter") == "PENDING_REDRIVE":
        message = "The status PENDING_REDRIVE can be asked for with a mapRunArn only."
        raise ActionError("ValidationException", message)
    query = machine.executions.select_related("machine")
    if arn.qualifier is None:
        return query
    return query.filter(version_arn=arn.text) if arn.version is not None else query.filter(alias_arn=arn.text)


def _item(row: Execution) -> Request:
    optional = {
        "stopDate": None if row.stopped_at is None else seconds(row.stopped_at),
        "redriveDate": None if row.redrive_at is None else seconds(row.redrive_at),
        "stateMachineVersionArn": row.version_arn, "stateMachineAliasArn": row.alias_arn}
    return {
        "executionArn": row.arn, "stateMachineArn": row.machine.arn, "name": row.name, "status": row.status,
        "startDate": seconds(row.started_at), "redriveCount": row.redrive_count,
        **{name: value for name, value in optional.items() if value is not None}}
