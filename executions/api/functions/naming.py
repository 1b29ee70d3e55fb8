"""Which function, and which version of it, a request names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.permissions import Actor, Permission, require
from executions.integrations.functions.catalog import FunctionName, parse_name
from executions.integrations.functions.deploying import not_found, refused
from executions.models import Function


def named(request: Mapping[str, Any]) -> FunctionName:
    """The name with its qualifier, which stands in it or beside it."""
    name = parse_name(request["FunctionName"])
    qualifier = request.get("Qualifier", "")
    if name.qualifier and qualifier and name.qualifier != qualifier:
        raise refused("The derived qualifier from the function name does not match the specified qualifier.")
    return FunctionName(name.name, qualifier or name.qualifier, name.region, name.account)


def unqualified(request: Mapping[str, Any]) -> str:
    """The name where only a function as such is meant."""
    return parse_name(request["FunctionName"]).name


def function(actor: Actor, name: str, qualifier: str = "") -> Function:
    """The row without its code; ResourceNotFoundException, whose ARN has the qualifier asked for."""
    require(actor, Permission.VIEW)
    row = Function.objects.filter(name=name).defer("code", "source").order_by("pk").first()
    if row is None:
        raise not_found(name, qualifier)
    return row
