"""Sign-in, preferences, account, keys, people and groups as pages."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone, translation

from designer.actions.create_access_key import create_access_key
from designer.models import AccessKey, User
from designer.people import attempts
from tests.designer.people import PASSWORD, actor, person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_failed_attempts():
    cache.clear()


@pytest.fixture
def admin() -> Client:
    return signed_in(person("root", "administrator"))


def with_password(name: str, *groups: str) -> User:
    user = person(name, *groups)
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client: Client, name: str, password: str = PASSWORD, next_: str = ""):
    return client.post("/login/", {"username": name, "password": password, "next": next_})


def test_signing_in_and_out():
    with_password("misaki", "viewer")
    client = Client()
    assert client.get("/account/").headers["Location"] == "/login/?next=/account/"
    assert sign_in(client, "misaki", next_="/account/").headers["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    assert client.post("/logout/").headers["Location"] == "/login/"
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize(("groups", "start"), [
    (["viewer"], "/machines/"), (["approver"], "/approvals/"), (["approver", "designer"], "/machines/"),
    (["finance"], "/account/"), ([], "/account/"),
])
def test_everybody_starts_where_something_can_be_done(groups, start):
    assert signed_in(person("misaki", *groups)).get("/").headers["Location"] == start
    assert Client().get("/").headers["Location"] == "/login/?next=/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"])
def test_no_redirect_leads_elsewhere(elsewhere):
    with_password("misaki", "viewer")
    client = Client()
    assert sign_in(client, "misaki", next_=elsewhere).headers["Location"] == "/"
    for path, values in (("/theme/", {"theme": "dark"}), ("/language/", {"language": "ja"})):
        assert client.post(path, {**values, "next": elsewhere}).headers["Location"] == "/"


def test_a_wrong_password_and_an_inactive_person_are_told_the_same():
    with_password("misaki")
    User.objects.filter(pk=with_password("gone").pk).update(is_active=False)
    wrong = sign_in(Client(), "misaki", "wrong")
    gone = sign_in(Client(), "gone")
    assert wrong.context["form"].non_field_errors() == gone.context["form"].non_field_errors()


def test_after_five_failures_a_name_waits_even_with_the_right_password():
    with_password("misaki", "viewer")
    with_password("ken", "viewer")
    client = Client()
    for _ in range(attempts.MOST_PER_NAME):
        assert sign_in(client, "misaki", "wrong").status_code == 200
    answer = sign_in(client, "Misaki")
    assert "15 minutes" in answer.content.decode()
    assert sign_in(client, "ken").status_code == 302
    assert sign_in(Client(REMOTE_ADDR="192.0.2.9"), "misaki").status_code == 302


def test_a_success_forgets_the_failures_before_it():
    with_password("misaki", "viewer")
    for _ in range(3):
        for _ in range(attempts.MOST_PER_NAME - 1):
            sign_in(Client(), "misaki", "wrong")
        assert sign_in(Client(), "misaki").status_code == 302


def test_an_address_that_fails_with_many_names_waits():
    for number in range(attempts.MOST_PER_ADDRESS):
        attempts.note_failure(f"name-{number}", "192.0.2.1")
    assert attempts.refused("somebody", "192.0.2.1")
    assert not attempts.refused("somebody", "192.0.2.2")


def test_the_theme_is_on_the_page_before_any_script():
    client = Client()
    assert "data-theme" not in client.get("/login/").content.decode().split(">")[1]
    client.post("/theme/", {"theme": "dark"})
    assert '<html lang="en" data-theme="dark"' in client.get("/login/").content.decode()
    client.post("/theme/", {"theme": ""})
    assert "data-theme=" not in client.get("/login/").content.decode()
    client.cookies["theme"] = '"><script>'
    assert "<script>\"" not in client.get("/login/").content.decode()


def test_the_language_is_that_of_the_browser_the_cookie_or_the_person():
    client = Client()
    assert "Sign in" in client.get("/login/").content.decode()
    assert "サインイン" in client.get("/login/", HTTP_ACCEPT_LANGUAGE="ja").content.decode()
    client.post("/language/", {"language": "ja"})
    assert '<html lang="ja"' in client.get("/login/").content.decode()
    user = person("misaki", "viewer", language="ja")
    assert "アカウント" in signed_in(user).get("/account/").content.decode()
    signed_in(user).post("/language/", {"language": "en"})
    user.refresh_from_db()
    assert user.language == "en"
    signed_in(user).post("/language/", {"language": "xx"})
    user.refresh_from_db()
    assert user.language == "en"


def test_a_request_leaves_language_and_zone_as_they_were():
    signed_in(person("misaki", "viewer", language="ja", timezone="Asia/Tokyo")).get("/account/")
    assert timezone.get_current_timezone_name() == "UTC"
    translation.activate("en")


def test_times_are_in_the_persons_zone_else_the_browsers():
    user = person("misaki", "viewer")
    create_access_key(actor(user), user.pk)
    AccessKey.objects.update(created_at="2020-01-01T20:00:00Z")
    client = signed_in(user)
    assert "1 Jan 2020, 20:00" in client.get("/account/").content.decode()
    client.cookies["timezone"] = "America/New_York"
    assert "1 Jan 2020, 15:00" in client.get("/account/").content.decode()
    client.cookies["timezone"] = "../../etc/passwd"
    assert "1 Jan 2020, 20:00" in client.get("/account/").content.decode()
    User.objects.update(timezone="Asia/Tokyo", language="ja")
    assert "2020年1月2日 05:00" in client.get("/account/").content.decode()


def test_the_account_page_changes_oneself_only_within_the_rules():
    user = person("misaki", "viewer")
    client = signed_in(user)
    values = {"name": "佐藤 美咲", "email": "m@example.co.jp", "language": "ja", "timezone": "Asia/Tokyo"}
    assert client.post("/account/", values).status_code == 302
    user.refresh_from_db()
    assert (user.get_full_name(), user.timezone) == ("佐藤 美咲", "Asia/Tokyo")
    for wrong in ({"timezone": "Mars/Base"}, {"language": "xx"}, {"email": "no"}):
        answer = client.post("/account/", {**values, **wrong})
        assert answer.status_code == 422
        assert "佐藤 美咲" in answer.content.decode()


def test_a_secret_is_shown_once_and_never_again():
    client = signed_in(person("misaki", "viewer"))
    answer = client.post("/account/keys/", {"label": "CI"})
    secret = answer.context["created"].secret
    assert secret in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert secret not in client.get("/account/").content.decode()
    key = AccessKey.objects.get()
    assert (key.label, key.active) == ("CI", True)


def test_keys_are_switched_off_and_deleted_by_their_owner_alone():
    user = person("misaki", "viewer")
    key = create_access_key(actor(user), user.pk).key.access_key_id
    stranger = signed_in(person("ken", "designer"))
    assert stranger.post(f"/account/keys/{key}/", {"do": "delete"}).status_code == 404
    client = signed_in(user)
    client.post(f"/account/keys/{key}/", {"do": "off"})
    assert not AccessKey.objects.get().active
    client.post(f"/account/keys/{key}/", {"do": "delete"})
    assert not AccessKey.objects.exists()


def test_the_password_is_changed_with_the_old_one():
    user = with_password("misaki", "viewer")
    client = Client()
    sign_in(client, "misaki")
    new = {"new_password1": "another long one", "new_password2": "another long one"}
    assert client.post("/account/password/", {"old_password": "wrong", **new}).status_code == 200
    assert client.post("/account/password/", {"old_password": PASSWORD, **new}).status_code == 302
    assert client.get("/account/").status_code == 200
    user.refresh_from_db()
    assert user.check_password("another long one")


def test_an_administrator_creates_a_person_and_sees_the_password_once(admin):
    answer = admin.post("/people/new/", {"username": "misaki", "name": "佐藤 美咲", "roles": ["approver"]})
    password = answer.context["password"]
    assert password in answer.content.decode()
    user = User.objects.get(username="misaki")
    assert user.check_password(password)
    assert password not in admin.get(f"/people/{user.pk}/").content.decode()


def test_a_refused_person_is_shown_with_what_was_typed(admin):
    answer = admin.post("/people/new/", {"username": "root", "name": "Somebody Else", "roles": ["viewer"]})
    assert answer.status_code == 422
    assert "already" in answer.content.decode()
    assert "Somebody Else" in answer.content.decode()


def test_people_are_searched_changed_and_deactivated(admin):
    user = person("misaki", "viewer", first_name="佐藤 美咲")
    person("tanaka", "operator")
    listed = admin.get("/people/", {"q": "佐藤"}).content.decode()
    assert "misaki" in listed
    assert "tanaka" not in listed
    admin.post(f"/people/{user.pk}/", {"name": "Misaki", "roles": ["operator", "approver"]})
    assert actor(user).groups == {"operator", "approver"}
    their = signed_in(user)
    admin.post(f"/people/{user.pk}/action/", {"do": "deactivate"})
    assert their.get("/account/").status_code == 302
    admin.post(f"/people/{user.pk}/action/", {"do": "activate"})
    assert User.objects.get(pk=user.pk).is_active


def test_the_last_administrator_is_told_so_on_the_page(admin):
    user = User.objects.get(username="root")
    answer = admin.post(f"/people/{user.pk}/", {"roles": ["viewer"]})
    assert answer.status_code == 422
    assert "last administrator" in answer.content.decode()
    answer = admin.post(f"/people/{user.pk}/action/", {"do": "deactivate"}, follow=True)
    assert "last administrator" in answer.content.decode()


def test_groups_are_made_filled_and_deleted(admin):
    user = person("misaki", "approver")
    assert admin.post("/people/groups/", {"name": "経理"}).status_code == 302
    assert admin.post("/people/groups/", {"name": "経理"}).status_code == 422
    admin.post("/people/groups/経理/", {"members": [user.pk]})
    assert "経理" in actor(user).groups
    admin.post("/people/groups/経理/", {"do": "delete"})
    assert actor(user).groups == {"approver"}
    assert admin.get("/people/groups/経理/").status_code == 404


def test_what_people_are_called_is_never_markup(admin):
    user = person("misaki", "viewer", first_name="<img src=x onerror=alert(1)>")
    for path in ("/people/", f"/people/{user.pk}/", "/people/groups/viewer/"):
        assert "<img" not in admin.get(path).content.decode()
