"""Finding state machines, versions and aliases, with AWS's errors when they are not there."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils import timezone

from designer import arns
from designer.errors import ActionError
from designer.models import Alias, Revision, StateMachine, Version

LABELLED: Final = "API_DOES_NOT_SUPPORT_LABELED_ARNS"
FIRST_REVISION: Final = "INITIAL"


def now() -> datetime:
    """This moment in milliseconds, the precision of AWS's dates."""
    moment = timezone.now()
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def does_not_exist(text: str) -> ActionError:
    return ActionError("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{text}'")


def being_deleted(text: str) -> ActionError:
    return ActionError("StateMachineDeleting", f"State Machine is being deleted: '{text}'")


def no_such_resource(text: str) -> ActionError:
    message = "Request references a resource that does not exist."
    return ActionError("ResourceNotFound", message, resourceName=text)


def unlabelled(text: str) -> arns.Arn:
    """Parse a state machine ARN that may be qualified but must not name a distributed Map."""
    arn = arns.parse(text, arns.STATE_MACHINE)
    if arn.label is not None:
        message = f"The state machine ARN '{text}' has a Map label; use the ARN of the state machine itself."
        raise ActionError("ValidationException", message, reason=LABELLED)
    return arn


def find_machine(text: str, *, lock: bool = False) -> StateMachine:
    """The machine with this unqualified ARN, DELETING or not; StateMachineDoesNotExist otherwise."""
    arn = unlabelled(text)
    rows = StateMachine.objects.select_related("current")
    if lock:
        rows = rows.select_for_update(of=("self",))
    machine = rows.filter(arn=arn.text).first()
    if machine is None:
        raise does_not_exist(text)
    return machine


def find_active_machine(text: str, *, lock: bool = False) -> StateMachine:
    """As `find_machine`; StateMachineDeleting for one that is being deleted."""
    machine = find_machine(text, lock=lock)
    if machine.status != "ACTIVE":
        raise being_deleted(text)
    return machine


def find_version(text: str) -> Version:
    """The version with this ARN; StateMachineDoesNotExist otherwise."""
    rows = Version.objects.select_related("machine", "revision")
    version = rows.filter(arn=unlabelled(text).text).first()
    if version is None:
        raise does_not_exist(text)
    return version


def find_alias(text: str, *, lock: bool = False) -> Alias:
    """The alias with this ARN; InvalidArn for another kind of ARN, ResourceNotFound otherwise."""
    if unlabelled(text).alias is None:
        raise arns.invalid_arn(f"Not a state machine alias ARN: {text}")
    rows = Alias.objects.select_related("machine")
    if lock:
        rows = rows.select_for_update(of=("self",))
    alias = rows.filter(arn=text).first()
    if alias is None:
        raise no_such_resource(text)
    return alias


def current_revision(machine: StateMachine) -> Revision:
    """What the machine does now; every machine that create_state_machine made has one."""
    if machine.current is None:
        raise does_not_exist(machine.arn)
    return machine.current
