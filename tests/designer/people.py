"""People for tests of pages."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.test import Client

from designer.models import User
from designer.people.actors import actor_of
from designer.permissions import Actor

PASSWORD = "correct horse battery"


def person(name: str, *groups: str, active: bool = True, **more: object) -> User:
    """An active user in `groups`, with PASSWORD (hashed cheaply: only tests of the sign-in use it)."""
    user = User.objects.create_user(name, is_active=active, **more)
    user.groups.set([Group.objects.get_or_create(name=group)[0] for group in groups])
    return user


def actor(user: User) -> Actor:
    return actor_of(User.objects.get(pk=user.pk))


def signed_in(user: User, *, csrf: bool = False) -> Client:
    client = Client(enforce_csrf_checks=csrf)
    client.force_login(user)
    return client
