"""Who may do what: five roles, each a set of permissions, held by Django groups of the same name.

Actions call `require(actor, permission)` first.  An Actor is a plain value, so that the AWS door can
keep it with the access key and the engine's loop needs no query.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from designer.errors import ActionError


class Permission(StrEnum):
    VIEW = "view"  # machines, executions, histories, functions
    DESIGN = "design"  # create, change, delete machines, activities and functions
    OPERATE = "operate"  # start, stop executions; report task results; poll activities
    APPROVE = "approve"  # decide approvals addressed to one
    ADMINISTER = "administer"  # people, groups, access keys


ROLES: Final[dict[str, frozenset[Permission]]] = {
    "viewer": frozenset({Permission.VIEW}),
    "operator": frozenset({Permission.VIEW, Permission.OPERATE}),
    "approver": frozenset({Permission.APPROVE}),
    "designer": frozenset({Permission.VIEW, Permission.DESIGN, Permission.OPERATE}),
    "administrator": frozenset(Permission),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who asks for something: user id, name, the groups the person is in, and the permissions they give."""

    user_id: int
    name: str
    groups: frozenset[str]
    permissions: frozenset[Permission]


def permissions_of(groups: frozenset[str], *, superuser: bool = False) -> frozenset[Permission]:
    """The union of what the roles among `groups` allow."""
    if superuser:
        return frozenset(Permission)
    return frozenset(permission for group in groups for permission in ROLES.get(group, ()))


def require(actor: Actor, permission: Permission) -> None:
    """Raise ActionError("AccessDeniedException") unless `actor` may."""
    if permission not in actor.permissions:
        message = f"{actor.name} may not do this; it needs the permission '{permission}'."
        raise ActionError("AccessDeniedException", message)
