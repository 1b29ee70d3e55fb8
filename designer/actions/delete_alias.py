"""Delete an alias; its versions and running executions stay."""

from __future__ import annotations

from django.db import transaction

from designer.machines import find_alias
from designer.noting import note
from designer.permissions import Actor, Permission, require


@transaction.atomic
def delete_alias(actor: Actor, arn: str) -> None:
    """Delete the alias with this ARN; ResourceNotFound when there is none."""
    require(actor, Permission.DESIGN)
    find_alias(arn, lock=True).delete()
    note(actor, "alias.deleted", arn)
