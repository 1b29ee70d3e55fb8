"""Create a state machine (api.md sections 6 and 7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from designer.actions import configuration
from designer.actions.check_definition import check_definition, check_source
from designer.actions.publish_version import add_version
from designer.arns import check_name, machine_arn
from designer.errors import ActionError
from designer.machines import FIRST_REVISION, being_deleted, current_revision, now
from designer.models import Revision, StateMachine, Version
from designer.noting import digest, note
from designer.permissions import Actor, Permission, require
from designer.settings import CONFIG
from designer.tags import check_tags, put_tags
from designer.texts import storable, without_surrogates


@dataclass(frozen=True, slots=True)
class CreatedMachine:
    """`existed` is True when the same machine was there already (creation is idempotent)."""

    machine: StateMachine
    version: Version | None
    existed: bool = False


def create_state_machine(
    actor: Actor,
    *,
    name: str,
    definition: str,
    role_arn: str = "",
    kind: str = "STANDARD",
    logging: Mapping[str, Any] | None = None,
    tracing: Mapping[str, Any] | None = None,
    encryption: Mapping[str, Any] | None = None,
    tags: Iterable[Mapping[str, str]] = (),
    publish: bool = False,
    version_description: str = "",
    comment: str = "",
    source: str = "",
) -> CreatedMachine:
    """Create a machine with its first revision, live at once; `definition` is kept as the text given,
    `source` as the YAML it was written as ("": it was written as JSON).

    The same call again answers the same; the same name with something else is StateMachineAlreadyExists
    (`role_arn` and `tags` are not compared).  Names unfit: InvalidName; definitions: InvalidDefinition.
    """
    require(actor, Permission.DESIGN)
    check_name(name)
    check_published(publish, version_description)
    wanted = StateMachine(
        account=CONFIG.account, region=CONFIG.region, name=name, kind=kind,
        arn=machine_arn(CONFIG.account, CONFIG.region, name),
        logging=configuration.logging_configuration(logging),
        tracing=configuration.tracing_configuration(tracing),
        encryption=configuration.encryption_configuration(encryption),
        created_at=now(), created_by_id=actor.user_id)
    role = configuration.check_role(role_arn or configuration.default_role(CONFIG.account))
    checked_tags = check_tags(tags)
    definition = without_surrogates(definition)
    check_definition(definition, kind)
    check_source(source, definition)
    try:
        with transaction.atomic():
            existing = StateMachine.objects.select_related("current").filter(arn=wanted.arn).first()
            if existing is not None:
                return _existing(existing, wanted, definition, publish, version_description)
            made = _create(wanted, definition, role, checked_tags, publish, version_description, comment, source)
            note(actor, "machine.created", wanted.arn, definition=digest(definition), role=role)
            return made
    except IntegrityError:  # another process created it in between
        existing = StateMachine.objects.select_related("current").get(arn=wanted.arn)
        return _existing(existing, wanted, definition, publish, version_description)


def check_published(publish: bool, version_description: str) -> None:
    if version_description and not publish:
        message = "Version description can only be set when publish is true"
        raise ActionError("ValidationException", message)


def _create(machine: StateMachine, definition: str, role: str, tags: Mapping[str, str],
            publish: bool, description: str, comment: str, source: str) -> CreatedMachine:
    machine.save(force_insert=True)
    machine.current = Revision.objects.create(
        machine=machine, number=1, revision_id=FIRST_REVISION, definition=definition, role_arn=role, source=source,
        comment=storable(comment), created_at=machine.created_at, created_by_id=machine.created_by_id)
    machine.save(update_fields=["current"])
    put_tags(machine.arn, tags)
    return CreatedMachine(machine, add_version(machine, description, machine.created_at) if publish else None)


def _existing(machine: StateMachine, wanted: StateMachine, definition: str, publish: bool,
              description: str) -> CreatedMachine:
    """The answer when the name is taken."""
    if machine.status != "ACTIVE":
        raise being_deleted(machine.arn)
    revision = current_revision(machine)
    version = _published_at_creation(machine)
    same = (
        definition == revision.definition
        and (machine.kind, machine.logging, machine.tracing, machine.encryption)
        == (wanted.kind, wanted.logging, wanted.tracing, wanted.encryption)
        and publish == (version is not None)
        and (version is None or storable(description) == version.description))
    if not same:
        raise ActionError("StateMachineAlreadyExists", f"State Machine Already Exists: '{machine.arn}'")
    return CreatedMachine(machine, version, existed=True)


def _published_at_creation(machine: StateMachine) -> Version | None:
    """The version that creating the machine published: made in the same moment."""
    return machine.versions.filter(number=1, created_at=machine.created_at).first()
