"""Delete an activity."""

from __future__ import annotations

from django.db import transaction

from designer import arns
from designer.permissions import Actor, Permission, require
from designer.tags import remove_tags
from executions.models import Activity


@transaction.atomic
def delete_activity(actor: Actor, arn: str) -> None:
    """Delete an activity; one that is not there is no error (recorded).  Its open tasks go on waiting."""
    require(actor, Permission.DESIGN)
    arns.parse(arn, arns.ACTIVITY)
    Activity.objects.filter(arn=arn).delete()
    remove_tags(arn)
