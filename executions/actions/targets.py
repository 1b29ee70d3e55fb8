"""What a state machine ARN stands for when an execution starts: the machine, a version or an alias."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

from designer import arns
from designer.machines import being_deleted, does_not_exist, no_such_resource, unlabelled
from designer.models import Alias, Revision, StateMachine, Version
from executions.actions.kept import Kept


@dataclass(frozen=True, slots=True)
class Target:
    """What to start."""

    machine_id: int
    machine_arn: str
    name: str
    kind: str
    status: str
    revision_id: int
    role_arn: str
    version_arn: str | None = None
    alias_arn: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The targets of an ARN (two for an alias that splits its traffic) and their weights."""

    targets: tuple[Target, ...]
    weights: tuple[int, ...]

    def pick(self) -> Target:
        if len(self.targets) == 1:
            return self.targets[0]
        return random.choices(self.targets, self.weights)[0]  # noqa: S311  # sharing traffic, no secret


async def find_target(arn: str) -> Target:
    """The target of a state machine, version or alias ARN.

    InvalidArn, StateMachineDoesNotExist, StateMachineDeleting, ResourceNotFound (alias).
    """
    target = (await _choices.get(arn)).pick()
    if target.status != "ACTIVE":
        raise being_deleted(arn)
    return target


def _read(text: str) -> Choice:
    arn = unlabelled(text)
    if arn.qualifier is None:
        targets, weights = [_of_machine(arn)], [100]
    elif arn.version is not None:
        targets, weights = [_of_version(text, None)], [100]
    else:
        targets, weights = _of_alias(arn)
    return Choice(tuple(targets), tuple(weights))


def _of_machine(arn: arns.Arn) -> Target:
    machine = StateMachine.objects.select_related("current").defer("current__definition").filter(arn=arn.text).first()
    if machine is None or machine.current is None:
        raise does_not_exist(arn.text)
    return _target(machine, machine.current)


def _of_version(version_arn: str, alias_arn: str | None) -> Target:
    rows = Version.objects.select_related("machine", "revision").defer("revision__definition")
    version = rows.filter(arn=version_arn).first()
    if version is None:
        raise does_not_exist(version_arn)
    return _target(version.machine, version.revision, version.arn, alias_arn)


def _of_alias(arn: arns.Arn) -> tuple[list[Target], list[int]]:
    alias = Alias.objects.filter(arn=arn.text).first()
    if alias is None:
        raise no_such_resource(arn.text)
    routes = [route for route in alias.routing if route["weight"] > 0]
    return (
        [_of_version(route["stateMachineVersionArn"], alias.arn) for route in routes],
        [route["weight"] for route in routes],
    )


def _target(machine: StateMachine, revision: Revision, version: str | None = None, alias: str | None = None) -> Target:
    return Target(
        machine.pk, machine.arn, machine.name, machine.kind, machine.status, revision.pk, revision.role_arn,
        version, alias)


_choices: Final = Kept(_read, StateMachine, Version, Alias)
