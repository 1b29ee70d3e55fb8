"""The verbs on people and groups: who may, what is refused, and that one administrator always stays."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from designer.errors import ActionError
from designer.keyring import ring
from designer.models import User
from designer.people import actions
from designer.permissions import ROLES, Permission
from tests.designer.people import actor, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return person("root", "administrator")


def refused(code: str, call, *args, **kwargs) -> ActionError:
    with pytest.raises(ActionError) as caught:
        call(*args, **kwargs)
    assert caught.value.code == code, caught.value
    return caught.value


def test_a_person_is_created_with_roles_and_groups_and_a_made_up_password(admin):
    Group.objects.create(name="finance")
    user, password = actions.create_person(
        actor(admin), username="misaki", name="佐藤 美咲", email="misaki@example.co.jp", groups=["approver", "finance"])
    assert user.check_password(password)
    assert len(password) >= 16
    assert actor(user).groups == {"approver", "finance"}
    assert actor(user).permissions == {Permission.APPROVE}


@pytest.mark.parametrize(("given", "code"), [
    ({"username": "root"}, "PersonAlreadyExists"),
    ({"username": "has space"}, "ValidationException"),
    ({"username": ""}, "ValidationException"),
    ({"username": "new", "email": "no address"}, "ValidationException"),
    ({"username": "new", "password": "password"}, "ValidationException"),
    ({"username": "new", "groups": ["unheard-of"]}, "GroupDoesNotExist"),
    ({"username": "x" * 151}, "ValidationException"),
])
def test_a_wrong_person_is_refused_and_nothing_is_left(admin, given, code):
    refused(code, actions.create_person, actor(admin), **given)
    assert User.objects.count() == 1


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"administrator"}))
def test_only_administrators_manage_people(admin, role):
    other = actor(person("other", role))
    for call in (
        lambda: actions.create_person(other, username="new"),
        lambda: actions.change_person(other, admin.pk, active=False),
        lambda: actions.reset_password(other, admin.pk),
        lambda: actions.create_group(other, "g"),
        lambda: actions.delete_group(other, "g"),
        lambda: actions.set_members(other, "viewer", []),
    ):
        refused("AccessDeniedException", call)


def test_the_last_administrator_stays(admin):
    by = actor(admin)
    refused("LastAdministrator", actions.change_person, by, admin.pk, active=False)
    refused("LastAdministrator", actions.change_person, by, admin.pk, groups=["viewer"])
    refused("LastAdministrator", actions.set_members, by, "administrator", [])
    fresh = User.objects.get(pk=admin.pk)
    assert fresh.is_active
    assert actor(fresh).groups == {"administrator"}


def test_an_inactive_administrator_does_not_count(admin):
    person("gone", "administrator", active=False)
    refused("LastAdministrator", actions.change_person, actor(admin), admin.pk, active=False)


def test_with_a_second_administrator_the_first_may_go(admin):
    person("second", "administrator")
    actions.change_person(actor(admin), admin.pk, active=False)
    assert not User.objects.get(pk=admin.pk).is_active


def test_a_superuser_who_loses_the_role_is_no_administrator_any_more(admin):
    first = person("first", "administrator", is_superuser=True)
    actions.change_person(actor(admin), first.pk, groups=["viewer"])
    assert actor(first).permissions == {Permission.VIEW}


def test_changes_are_seen_by_access_keys_at_once(admin, django_capture_on_commit_callbacks):
    ring._kept["AKIATEST"] = (1e18, None)  # type: ignore[assignment]
    with django_capture_on_commit_callbacks(execute=True):
        actions.change_person(actor(admin), admin.pk, name="Root")
    assert ring.cached("AKIATEST") is None


def test_a_reset_password_works_and_the_old_one_does_not(admin):
    user = person("misaki", "viewer")
    user.set_password("the old one, long")
    user.save()
    password = actions.reset_password(actor(admin), user.pk)
    user.refresh_from_db()
    assert user.check_password(password)
    assert not user.check_password("the old one, long")


@pytest.mark.parametrize("name", ["viewer", "administrator", "finance"])
def test_a_group_cannot_be_made_twice(admin, name):
    Group.objects.get_or_create(name="finance")
    refused("GroupAlreadyExists", actions.create_group, actor(admin), name)


# A slash made an address that leads nowhere, and so a page of groups that could not be shown any more.
@pytest.mark.parametrize("name", ["", "   ", "x" * 151, "a/b", ".", "..", "a\nb", "a\0b"])
def test_a_group_needs_a_name_that_fits(admin, name):
    refused("ValidationException", actions.create_group, actor(admin), name)


def test_roles_are_not_deleted_and_groups_are(admin):
    actions.create_group(actor(admin), "finance")
    refused("ValidationException", actions.delete_group, actor(admin), "viewer")
    actions.delete_group(actor(admin), "finance")
    refused("GroupDoesNotExist", actions.delete_group, actor(admin), "finance")


def test_members_are_set_exactly(admin):
    one, two = person("one"), person("two")
    actions.create_group(actor(admin), "finance")
    actions.set_members(actor(admin), "finance", [one.pk, two.pk])
    actions.set_members(actor(admin), "finance", [two.pk])
    assert list(Group.objects.get(name="finance").user_set.all()) == [two]
    refused("PersonDoesNotExist", actions.set_members, actor(admin), "finance", [two.pk, 999_999])
