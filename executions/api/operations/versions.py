"""PublishStateMachineVersion, DeleteStateMachineVersion, ListStateMachineVersions."""

from __future__ import annotations

from typing import Any

from designer.actions import delete_version as delete
from designer.actions import list_state_machines as lists
from designer.actions import publish_version as publish
from designer.permissions import Actor
from executions.api import pages

Request = dict[str, Any]


def publish_version(actor: Actor, request: Request) -> Request:
    version = publish.publish_version(
        actor, request["stateMachineArn"], revision_id=request.get("revisionId"),
        description=request.get("description", ""))
    return {"stateMachineVersionArn": version.arn, "creationDate": version.created_at.timestamp()}


def delete_version(actor: Actor, request: Request) -> Request:
    delete.delete_version(actor, request["stateMachineVersionArn"])
    return {}


def list_versions(actor: Actor, request: Request) -> Request:
    before = pages.position("ListStateMachineVersions", request)
    versions, edge = lists.list_versions(
        actor, request["stateMachineArn"], before=before, limit=pages.page_size(request))
    items = [{"stateMachineVersionArn": version.arn, "creationDate": version.created_at.timestamp()}
             for version in versions]
    return pages.page("ListStateMachineVersions", request, "stateMachineVersions", items, edge)
