"""The pages of connections: what is saved, what is never shown, who may, and the trial of one."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from designer.models import User
from executions.integrations.http import trying
from executions.integrations.http.connections import known, save_connection
from executions.integrations.http.models import Connection
from executions.integrations.http.trying import Trial, asked
from executions.store import in_thread
from tests.designer.people import person, signed_in
from tests.executions.integrations.conftest import ANYBODY
from tests.executions.integrations.test_http_task import TRANSPORT, url

__all__ = ["url"]  # a fixture
SECRET = "s3cret-value-of-the-shop"
FORM = {"name": "shop", "description": "The shop", "apiKeyName": "X-Key", "apiKeyValue": SECRET}


@pytest.fixture
def designer(db: None) -> Client:
    return signed_in(person("ken", "designer"))


def page_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def test_make_change_and_delete_without_a_secret_on_any_page(designer: Client) -> None:
    assert "No connections yet" in page_of(designer.get("/connections/"))
    assert "OAuth client credentials" in page_of(designer.get("/new-connection/"))
    assert designer.post("/new-connection/?kind=API_KEY", FORM).status_code == 302
    row = Connection.objects.get(name="shop")
    for path in ("/connections/", "/connections/shop/"):
        page = page_of(designer.get(path))
        assert "The shop" in page
        assert SECRET not in page
    assert row.arn in page_of(designer.get("/connections/shop/"))

    changed = {"description": "Another", "apiKeyName": "X-Other", "apiKeyValue": ""}
    assert designer.post("/connections/shop/", changed).status_code == 302
    found = known(row.arn)
    assert found is not None
    assert found.values == {"apiKeyName": "X-Other", "apiKeyValue": SECRET}  # left empty: kept

    assert "Delete shop?" in page_of(designer.get("/connections/shop/delete/"))
    assert designer.post("/connections/shop/delete/").status_code == 302
    assert not Connection.objects.exists()


@pytest.mark.parametrize(("kind", "changed", "said"), [
    ("API_KEY", {"apiKeyValue": ""}, "This field is required."), ("API_KEY", {"apiKeyName": "no header"}, "no name of"),
    ("API_KEY", {"name": "a b"}, "The name must be"), ("BASIC", {}, "This field is required."),
    ("OAUTH_CLIENT_CREDENTIALS", {"authorizationEndpoint": "ftp://x", "clientId": "c", "clientSecret": SECRET,
                                  "httpMethod": "POST"}, "must begin with https"),
])
def test_what_is_wrong_is_said_and_nothing_is_saved(
    designer: Client, kind: str, changed: dict[str, str], said: str) -> None:
    answer = designer.post(f"/new-connection/?kind={kind}", FORM | changed)
    assert answer.status_code == 422
    assert said in page_of(answer)
    assert SECRET not in page_of(answer)
    assert not Connection.objects.exists()


def test_a_name_that_is_taken_is_refused(designer: Client) -> None:
    designer.post("/new-connection/?kind=API_KEY", FORM)
    answer = designer.post("/new-connection/?kind=BASIC", {"name": "shop", "username": "u", "password": "p"})
    assert "a connection of this name already" in page_of(answer)
    assert Connection.objects.get().kind == "API_KEY"


def test_a_viewer_sees_and_changes_nothing(designer: Client) -> None:
    designer.post("/new-connection/?kind=API_KEY", FORM)
    viewer = signed_in(person("vi", "viewer"))
    page = page_of(viewer.get("/connections/shop/"))
    assert "disabled" in page
    assert "Test the saved connection" not in page
    answers = [viewer.get("/new-connection/"), viewer.post("/connections/shop/", FORM),
               viewer.post("/connections/shop/delete/"), viewer.post("/connections/shop/test/", {"endpoint": "x"})]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert Connection.objects.get().description == "The shop"


def test_the_trial_is_shown(designer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    designer.post("/new-connection/?kind=API_KEY", FORM)
    monkeypatch.setattr("executions.integrations.http.views.try_connection",
                        lambda *_: Trial(False, 401, "who are you?"))
    page = page_of(designer.post("/connections/shop/test/", {"endpoint": "https://api.example.com/"}))
    assert "Answered with status 401" in page
    assert "who are you?" in page


@pytest.mark.django_db(transaction=True)
async def test_a_trial_sends_the_secret_and_shows_it_to_nobody(url: str, threads: None) -> None:
    row = await in_thread(lambda: save_connection(
        ANYBODY, "shop", kind="API_KEY", settings={"apiKeyName": "X-Key", "apiKeyValue": SECRET}))
    found = await in_thread(known, row.arn)
    assert found is not None
    trial = await asked(found, f"{url}/", TRANSPORT)
    assert (trial.good, trial.status) == (True, 200)
    assert '"x-key": "•••"' in trial.text  # it was sent, since the server echoes it
    assert SECRET not in trial.text
    assert await asked(found, f"{url}/status/403", TRANSPORT) == Trial(False, 403, '{"why": "because"}')
    refused = await asked(found, "https://169.254.169.254/", TRANSPORT)
    assert (refused.good, refused.status) == (False, None)
    assert "169.254.169.254" in refused.text


def test_the_trial_over_rest(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    client = APIClient()
    client.force_authenticate(User.objects.create_superuser("root", password="x"))
    save_connection(ANYBODY, "shop", kind="BASIC", settings={"username": "u", "password": SECRET})
    monkeypatch.setattr("executions.integrations.http.rest.try_connection", lambda *_: Trial(True, 200, "hello"))
    assert client.post("/api/v1/connections/shop/test/", {"endpoint": "https://x.example/"}).json() == {
        "good": True, "status": 200, "text": "hello"}
    assert trying.SECONDS < 60
