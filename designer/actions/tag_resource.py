"""Tag a state machine or an activity, and untag it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.db import transaction

from designer import arns, tags
from designer.errors import ActionError
from designer.models import StateMachine
from designer.permissions import Actor, Permission, require
from designer.texts import storable

# Activities are rows of the executions' side, which knows them and passes this in.
Exists = Callable[[str], bool]


@transaction.atomic
def tag_resource(actor: Actor, arn: str, given: Iterable[Mapping[str, str]], activity_exists: Exists) -> None:
    """Add tags `[{"key", "value"}]` or change their values; versions and aliases cannot be tagged."""
    require(actor, Permission.DESIGN)
    _check_resource(arn, activity_exists)
    tags.put_tags(arn, tags.check_tags(given))


@transaction.atomic
def untag_resource(actor: Actor, arn: str, keys: Iterable[str], activity_exists: Exists) -> None:
    """Remove tags; keys that are not there do not matter."""
    require(actor, Permission.DESIGN)
    _check_resource(arn, activity_exists)
    tags.remove_tags(arn, map(storable, keys))


def list_tags(actor: Actor, arn: str, activity_exists: Exists) -> list[dict[str, str]]:
    require(actor, Permission.VIEW)
    _check_resource(arn, activity_exists)
    return tags.tags_of(arn)


def _check_resource(text: str, activity_exists: Exists) -> None:
    arn = arns.parse(text, arns.STATE_MACHINE, arns.ACTIVITY)
    plain = arn.qualifier is None and arn.label is None
    exists = activity_exists(text) if arn.kind == arns.ACTIVITY else StateMachine.objects.filter(arn=text).exists()
    if not (plain and exists):
        raise ActionError("ResourceNotFound", f"Resource not found: '{text}'", resourceName=text)
