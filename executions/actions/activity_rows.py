"""Finding activities."""

from __future__ import annotations

from designer import arns
from designer.errors import ActionError
from executions.models import Activity


def find_activity(arn: str) -> Activity:
    """The activity with this ARN; InvalidArn, ActivityDoesNotExist."""
    arns.parse(arn, arns.ACTIVITY)
    activity = Activity.objects.filter(arn=arn).first()
    if activity is None:
        raise ActionError("ActivityDoesNotExist", f"Activity Does Not Exist: '{arn}'")
    return activity
