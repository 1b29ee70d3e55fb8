"""What tools ask for by the way, and what there is nothing of."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Sum
from django.db.models.functions import Length

from designer.errors import ActionError
from designer.permissions import Actor, Permission, require
from executions.api.functions.naming import function, named, unqualified
from executions.integrations.functions.catalog import RESERVED
from executions.integrations.functions.code import MAX_UNPACKED_BYTES, MAX_ZIP_BYTES
from executions.integrations.functions.concurrency import reserved_of, set_reserved
from executions.integrations.functions.pool import LIMIT
from executions.models import Function

Request = dict[str, Any]


def get_account_settings(actor: Actor, request: Request) -> Request:
    require(actor, Permission.VIEW)
    used = Function.objects.aggregate(size=Sum(Length("code")), count=Count("pk"))
    return {
        "AccountLimit": {"CodeSizeUnzipped": MAX_UNPACKED_BYTES, "CodeSizeZipped": MAX_ZIP_BYTES,
                         "ConcurrentExecutions": LIMIT, "UnreservedConcurrentExecutions": LIMIT},
        "AccountUsage": {"TotalCodeSize": used["size"] or 0, "FunctionCount": used["count"]},
    }


def get_function_code_signing_config(actor: Actor, request: Request) -> Request:
    return {"CodeSigningConfigArn": "", "FunctionName": function(actor, unqualified(request)).name}


def get_function_concurrency(actor: Actor, request: Request) -> Request:
    number = reserved_of(function(actor, unqualified(request)))
    return {} if number is None else {RESERVED: number}


def put_function_concurrency(actor: Actor, request: Request) -> Request:
    return {RESERVED: reserved_of(set_reserved(actor, unqualified(request), request[RESERVED]))}


def delete_function_concurrency(actor: Actor, request: Request) -> Request:
    set_reserved(actor, unqualified(request), None)
    return {}


def get_policy(actor: Actor, request: Request) -> Request:
    """Permissions belong to users here; no function has any."""
    name = named(request)
    function(actor, name.name, name.qualifier)
    raise ActionError("ResourceNotFoundException", "The resource you requested does not exist.")


def list_layers(actor: Actor, request: Request) -> Request:
    require(actor, Permission.VIEW)
    return {"Layers": []}
