"""List state machines, their versions and aliases, a page at a time.

Each returns the rows and the position after the last one, None at the end.
"""

from __future__ import annotations

from designer.machines import find_active_machine, find_version, unlabelled
from designer.models import Alias, StateMachine, Version
from designer.permissions import Actor, Permission, require


def list_state_machines(actor: Actor, *, after: int = 0, limit: int = 100) -> tuple[list[StateMachine], int | None]:
    """In the order of creation; the position is the row's id."""
    require(actor, Permission.VIEW)
    rows = list(StateMachine.objects.filter(pk__gt=after).order_by("pk")[:limit + 1])
    return rows[:limit], rows[limit - 1].pk if len(rows) > limit else None


def list_versions(actor: Actor, arn: str, *, before: int | None = None,
                  limit: int = 100) -> tuple[list[Version], int | None]:
    """Newest first; the position is the version's number.  An unknown machine has none."""
    require(actor, Permission.VIEW)
    query = Version.objects.filter(machine__arn=unlabelled(arn).machine)
    if before is not None:
        query = query.filter(number__lt=before)
    rows = list(query.order_by("-number")[:limit + 1])
    return rows[:limit], rows[limit - 1].number if len(rows) > limit else None


def list_aliases(actor: Actor, arn: str, *, after: int = 0, limit: int = 100) -> tuple[list[Alias], int | None]:
    """In the order of creation; with a version's ARN only the aliases that point to it.

    The position is the row's id.
    """
    require(actor, Permission.VIEW)
    parsed = unlabelled(arn)
    machine = find_version(arn).machine if parsed.version is not None else find_active_machine(arn)
    rows = machine.aliases.filter(pk__gt=after).order_by("pk")
    found = [alias for alias in rows if parsed.version is None or _routes_to(alias, arn)][:limit + 1]
    return found[:limit], found[limit - 1].pk if len(found) > limit else None


def _routes_to(alias: Alias, version_arn: str) -> bool:
    return any(route["stateMachineVersionArn"] == version_arn for route in alias.routing)
