"""From a signed-in user to the Actor that actions ask about."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from designer.models import User
from designer.permissions import Actor, permissions_of

NOBODY = Actor(user_id=0, name="Nobody", groups=frozenset(), permissions=frozenset())


def actor_of(user: AbstractBaseUser | AnonymousUser) -> Actor:
    """The Actor of `user`, read once a request; nobody, who may nothing, when not signed in or not active."""
    if not isinstance(user, User) or not user.is_active:
        return NOBODY
    known = getattr(user, "_actor", None)
    if isinstance(known, Actor):
        return known
    groups = frozenset(user.groups.values_list("name", flat=True))
    permissions = permissions_of(groups, superuser=user.is_superuser)
    actor = Actor(user_id=user.pk, name=user.get_username(), groups=groups, permissions=permissions)
    user._actor = actor  # type: ignore[attr-defined]
    return actor
