"""List the activities."""

from __future__ import annotations

from django.db.models import QuerySet

from designer.permissions import Actor, Permission, require
from executions.models import Activity


def list_activities(actor: Actor) -> QuerySet[Activity]:
    """All activities by the time of their creation, to be sliced into pages."""
    require(actor, Permission.VIEW)
    return Activity.objects.order_by("pk")
