"""The verbs that write people and groups.  Access keys: designer/actions/create_access_key.py and beside it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from typing import Final

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from designer.errors import ActionError
from designer.keyring import ring
from designer.models import User
from designer.noting import note
from designer.permissions import ROLES, Actor, Permission, require

LONGEST_GROUP_NAME: Final = 150  # Django's column
UNFIT_FOR_ADDRESSES: Final = re.compile(r"[/\x00-\x1f\x7f-\x9f]")  # a group's page has its name in the address
FIELDS: Final = {"first_name": "name"}  # columns that are called otherwise in forms and REST
PASSWORD_BYTES: Final = 12  # a made-up password: 16 characters


@transaction.atomic
def create_person(
    actor: Actor, *, username: str, name: str = "", email: str = "", groups: Collection[str] = (), password: str = "",
) -> tuple[User, str]:
    """Create a person in `groups` (roles are groups); answers the password, made up when none was given."""
    require(actor, Permission.ADMINISTER)
    user = User(username=username.strip(), first_name=name.strip(), email=_email(email))
    chosen = password or secrets.token_urlsafe(PASSWORD_BYTES)
    _check(user, chosen if password else "")
    user.set_password(chosen)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        message = _("There is a person '%(name)s' already.") % {"name": user.username}
        raise ActionError("PersonAlreadyExists", message, field="username") from None
    user.groups.set(_groups(groups))
    note(actor, "person.created", f"person:{user.get_username()}", groups=sorted(groups))
    return user, chosen


@transaction.atomic
def change_person(
    actor: Actor, user_id: int, *, name: str | None = None, email: str | None = None,
    groups: Collection[str] | None = None, active: bool | None = None,
) -> User:
    """Change what is given of a person.  There always stays one active administrator."""
    require(actor, Permission.ADMINISTER)
    _one_at_a_time()
    user = person(user_id, lock=True)
    if name is not None:
        user.first_name, user.last_name = name.strip(), ""
    if email is not None:
        user.email = _email(email)
    if active is not None:
        user.is_active = active
    _check(user)
    user.save()
    if groups is not None:
        user.groups.set(_groups(groups))
        if "administrator" not in groups and user.is_superuser:
            # The first administrator is one by a flag too; the role alone decides from now on.
            user.is_superuser = False
            user.save(update_fields=["is_superuser"])
    _keep_an_administrator()
    given = {"name": name, "email": email, "groups": None if groups is None else sorted(groups), "active": active}
    note(actor, "person.changed", f"person:{user.get_username()}",
         **{field: value for field, value in given.items() if value is not None})
    transaction.on_commit(ring.forget_all)
    return user


@transaction.atomic
def reset_password(actor: Actor, user_id: int, password: str = "") -> str:
    """Give a person another password (made up unless given), which ends their sessions; answers it."""
    require(actor, Permission.ADMINISTER)
    user = person(user_id, lock=True)
    chosen = password or secrets.token_urlsafe(PASSWORD_BYTES)
    if password:
        _check(user, password)
    user.set_password(chosen)
    user.save(update_fields=["password"])
    note(actor, "person.password_reset", f"person:{user.get_username()}")
    return chosen


def change_own_details(user: User, *, name: str, email: str, language: str, timezone: str) -> User:
    """What everybody may change of oneself."""
    user.first_name, user.last_name = name.strip(), ""
    user.email, user.language, user.timezone = _email(email), language, timezone
    _check(user)
    user.save(update_fields=["first_name", "last_name", "email", "language", "timezone"])
    return user


@transaction.atomic
def create_group(actor: Actor, name: str) -> Group:
    """Create a group, for approvals to be addressed to; the five roles are groups that exist already."""
    require(actor, Permission.ADMINISTER)
    name = name.strip()
    if not 0 < len(name) <= LONGEST_GROUP_NAME:
        message = _("A group's name has 1 to %(most)d characters.") % {"most": LONGEST_GROUP_NAME}
        raise ActionError("ValidationException", message)
    if name in (".", "..") or UNFIT_FOR_ADDRESSES.search(name):
        message = _("A group's name is written without slashes and control characters.")
        raise ActionError("ValidationException", message)
    if name in ROLES or Group.objects.filter(name=name).exists():
        raise ActionError("GroupAlreadyExists", _("There is a group '%(name)s' already.") % {"name": name})
    made = Group.objects.create(name=name)
    note(actor, "group.created", f"group:{name}")
    return made


@transaction.atomic
def delete_group(actor: Actor, name: str) -> None:
    """Delete a group that is no role and to which no waiting approval is addressed (executions/approvals)."""
    require(actor, Permission.ADMINISTER)
    if name in ROLES:
        message = _("'%(name)s' is a role and stays.") % {"name": name}
        raise ActionError("ValidationException", message)
    group(name).delete()
    note(actor, "group.deleted", f"group:{name}")
    transaction.on_commit(ring.forget_all)


@transaction.atomic
def set_members(actor: Actor, name: str, user_ids: Collection[int]) -> Group:
    """Make exactly these people the members of a group or role."""
    require(actor, Permission.ADMINISTER)
    _one_at_a_time()
    found = group(name)
    members = User.objects.filter(pk__in=user_ids)
    if len(members) != len(set(user_ids)):
        raise ActionError("PersonDoesNotExist", _("Somebody of this list does not exist."))
    found.user_set.set(members)
    _keep_an_administrator()
    note(actor, "group.members", f"group:{name}", members=sorted(member.get_username() for member in members))
    transaction.on_commit(ring.forget_all)
    return found


def person(user_id: int, *, lock: bool = False) -> User:
    """The person; ActionError("PersonDoesNotExist")."""
    people = User.objects.select_for_update() if lock else User.objects
    found = people.filter(pk=user_id).first()
    if found is None:
        raise ActionError("PersonDoesNotExist", _("There is no person with the number %(id)s.") % {"id": user_id})
    return found


def group(name: str) -> Group:
    """The group or role; a role is made the first time it is asked for.  ActionError("GroupDoesNotExist")."""
    if name in ROLES:
        return Group.objects.get_or_create(name=name)[0]
    found = Group.objects.filter(name=name).first()
    if found is None:
        raise ActionError("GroupDoesNotExist", _("There is no group '%(name)s'.") % {"name": name})
    return found


def _groups(names: Collection[str]) -> list[Group]:
    return [group(name) for name in names]


def _email(text: str) -> str:
    text = text.strip()
    if text:
        try:
            validate_email(text)
        except ValidationError:
            message = _("This is no e-mail address: %(text)s") % {"text": text}
            raise ActionError("ValidationException", message, field="email") from None
    return text


def _check(user: User, password: str = "") -> None:
    """Refuse what the columns or the password rules do not allow; `field` names the first one that is wrong."""
    field = ""
    try:
        user.full_clean(exclude=["password"], validate_unique=False, validate_constraints=False)
        field = "password"
        if password:
            validate_password(password, user)
    except ValidationError as error:
        field = field or FIELDS.get(next(iter(error.message_dict)), next(iter(error.message_dict)))
        raise ActionError("ValidationException", " ".join(error.messages), field=field) from None


def _one_at_a_time() -> None:
    """Two administrators who remove each other at the same moment: the second one waits and is refused."""
    Group.objects.select_for_update().get_or_create(name="administrator")


def _keep_an_administrator() -> None:
    """Undo (by the transaction) what would leave nobody who can administer."""
    active = User.objects.filter(is_active=True)
    if not active.filter(is_superuser=True).exists() and not active.filter(groups__name="administrator").exists():
        message = _("The last administrator stays one: make somebody else administrator first.")
        raise ActionError("LastAdministrator", message)
