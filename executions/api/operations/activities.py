"""CreateActivity, DeleteActivity, DescribeActivity, ListActivities, GetActivityTask."""

from __future__ import annotations

from typing import Any, Final

from designer import arns
from designer.actions.configuration import encryption_configuration
from designer.errors import ActionError
from designer.permissions import Actor, Permission, require
from executions.actions.create_activity import create_activity as create
from executions.actions.delete_activity import delete_activity as delete
from executions.actions.get_activity_task import get_activity_task as poll
from executions.api import pages
from executions.models import Activity

Request = dict[str, Any]
LIST: Final = "ListActivities"


def create_activity(actor: Actor, request: Request) -> Request:
    activity = create(actor, request["name"], tags=request.get("tags", ()))
    return {"activityArn": activity.arn, "creationDate": activity.created_at.timestamp()}


def delete_activity(actor: Actor, request: Request) -> Request:
    delete(actor, request["activityArn"])
    return {}


def describe_activity(actor: Actor, request: Request) -> Request:
    require(actor, Permission.VIEW)
    arn = arns.parse(request["activityArn"], arns.ACTIVITY)
    activity = Activity.objects.filter(arn=arn.text).first()
    if activity is None:
        raise ActionError("ActivityDoesNotExist", f"Activity Does Not Exist: '{arn.text}'")
    return {
        "activityArn": activity.arn, "name": activity.name, "creationDate": activity.created_at.timestamp(),
        "encryptionConfiguration": encryption_configuration(None)}


def list_activities(actor: Actor, request: Request) -> Request:
    """In the order of creation."""
    require(actor, Permission.VIEW)
    limit = pages.page_size(request)
    rows = list(Activity.objects.filter(pk__gt=pages.position(LIST, request) or 0).order_by("pk")[:limit + 1])
    items = [{"activityArn": row.arn, "name": row.name, "creationDate": row.created_at.timestamp()}
             for row in rows[:limit]]
    return pages.page(LIST, request, "activities", items, rows[limit - 1].pk if len(rows) > limit else None)


async def get_activity_task(actor: Actor, request: Request) -> Request:
    """A task, or after a minute without one a null token."""
    task = await poll(actor, request["activityArn"], worker=request.get("workerName", ""))
    return {"taskToken": None} if task is None else {"taskToken": task.token, "input": task.input}
