"""CreateActivity, DeleteActivity, DescribeActivity, ListActivities, GetActivityTask."""

from __future__ import annotations

from typing import Any, Final

from designer.actions.configuration import encryption_configuration
from designer.permissions import Actor
from executions.actions.create_activity import create_activity as create
from executions.actions.delete_activity import delete_activity as delete
from executions.actions.describe_activity import describe_activity as describe
from executions.actions.get_activity_task import get_activity_task as poll
from executions.actions.list_activities import list_activities as listed
from executions.api import pages

Request = dict[str, Any]
LIST: Final = "ListActivities"


def create_activity(actor: Actor, request: Request) -> Request:
    activity = create(actor, request["name"], tags=request.get("tags", ()),
                      encryption=request.get("encryptionConfiguration"))
    return {"activityArn": activity.arn, "creationDate": activity.created_at.timestamp()}


def delete_activity(actor: Actor, request: Request) -> Request:
    delete(actor, request["activityArn"])
    return {}


def describe_activity(actor: Actor, request: Request) -> Request:
    activity = describe(actor, request["activityArn"])
    return {
        "activityArn": activity.arn, "name": activity.name, "creationDate": activity.created_at.timestamp(),
        "encryptionConfiguration": encryption_configuration(activity.encryption)}


def list_activities(actor: Actor, request: Request) -> Request:
    """In the order of creation; the position is the row's id."""
    limit = pages.page_size(request)
    rows = list(listed(actor).filter(pk__gt=pages.position(LIST, request) or 0)[:limit + 1])
    items = [{"activityArn": row.arn, "name": row.name, "creationDate": row.created_at.timestamp()}
             for row in rows[:limit]]
    return pages.page(LIST, request, "activities", items, rows[limit - 1].pk if len(rows) > limit else None)


async def get_activity_task(actor: Actor, request: Request) -> Request:
    """A task, or after a minute without one a null token."""
    task = await poll(actor, request["activityArn"], worker=request.get("workerName", ""))
    return {"taskToken": None} if task is None else {"taskToken": task.token, "input": task.input}
