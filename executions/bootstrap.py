"""An empty data folder becomes an installation: tables, groups, the first administrator and access key, samples."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import transaction

from designer.actions.create_access_key import create_access_key
from designer.config import Config
from designer.models import AccessKey, User
from designer.people.actors import actor_of
from designer.permissions import ROLES
from executions.samples import load_samples

ADMINISTRATOR: Final = "admin"


@dataclass(frozen=True, slots=True)
class FirstLogin:
    """What is shown once.  None: it was made in an earlier start, or its owner chose it."""

    password: str | None = None
    access_key_id: str | None = None
    secret_access_key: str | None = None


def bootstrap(config: Config) -> FirstLogin:
    """Bring the database up to date, and make what a first start lacks."""
    call_command("migrate", interactive=False, verbosity=0)
    with transaction.atomic():  # a first start that is broken off is a first start again
        for role in ROLES:
            Group.objects.get_or_create(name=role)
        first = not User.objects.exists()
        password = _administrator(config) if first else None
        key_id, secret = _access_key(config)
        if first:
            load_samples(actor_of(User.objects.get(username=ADMINISTRATOR)))
    return FirstLogin(password, key_id, secret)


def _administrator(config: Config) -> str | None:
    """Make the first administrator; the password, if it was made up here."""
    password = config.admin_password or secrets.token_urlsafe(12)
    user = User.objects.create_superuser(ADMINISTRATOR, password=password)
    user.groups.add(Group.objects.get(name="administrator"))
    return None if config.admin_password else password


def _access_key(config: Config) -> tuple[str | None, str | None]:
    """Make the key that the settings name, or the first one; its id and secret, if they were made up here."""
    wanted = config.access_key_id
    there = AccessKey.objects.filter(access_key_id=wanted).exists() if wanted else AccessKey.objects.exists()
    owner = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
    if there or owner is None:
        return None, None
    created = create_access_key(
        actor_of(owner), owner.pk, label="first key", access_key_id=wanted, secret=config.secret_access_key)
    return (None, None) if wanted else (created.key.access_key_id, created.secret)
