"""DescribeMapRun, UpdateMapRun, ListMapRuns (api.md section 12)."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Count, Q

from designer import arns
from designer.permissions import Actor, Permission, require
from executions.actions.update_map_run import find_map_run
from executions.actions.update_map_run import update_map_run as update
from executions.api import pages
from executions.api.answers import seconds
from executions.api.lookup import execution_not_found, no_express
from executions.engine.run import CUT, DONE, FAILED, LIVE
from executions.models import Execution, Frame, MapRun

Request = dict[str, Any]
LIST: Final = "ListMapRuns"
UNLIMITED: Final = 2_147_483_647  # what AWS says where there is no limit


def describe_map_run(actor: Actor, request: Request) -> Request:
    """Items and child executions are the same here: no child takes a batch."""
    require(actor, Permission.VIEW)
    row = find_map_run(request["mapRunArn"])
    counts = _counts(row)
    answer: Request = {
        "mapRunArn": row.arn, "executionArn": row.execution.arn, "status": row.status,
        "startDate": seconds(row.started_at), "maxConcurrency": row.max_concurrency or UNLIMITED,
        "toleratedFailurePercentage": row.tolerated_percentage, "toleratedFailureCount": row.tolerated_count,
        "itemCounts": counts, "executionCounts": counts, "redriveCount": row.redrive_count}
    if row.stopped_at is not None:
        answer["stopDate"] = seconds(row.stopped_at)
    if row.redrive_at is not None:
        answer["redriveDate"] = seconds(row.redrive_at)
    return answer


def _counts(row: MapRun) -> Request:
    if row.status == "RUNNING":
        found = Frame.objects.filter(execution=row.execution_id, parent=row.frame_id).values_list("status")
        frames = dict(found.annotate(Count("frame_id")).order_by())
        running, again = frames.get(LIVE, 0), frames.get(CUT, 0)
        succeeded, failed, aborted = frames.get(DONE, 0), frames.get(FAILED, 0), 0
    else:
        running = again = 0
        succeeded, failed, aborted = row.succeeded, row.failed, row.aborted
    pending = row.total - running - succeeded - failed - aborted - again
    return {
        "pending": pending, "running": running, "succeeded": succeeded, "failed": failed, "timedOut": 0,
        "aborted": aborted, "total": row.total, "resultsWritten": succeeded, "failuresNotRedrivable": 0,
        "pendingRedrive": again}


async def update_map_run(actor: Actor, request: Request) -> Request:
    await update(
        actor, request["mapRunArn"], max_concurrency=request.get("maxConcurrency"),
        tolerated_count=request.get("toleratedFailureCount"),
        tolerated_percentage=request.get("toleratedFailurePercentage"))
    return {}


def list_map_runs(actor: Actor, request: Request) -> Request:
    """In the order of their start; the position is start and ARN of the page's last one."""
    require(actor, Permission.VIEW)
    arn = no_express(arns.parse(request["executionArn"], arns.EXECUTION, arns.EXPRESS))
    execution = Execution.objects.select_related("machine").only("arn", "machine__arn").filter(arn=arn.text).first()
    if execution is None:
        raise execution_not_found(arn.text)
    query = MapRun.objects.filter(execution=execution)
    edge = pages.position(LIST, request)
    if edge is not None:
        query = query.filter(Q(started_at__gt=edge[0]) | Q(started_at=edge[0], pk__gt=edge[1]))
    limit = pages.page_size(request)
    rows = list(query.order_by("started_at", "pk")[:limit + 1])
    last = rows[limit - 1] if len(rows) > limit else None
    items = [_item(execution, row) for row in rows[:limit]]
    return pages.page(LIST, request, "mapRuns", items, None if last is None else [last.started_at, last.pk])


def _item(execution: Execution, row: MapRun) -> Request:
    item = {"executionArn": execution.arn, "mapRunArn": row.arn, "stateMachineArn": execution.machine.arn,
            "startDate": seconds(row.started_at)}
    return item if row.stopped_at is None else item | {"stopDate": seconds(row.stopped_at)}
