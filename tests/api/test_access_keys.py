"""Access keys: who may make and switch them, and that the ring knows them without asking each time."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from designer.actions.change_access_key import delete_access_key, set_access_key_active
from designer.actions.create_access_key import create_access_key
from designer.errors import ActionError
from designer.keyring import KEEP_SECONDS, KeyRing, ring
from designer.models import AccessKey, User
from designer.people.actors import actor_of
from designer.permissions import Permission
from designer.signing import seal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_ring():
    ring.forget_all()
    yield
    ring.forget_all()


@pytest.fixture
def ada():
    user = User.objects.create(username="ada")
    user.groups.add(Group.objects.get_or_create(name="designer")[0])
    return user


@pytest.fixture
def boss():
    return User.objects.create(username="boss", is_superuser=True)


def test_a_secret_is_shown_once_and_kept_encrypted(ada):
    made = create_access_key(actor_of(ada), ada.pk, label="laptop")
    assert made.key.access_key_id.startswith("AKIA")
    assert len(made.key.access_key_id) == 20
    assert len(made.secret) == 40
    row = AccessKey.objects.get()
    assert made.secret not in row.secret
    key = ring.find(row.access_key_id)
    assert (key.secret, key.actor.name) == (made.secret, "ada")
    assert Permission.DESIGN in key.actor.permissions


def test_one_makes_keys_for_oneself_and_an_administrator_for_all(ada, boss):
    with pytest.raises(ActionError, match="AccessDeniedException"):
        create_access_key(actor_of(ada), boss.pk)
    assert create_access_key(actor_of(boss), ada.pk).key.user == ada
    assert AccessKey.objects.count() == 1


def test_an_id_is_taken_once(ada):
    create_access_key(actor_of(ada), ada.pk, access_key_id="AKIAFIXED", secret="s")
    with pytest.raises(ActionError, match="AccessKeyAlreadyExists"):
        create_access_key(actor_of(ada), ada.pk, access_key_id="AKIAFIXED", secret="s")


def test_a_key_that_is_switched_off_is_refused_at_once(ada, django_capture_on_commit_callbacks):
    key_id = create_access_key(actor_of(ada), ada.pk).key.access_key_id
    assert ring.find(key_id)
    with django_capture_on_commit_callbacks(execute=True):
        set_access_key_active(actor_of(ada), key_id, False)
    assert ring.cached(key_id) is None
    assert ring.find(key_id) is None
    set_access_key_active(actor_of(ada), key_id, True)
    assert ring.find(key_id)
    with django_capture_on_commit_callbacks(execute=True):
        delete_access_key(actor_of(ada), key_id)
    assert ring.find(key_id) is None


def test_keys_of_others_do_not_exist_for_one(ada, boss):
    key_id = create_access_key(actor_of(boss), boss.pk).key.access_key_id
    for change in (lambda: set_access_key_active(actor_of(ada), key_id, False),
                   lambda: delete_access_key(actor_of(ada), key_id)):
        with pytest.raises(ActionError, match="AccessKeyDoesNotExist"):
            change()
    assert AccessKey.objects.get().active


def test_the_key_of_somebody_who_left_is_refused(ada):
    key_id = create_access_key(actor_of(ada), ada.pk).key.access_key_id
    User.objects.update(is_active=False)
    assert ring.find(key_id) is None


def test_the_ring_asks_again_after_a_while_only(ada, django_assert_num_queries):
    now = 0.0
    fresh = KeyRing(clock=lambda: now)
    key_id = create_access_key(actor_of(ada), ada.pk).key.access_key_id
    assert fresh.cached(key_id) is None
    found = fresh.find(key_id)
    with django_assert_num_queries(0):
        assert fresh.find(key_id) is fresh.cached(key_id) is found
    now = KEEP_SECONDS + 0.1
    assert fresh.cached(key_id) is None
    assert fresh.find(key_id) == found


def test_the_use_of_a_key_is_noted_but_not_each_time(ada, django_assert_num_queries):
    key_id = create_access_key(actor_of(ada), ada.pk).key.access_key_id
    ring.find(key_id)
    noted = AccessKey.objects.get().last_used_at
    assert noted is not None
    ring.forget(key_id)
    ring.find(key_id)
    assert AccessKey.objects.get().last_used_at == noted


@pytest.mark.parametrize("key_id", ["", "AKIA\0", "AKIA\ud800", "\0"])
def test_what_is_no_key_id_is_not_looked_for(key_id, django_assert_num_queries):
    with django_assert_num_queries(1 if key_id == "" else 0):
        assert ring.find(key_id) is None


def test_a_key_made_under_another_secret_key_is_as_good_as_unknown(ada, caplog):
    made = create_access_key(actor_of(ada), ada.pk)
    AccessKey.objects.update(secret=seal("secret", "another SECRET_KEY"))
    assert ring.find(made.key.access_key_id) is None
    assert "another SECRET_KEY" in caplog.text
