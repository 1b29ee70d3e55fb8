"""Create-, Update-, Delete- and DescribeStateMachineAlias, ListStateMachineAliases."""

from __future__ import annotations

from typing import Any

from designer.actions import create_alias as create
from designer.actions import delete_alias as delete
from designer.actions import list_state_machines as lists
from designer.actions import update_alias as update
from designer.machines import find_alias
from designer.permissions import Actor, Permission, require
from executions.api import pages

Request = dict[str, Any]


def create_alias(actor: Actor, request: Request) -> Request:
    alias = create.create_alias(
        actor, name=request["name"], routing=request["routingConfiguration"],
        description=request.get("description", ""))
    return {"stateMachineAliasArn": alias.arn, "creationDate": alias.created_at.timestamp()}


def update_alias(actor: Actor, request: Request) -> Request:
    alias = update.update_alias(
        actor, request["stateMachineAliasArn"], routing=request.get("routingConfiguration"),
        description=request.get("description"))
    return {"updateDate": alias.updated_at.timestamp()}


def delete_alias(actor: Actor, request: Request) -> Request:
    delete.delete_alias(actor, request["stateMachineAliasArn"])
    return {}


def describe_alias(actor: Actor, request: Request) -> Request:
    require(actor, Permission.VIEW)
    alias = find_alias(request["stateMachineAliasArn"])
    answer = {
        "stateMachineAliasArn": alias.arn, "name": alias.name, "routingConfiguration": alias.routing,
        "creationDate": alias.created_at.timestamp(), "updateDate": alias.updated_at.timestamp()}
    return answer | ({"description": alias.description} if alias.description else {})


def list_aliases(actor: Actor, request: Request) -> Request:
    after = pages.position("ListStateMachineAliases", request)
    aliases, edge = lists.list_aliases(
        actor, request["stateMachineArn"], after=after or 0, limit=pages.page_size(request))
    items = [{"stateMachineAliasArn": alias.arn, "creationDate": alias.created_at.timestamp()} for alias in aliases]
    return pages.page("ListStateMachineAliases", request, "stateMachineAliases", items, edge)
