"""Look at one activity."""

from __future__ import annotations

from designer.permissions import Actor, Permission, require
from executions.actions.activity_rows import find_activity
from executions.models import Activity


def describe_activity(actor: Actor, arn: str) -> Activity:
    """InvalidArn, ActivityDoesNotExist."""
    require(actor, Permission.VIEW)
    return find_activity(arn)
