"""Create an activity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction

from designer.arns import activity_arn, check_name
from designer.machines import now
from designer.permissions import Actor, Permission, require
from designer.settings import CONFIG
from designer.tags import check_tags, put_tags
from executions.models import Activity


@transaction.atomic
def create_activity(actor: Actor, name: str, *, tags: Iterable[Mapping[str, str]] = ()) -> Activity:
    """Create an activity, or answer the one that has the name (tags are not compared).  InvalidName, TooManyTags."""
    require(actor, Permission.DESIGN)
    check_name(name)
    checked = check_tags(tags)
    arn = activity_arn(CONFIG.account, CONFIG.region, name)
    activity, created = Activity.objects.get_or_create(
        arn=arn, defaults={"account": CONFIG.account, "region": CONFIG.region, "name": name, "created_at": now()})
    if created:
        put_tags(arn, checked)
    return activity
