"""Names and Amazon Resource Names (api.md sections 2 and 3).

    arn:aws:states:<region>:<account>:stateMachine:<name>[/<label>][:<version or alias>]
                                      execution:<machine>[/<label>]:<execution>
                                      express:<machine>[/<label>]:<execution>[:<uuid>]
                                      mapRun:<machine>/<label>:<uuid>
                                      activity:<name>

The account and region of this installation are in `designer.settings.CONFIG`; the builders here are
pure and take them as arguments or from another ARN.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from designer.errors import ActionError

STATE_MACHINE: Final = "stateMachine"
EXECUTION: Final = "execution"
EXPRESS: Final = "express"
MAP_RUN: Final = "mapRun"
ACTIVITY: Final = "activity"
KINDS: Final = frozenset({STATE_MACHINE, EXECUTION, EXPRESS, MAP_RUN, ACTIVITY})

NAME_MAX: Final = 80
# Anything but white space, brackets, wildcards, the special and the control characters of api.md section 3.
_NAME: Final = re.compile(
    "[^\\s<>{}\\[\\]?*\"#%\\\\^|~`$&,;:/\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufffe\\uffff\\U0010ffff]{1,80}")
_PARTITION: Final = re.compile(r"aws[a-z0-9-]*")
_REGION: Final = re.compile(r"[a-z]{2,}(?:-[a-z0-9]+)*")
_ACCOUNT: Final = re.compile(r"\d{12}")


@dataclass(frozen=True, slots=True)
class Arn:
    """A parsed ARN of this service.

    `name` is the machine's or the activity's name; `label` that of a distributed Map; `qualifier` the
    version number or alias of a state machine; `execution` the execution's name (for a map run its uuid).
    """

    text: str
    kind: str
    partition: str
    region: str
    account: str
    name: str
    label: str | None = None
    qualifier: str | None = None
    execution: str | None = None

    @property
    def machine(self) -> str:
        """The ARN of the plain state machine that this belongs to."""
        return f"arn:{self.partition}:states:{self.region}:{self.account}:{STATE_MACHINE}:{self.name}"

    @property
    def version(self) -> int | None:
        """The version number, None for an alias or an unqualified ARN."""
        qualifier = self.qualifier
        return int(qualifier) if qualifier is not None and qualifier.isascii() and qualifier.isdigit() else None

    @property
    def alias(self) -> str | None:
        """The alias, None for a version or an unqualified ARN."""
        return self.qualifier if self.version is None else None


def invalid_arn(reason: str) -> ActionError:
    return ActionError("InvalidArn", f"Invalid Arn: '{reason}'")


def parse(text: str, *kinds: str) -> Arn:
    """Parse an ARN that must be of one of `kinds` (of any, when none is given); InvalidArn otherwise."""
    parts = text.split(":")
    if parts[0] != "arn" or len(parts) < 2:
        raise invalid_arn(f"Invalid ARN prefix: {text}")
    if len(parts) < 7:
        raise invalid_arn(f"Malformed ARN: {text}")
    _, partition, service, region, account, kind, *rest = parts
    if not _PARTITION.fullmatch(partition):
        raise invalid_arn(f"Partition not valid in this context: {partition}")
    if service != "states":
        raise invalid_arn(f"Service not valid in this context: {service}")
    if not _REGION.fullmatch(region) or not _ACCOUNT.fullmatch(account):
        raise invalid_arn(f"Malformed ARN: {text}")
    if kind not in (kinds or KINDS):
        raise invalid_arn(f"Resource type not valid in this context: {kind}")
    return _resource(text, kind, partition, region, account, rest)


def _resource(text: str, kind: str, partition: str, region: str, account: str, rest: list[str]) -> Arn:
    """Read what follows the resource type."""
    name, slash, label = rest[0].partition("/")
    least, most = {STATE_MACHINE: (1, 2), EXECUTION: (2, 2), EXPRESS: (2, 3), MAP_RUN: (2, 2), ACTIVITY: (1, 1)}[kind]
    well_formed = least <= len(rest) <= most and all(map(is_name, [name, *rest[1:]]))
    if slash and (kind == ACTIVITY or not is_name(label)):
        well_formed = False
    if kind == MAP_RUN and not slash:
        well_formed = False
    if not well_formed:
        raise invalid_arn(f"Malformed ARN: {text}")
    last = ":".join(rest[1:]) or None
    qualified = kind == STATE_MACHINE
    return Arn(text, kind, partition, region, account, name, label=label or None,
               qualifier=last if qualified else None, execution=None if qualified else last)


def is_name(text: str) -> bool:
    """Whether AWS accepts `text` as the name of a state machine, an activity or an execution."""
    return _NAME.fullmatch(text) is not None


def check_name(text: str) -> str:
    """Return `text`, or raise InvalidName."""
    if not is_name(text):
        raise ActionError("InvalidName", f"Invalid Name: '{text}'")
    return text


def machine_arn(account: str, region: str, name: str) -> str:
    return f"arn:aws:states:{region}:{account}:{STATE_MACHINE}:{name}"


def activity_arn(account: str, region: str, name: str) -> str:
    return f"arn:aws:states:{region}:{account}:{ACTIVITY}:{name}"


def qualified_arn(machine: str, qualifier: str | int) -> str:
    """The ARN of a version (a number) or alias of the state machine with the ARN `machine`."""
    return f"{machine}:{qualifier}"


def execution_arn(machine: str, execution: str) -> str:
    """The ARN of a Standard execution of the state machine with the ARN `machine`."""
    head, _, name = machine.rpartition(f":{STATE_MACHINE}:")
    return f"{head}:{EXECUTION}:{name}:{execution}"


def express_arn(machine: str, execution: str, uuid: str) -> str:
    """The ARN of one run of an Express state machine; names need not be unique, so a uuid follows."""
    head, _, name = machine.rpartition(f":{STATE_MACHINE}:")
    return f"{head}:{EXPRESS}:{name}:{execution}:{uuid}"


def labelled_arn(machine: str, label: str) -> str:
    """The ARN of the "labelled" state machine of a distributed Map."""
    return f"{machine}/{label}"


def map_run_arn(machine: str, label: str, uuid: str) -> str:
    head, _, name = machine.rpartition(f":{STATE_MACHINE}:")
    return f"{head}:{MAP_RUN}:{name}/{label}:{uuid}"
