"""Change a state machine; a new definition or role makes a new revision, live at once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from designer.actions import configuration
from designer.actions.check_definition import check_definition, check_source
from designer.actions.create_state_machine import check_published
from designer.actions.publish_version import add_version
from designer.errors import ActionError
from designer.machines import being_deleted, current_revision, does_not_exist, find_machine, now, unlabelled
from designer.models import Revision, StateMachine, Version
from designer.noting import digest, note
from designer.permissions import Actor, Permission, require
from designer.texts import storable, without_surrogates

NOTHING_GIVEN: Final = (
    "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified")


@dataclass(frozen=True, slots=True)
class UpdatedMachine:
    machine: StateMachine
    revision: Revision
    version: Version | None
    updated_at: datetime


def update_state_machine(
    actor: Actor,
    arn: str,
    *,
    definition: str | None = None,
    role_arn: str | None = None,
    logging: Mapping[str, Any] | None = None,
    tracing: Mapping[str, Any] | None = None,
    encryption: Mapping[str, Any] | None = None,
    publish: bool = False,
    version_description: str = "",
    comment: str = "",
    base_revision: str | None = None,
    source: str | None = None,
) -> UpdatedMachine:
    """Change what is given (not None).  The current definition and role again make no new revision.

    `base_revision` is the revision id that the caller changed; ConflictException when somebody else has
    saved since (the editor gives it, AWS has no such member).  `source` is the YAML that the definition was
    written as, "" for JSON; None when the caller knows of no such thing.
    """
    require(actor, Permission.DESIGN)
    if unlabelled(arn).qualifier is not None:
        raise does_not_exist(arn)
    if all(given is None for given in (definition, role_arn, logging, tracing, encryption)):
        raise ActionError("MissingRequiredParameter", NOTHING_GIVEN)
    check_published(publish, version_description)
    if role_arn is not None:
        configuration.check_role(role_arn)
    if definition is not None:
        definition = without_surrogates(definition)
        check_definition(definition, find_machine(arn).kind)
        check_source(source or "", definition)
    with transaction.atomic():
        machine = find_machine(arn, lock=True)
        if machine.status != "ACTIVE":
            raise being_deleted(arn)
        _check_base(machine, base_revision)
        _configure(machine, logging, tracing, encryption)
        updated_at = now()
        before = machine.current_id
        revision = _revise(actor, machine, definition, role_arn, comment, source, updated_at)
        version = add_version(machine, version_description) if publish else None
        if revision.pk != before:
            note(actor, "machine.saved", arn, revision=revision.number, definition=digest(revision.definition),
                 role=revision.role_arn, comment=revision.comment)
        if any(given is not None for given in (logging, tracing, encryption)):
            note(actor, "machine.configured", arn, logging=logging, tracing=tracing)
        return UpdatedMachine(machine, revision, version, updated_at)


def _check_base(machine: StateMachine, base_revision: str | None) -> None:
    current = current_revision(machine).revision_id
    if base_revision is not None and base_revision != current:
        raise ActionError(
            "ConflictException",
            f"The state machine '{machine.name}' was saved by somebody else in the meantime: you changed the revision "
            f"{base_revision}, the current one is {current}. Open the current one and make your change there.")


def _configure(machine: StateMachine, logging: Mapping[str, Any] | None, tracing: Mapping[str, Any] | None,
               encryption: Mapping[str, Any] | None) -> None:
    if logging is not None:
        machine.logging = configuration.logging_configuration(logging)
    if tracing is not None:
        machine.tracing = configuration.tracing_configuration(tracing)
    if encryption is not None:
        machine.encryption = configuration.encryption_configuration(encryption)
    machine.save(update_fields=["logging", "tracing", "encryption"])


def _revise(actor: Actor, machine: StateMachine, definition: str | None, role_arn: str | None,
            comment: str, source: str | None, at: datetime) -> Revision:
    """The current revision, or a new one when definition, role or YAML differ from it."""
    current = current_revision(machine)
    definition = current.definition if definition is None else definition
    role_arn = current.role_arn if role_arn is None else role_arn
    if (definition, role_arn) == (current.definition, current.role_arn) and source in (None, current.source):
        return current
    last = machine.revisions.aggregate(last=Max("number"))["last"] or 0
    revision = Revision.objects.create(
        machine=machine, number=last + 1, revision_id=str(uuid.uuid4()), definition=definition, role_arn=role_arn,
        source=source or "", comment=storable(comment), created_at=at, created_by_id=actor.user_id)
    machine.current = revision
    machine.save(update_fields=["current"])
    return revision
