"""Poll an activity for a task."""

from __future__ import annotations

from typing import Final

from designer import arns
from designer.permissions import Actor, Permission, require
from executions.actions import gateway
from executions.actions.activity_rows import activity_exists, does_not_exist
from executions.actions.gateway import ActivityTask

LONG_POLL: Final = 60.0  # seconds


async def get_activity_task(
    actor: Actor, arn: str, *, worker: str = "", wait: float = LONG_POLL,
) -> ActivityTask | None:
    """The next task, handed out and noted as begun; None when nothing came within `wait` seconds.

    InvalidArn, ActivityDoesNotExist, ActivityWorkerLimitExceeded.
    """
    require(actor, Permission.OPERATE)
    arns.parse(arn, arns.ACTIVITY)
    if not await activity_exists(arn):
        raise does_not_exist(arn)
    return await gateway.engine().get_activity_task(arn, worker, wait)
