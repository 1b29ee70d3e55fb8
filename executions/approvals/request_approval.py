"""The verb: a workflow asks for a decision."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction

from designer.models import User
from executions.models import Approval, TaskToken
from executions.store.writes import storable


class NoSuchApproverError(Exception):
    """A user or group that was named does not exist; `field` is "users" or "groups"."""

    def __init__(self, field: str, name: str) -> None:
        super().__init__(f"{field}: {name}")
        self.field, self.name = field, name


def request_approval(token: str, *, title: str, message: str, data: Any, form: dict[str, Any],
                     users: tuple[str, ...], groups: tuple[str, ...]) -> str | None:
    """Make the approval of an open task token; its public id, or None when nobody waits for the token any more.

    Asked again (after a crash), it gives the approval that is there.  Raises NoSuchApproverError.
    """
    with transaction.atomic():
        row = TaskToken.objects.select_for_update().filter(pk=token).first()
        if row is None or row.closed_at is not None:
            return None
        known = Approval.objects.filter(pk=token).first()
        if known is not None:
            return known.public_id
        approvers = _users(users)
        approving_groups = _groups(groups)
        approval = Approval.objects.create(
            token=row, public_id=secrets.token_urlsafe(16), title=storable(title) or "",
            message=storable(message) or "", data=data, form=form)
        approval.users.set(approvers)
        approval.groups.set(approving_groups)
        return approval.public_id


def _users(names: tuple[str, ...]) -> list[User]:
    found = {user.username: user for user in User.objects.filter(username__in=names, is_active=True)}
    for name in names:
        if name not in found:
            raise NoSuchApproverError("users", name)
    return list(found.values())


def _groups(names: tuple[str, ...]) -> list[Group]:
    found = {group.name: group for group in Group.objects.filter(name__in=names)}
    for name in names:
        if name not in found:
            raise NoSuchApproverError("groups", name)
    return list(found.values())
