"""Describe a state machine, as it is now or as one of its versions."""

from __future__ import annotations

from dataclasses import dataclass

from designer.machines import current_revision, does_not_exist, find_machine, find_version, unlabelled
from designer.models import Revision, StateMachine, Version
from designer.permissions import Actor, Permission, require


@dataclass(frozen=True, slots=True)
class DescribedMachine:
    """`version` is None when the ARN was unqualified; `revision` is what the ARN means."""

    machine: StateMachine
    revision: Revision
    version: Version | None = None


def describe_state_machine(actor: Actor, arn: str) -> DescribedMachine:
    """What is at a state machine's or version's ARN; StateMachineDoesNotExist, also for an alias."""
    require(actor, Permission.VIEW)
    parsed = unlabelled(arn)
    if parsed.version is not None:
        version = find_version(arn)
        return DescribedMachine(version.machine, version.revision, version)
    if parsed.qualifier is not None:
        raise does_not_exist(arn)
    machine = find_machine(arn)
    return DescribedMachine(machine, current_revision(machine))
