"""Change where an alias points, or its description."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from designer.actions.routing import Route, as_kept, check_routing
from designer.errors import ActionError
from designer.machines import being_deleted, find_alias, now
from designer.models import Alias
from designer.noting import note
from designer.permissions import Actor, Permission, require
from designer.texts import storable


@transaction.atomic
def update_alias(actor: Actor, arn: str, *, routing: Sequence[Route] | None = None,
                 description: str | None = None) -> Alias:
    """Change what is given (not None); the versions must be of the alias's own machine."""
    require(actor, Permission.DESIGN)
    alias = find_alias(arn, lock=True)
    if routing is None and description is None:
        message = "Either the description or the routingConfiguration must be specified"
        raise ActionError("ValidationException", message, reason="MISSING_REQUIRED_PARAMETER")
    if alias.machine.status != "ACTIVE":
        raise being_deleted(alias.machine.arn)
    if routing is not None:
        if check_routing(routing).pk != alias.machine.pk:
            message = "Routing configuration must contain versions of the state machine of the alias."
            raise ActionError("ValidationException", message, reason="INVALID_ROUTING_CONFIGURATION")
        alias.routing = as_kept(routing)
    if description is not None:
        alias.description = storable(description)
    alias.updated_at = now()
    alias.save(update_fields=["routing", "description", "updated_at"])
    note(actor, "alias.changed", arn, routing=alias.routing)
    return alias
