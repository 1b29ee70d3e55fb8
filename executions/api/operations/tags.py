"""TagResource, UntagResource, ListTagsForResource."""

from __future__ import annotations

from typing import Any

from designer.actions import tag_resource as tagging
from designer.permissions import Actor
from executions.models import Activity

Request = dict[str, Any]


def tag_resource(actor: Actor, request: Request) -> Request:
    tagging.tag_resource(actor, request["resourceArn"], request["tags"], _activity_exists)
    return {}


def untag_resource(actor: Actor, request: Request) -> Request:
    tagging.untag_resource(actor, request["resourceArn"], request["tagKeys"], _activity_exists)
    return {}


def list_tags(actor: Actor, request: Request) -> Request:
    return {"tags": tagging.list_tags(actor, request["resourceArn"], _activity_exists)}


def _activity_exists(arn: str) -> bool:
    return Activity.objects.filter(arn=arn).exists()
