"""A group that a waiting approval is addressed to cannot be deleted: the approval would be open to everybody."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils.translation import gettext as _

from designer.errors import ActionError
from executions.approvals import queries


@receiver(pre_delete, sender=Group)
def refuse_while_asked(instance: Group, **_more: Any) -> None:
    """ActionError("GroupInUseConflict") while something waits for the group."""
    if queries.waiting().filter(groups=instance).exists():
        message = _("An approval waits for the group '%(name)s'. Delete it when that is decided.")
        raise ActionError("GroupInUseConflict", message % {"name": instance.name})
