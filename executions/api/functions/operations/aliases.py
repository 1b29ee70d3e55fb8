"""Create-, Update-, Delete- and GetAlias, ListAliases."""

from __future__ import annotations

from typing import Any

from designer.permissions import Actor
from executions.api.functions import markers, shown
from executions.api.functions.answering import Reply
from executions.api.functions.naming import function, unqualified
from executions.integrations.functions import aliases
from executions.models import FunctionAlias

Request = dict[str, Any]


def create_alias(actor: Actor, request: Request) -> Request:
    name = unqualified(request)
    made = aliases.create_alias(actor, name, request["Name"], request["FunctionVersion"],
                                description=request.get("Description", ""), weights=_weights(request))
    return shown.alias(function(actor, name), made)


def update_alias(actor: Actor, request: Request) -> Request:
    name = unqualified(request)
    changed = aliases.update_alias(
        actor, name, request["Name"], version=request.get("FunctionVersion"), description=request.get("Description"),
        weights=_weights(request), revision=request.get("RevisionId") or None)
    return shown.alias(function(actor, name), changed)


def delete_alias(actor: Actor, request: Request) -> Reply:
    aliases.delete_alias(actor, unqualified(request), request["Name"])
    return Reply(status=204)


def get_alias(actor: Actor, request: Request) -> Request:
    row = function(actor, unqualified(request), request["Name"])
    return shown.alias(row, aliases.find_alias(actor, row, request["Name"]))


def list_aliases(actor: Actor, request: Request) -> Request:
    """By name; with FunctionVersion only those that point at it."""
    row = function(actor, unqualified(request))
    version = request.get("FunctionVersion")
    question = ["ListAliases", row.name, version]
    after, limit = markers.position(question, request) or "", markers.size(request)
    rows = FunctionAlias.objects.filter(function=row, name__gt=after).order_by("name")
    found = list((rows if version is None else rows.filter(version=version))[:limit + 1])
    items = [shown.alias(row, each) for each in found[:limit]]
    return markers.page(question, "Aliases", items, found[limit - 1].name if len(found) > limit else None)


def _weights(request: Request) -> dict[str, float] | None:
    routing = request.get("RoutingConfig")
    return None if routing is None else dict(routing.get("AdditionalVersionWeights", {}))
