"""TagResource, UntagResource, ListTags."""

from __future__ import annotations

from typing import Any

from designer.permissions import Actor, Permission, require
from executions.api.functions.answering import Reply
from executions.api.functions.naming import function
from executions.integrations.functions.catalog import parse_name
from executions.integrations.functions.deploying import change_tags, refused

Request = dict[str, Any]


def tag_resource(actor: Actor, request: Request) -> Reply:
    change_tags(actor, _name(request), added=request["Tags"])
    return Reply(status=204)


def untag_resource(actor: Actor, request: Request) -> Reply:
    change_tags(actor, _name(request), added={}, removed=request["TagKeys"])
    return Reply(status=204)


def list_tags(actor: Actor, request: Request) -> Request:
    require(actor, Permission.VIEW)
    return {"Tags": function(actor, _name(request)).tags}


def _name(request: Request) -> str:
    """Tags belong to a function, not to a version or alias of it."""
    name = parse_name(request["Resource"])
    if name.qualifier or ":function:" not in request["Resource"]:
        raise refused("Tags on function aliases, versions and other resources are not supported. Please specify a "
                      "function ARN.")
    return name.name
