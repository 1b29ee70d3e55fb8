"""Create an activity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from designer.actions.configuration import encryption_configuration
from designer.arns import activity_arn, check_name
from designer.errors import ActionError
from designer.machines import now
from designer.permissions import Actor, Permission, require
from designer.settings import CONFIG
from designer.tags import check_tags, put_tags
from executions.models import Activity


@transaction.atomic
def create_activity(actor: Actor, name: str, *, tags: Iterable[Mapping[str, str]] = (),
                    encryption: Mapping[str, Any] | None = None) -> Activity:
    """Create an activity, or answer the one that has the name (tags are not compared).

    InvalidName, TooManyTags, InvalidEncryptionConfiguration, ActivityAlreadyExists (encrypted otherwise).
    """
    require(actor, Permission.DESIGN)
    check_name(name)
    checked = check_tags(tags)
    kept = encryption_configuration(encryption)
    arn = activity_arn(CONFIG.account, CONFIG.region, name)
    activity, created = Activity.objects.get_or_create(
        arn=arn, defaults={"account": CONFIG.account, "region": CONFIG.region, "name": name, "created_at": now(),
                           "encryption": kept})
    if created:
        put_tags(arn, checked)
    elif encryption_configuration(activity.encryption) != kept:
        raise ActionError("ActivityAlreadyExists", f"Activity Already Exists: '{arn}'")
    return activity
