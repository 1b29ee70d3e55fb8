"""Publish a version of a state machine (api.md section 9)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from designer.arns import qualified_arn
from designer.errors import ActionError
from designer.machines import current_revision, find_active_machine, now
from designer.models import StateMachine, Version
from designer.noting import note
from designer.permissions import Actor, Permission, require
from designer.texts import storable

MAX_VERSIONS: Final = 1000


@transaction.atomic
def publish_version(actor: Actor, arn: str, *, revision_id: str | None = None, description: str = "") -> Version:
    """Publish the current revision; the version it has already, if it has one.

    `revision_id` says which revision the caller means: ConflictException when it is no longer current.
    """
    require(actor, Permission.DESIGN)
    machine = find_active_machine(arn, lock=True)
    revision = current_revision(machine)
    if revision_id is not None and revision_id != revision.revision_id:
        raise ActionError(
            "ConflictException",
            f"Failed to publish the State Machine version for revision {revision_id}. "
            f"The current State Machine revision is {revision.revision_id}.")
    version = add_version(machine, description)
    note(actor, "version.published", version.arn, revision=revision.number)
    return version


def add_version(machine: StateMachine, description: str = "", created_at: datetime | None = None) -> Version:
    """The version of the current revision, made if there is none.  Needs the machine's row lock."""
    revision = current_revision(machine)
    existing = Version.objects.filter(revision=revision).order_by("-number").first()
    if existing is not None:
        return existing
    if machine.versions.count() >= MAX_VERSIONS:
        raise ActionError(
            "ServiceQuotaExceededException",
            f"A state machine has at most {MAX_VERSIONS} versions; delete some of '{machine.arn}'.")
    machine.versions_made += 1
    machine.save(update_fields=["versions_made"])
    number = machine.versions_made
    return Version.objects.create(
        machine=machine, revision=revision, number=number, arn=qualified_arn(machine.arn, number),
        description=storable(description), created_at=created_at or now())
