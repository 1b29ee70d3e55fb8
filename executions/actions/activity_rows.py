"""Finding activities."""

from __future__ import annotations

from typing import Final

from designer import arns
from designer.errors import ActionError
from executions.actions.kept import Kept
from executions.models import Activity


def find_activity(arn: str) -> Activity:
    """The activity with this ARN; InvalidArn, ActivityDoesNotExist."""
    arns.parse(arn, arns.ACTIVITY)
    activity = Activity.objects.filter(arn=arn).first()
    if activity is None:
        raise does_not_exist(arn)
    return activity


def _exists(arn: str) -> bool:
    return Activity.objects.filter(arn=arn).exists()


_known: Final = Kept(_exists, Activity)


async def activity_exists(arn: str) -> bool:
    """Whether there is an activity with this ARN; for hot paths."""
    return await _known.get(arn)


def does_not_exist(arn: str) -> ActionError:
    return ActionError("ActivityDoesNotExist", f"Activity Does Not Exist: '{arn}'")
