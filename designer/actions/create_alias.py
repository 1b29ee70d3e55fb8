"""Create an alias of a state machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import transaction

from designer.actions.routing import Route, as_kept, check_routing
from designer.arns import check_name, qualified_arn
from designer.errors import ActionError
from designer.machines import now
from designer.models import Alias, StateMachine
from designer.noting import note
from designer.permissions import Actor, Permission, require
from designer.texts import storable

MAX_ALIASES: Final = 100


@transaction.atomic
def create_alias(actor: Actor, *, name: str, routing: Sequence[Route], description: str = "") -> Alias:
    """Create an alias `[{"stateMachineVersionArn", "weight"}]`; the same again answers the one that exists."""
    require(actor, Permission.DESIGN)
    check_name(name)
    machine = check_routing(routing)
    StateMachine.objects.select_for_update().get(pk=machine.pk)
    kept, description = as_kept(routing), storable(description)
    existing = machine.aliases.filter(name=name).first()
    if existing is not None:
        if (existing.routing, existing.description) != (kept, description):
            raise ActionError(
                "ConflictException",
                "Failed to create alias because an alias with the same name and a different "
                "routing configuration already exists.")
        return existing
    if machine.aliases.count() >= MAX_ALIASES:
        raise ActionError(
            "ServiceQuotaExceededException",
            f"A state machine has at most {MAX_ALIASES} aliases; delete some of '{machine.arn}'.")
    at = now()
    made = Alias.objects.create(
        machine=machine, name=name, arn=qualified_arn(machine.arn, name), description=description, routing=kept,
        created_at=at, updated_at=at)
    note(actor, "alias.created", made.arn, routing=kept)
    return made
