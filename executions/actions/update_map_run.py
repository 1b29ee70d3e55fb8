"""Change the limits of a Map Run that runs (api.md section 12)."""

from __future__ import annotations

from designer import arns
from designer.errors import ActionError
from designer.permissions import Actor, Permission, require
from executions.actions import gateway
from executions.engine.signals import MapRunUpdated
from executions.models import MapRun
from executions.store import in_thread


async def update_map_run(
    actor: Actor, arn: str, *, max_concurrency: int | None = None, tolerated_count: int | None = None,
    tolerated_percentage: float | None = None,
) -> None:
    """Set the limits that are not None; returns after the commit.

    InvalidArn, ResourceNotFound, ValidationException (nothing given, or the Map Run has ended).
    """
    require(actor, Permission.OPERATE)
    row = await in_thread(find_map_run, arn)
    if max_concurrency is None and tolerated_count is None and tolerated_percentage is None:
        raise ActionError(
            "ValidationException", "At least one of maxConcurrency, toleratedFailurePercentage and"
            " toleratedFailureCount must be specified.", reason="MISSING_REQUIRED_PARAMETER")
    signal = MapRunUpdated(row.frame_id, row.arn, max_concurrency, tolerated_count, tolerated_percentage)
    if row.status != "RUNNING" or not await gateway.engine().deliver(row.execution_id, signal):
        raise ActionError(
            "ValidationException", f"The Map Run has ended and cannot be changed: '{arn}'",
            reason="CANNOT_UPDATE_COMPLETED_MAP_RUN")


def find_map_run(arn: str) -> MapRun:
    """The Map Run with this ARN, with its execution; InvalidArn, ResourceNotFound."""
    parsed = arns.parse(arn, arns.MAP_RUN)
    row = MapRun.objects.select_related("execution__machine").defer(
        "execution__input", "execution__output", "execution__header").filter(pk=parsed.text).first()
    if row is None:
        raise ActionError("ResourceNotFound", f"Resource not found: '{parsed.text}'", resourceName=parsed.text)
    return row
