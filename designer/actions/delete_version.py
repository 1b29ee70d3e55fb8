"""Delete a version; running executions of it go on."""

from __future__ import annotations

from django.db import transaction

from designer.arns import invalid_arn
from designer.errors import ActionError
from designer.machines import unlabelled
from designer.models import Version
from designer.noting import note
from designer.permissions import Actor, Permission, require


@transaction.atomic
def delete_version(actor: Actor, arn: str) -> None:
    """Delete the version with this ARN; an absent one is no error, one that an alias uses is."""
    require(actor, Permission.DESIGN)
    if unlabelled(arn).version is None:
        raise invalid_arn(f"Not a state machine version ARN: {arn}")
    version = Version.objects.select_related("machine").filter(arn=arn).first()
    if version is None:
        return
    users = [alias.name for alias in version.machine.aliases.order_by("id")
             if any(route["stateMachineVersionArn"] == arn for route in alias.routing)]
    if users:
        raise ActionError(
            "ConflictException",
            "Version to be deleted must not be referenced by an alias. "
            f"Current list of aliases referencing this version: [{', '.join(users)}]")
    version.delete()
    note(actor, "version.deleted", arn)
