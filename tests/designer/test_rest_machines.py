"""State machines over REST: list, create, save, conflict, drafts, revisions; check and drawings; samples."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from designer.models import Draft, Revision, StateMachine, User

pytestmark = pytest.mark.django_db

ONE: dict[str, Any] = {"Comment": "First", "StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
TWO: dict[str, Any] = {"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}
NAME = "注文処理"


def client_of(role: str) -> Client:
    user, _created = User.objects.get_or_create(username=f"a-{role}")
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def designer() -> Client:
    return client_of("designer")


def put(client: Client, path: str, body: Any) -> Any:
    return client.put(f"/api/v1/{path}", json.dumps(body), content_type="application/json")


def post(client: Client, path: str, body: Any) -> Any:
    return client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json")


@pytest.fixture
def machine(designer: Client) -> dict[str, Any]:
    answer = post(designer, "machines/", {"name": NAME, "definition": ONE})
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made


def test_a_machine_is_created_and_read(designer: Client, machine: dict[str, Any]) -> None:
    read = designer.get(f"/api/v1/machines/{NAME}/").json()
    assert read == machine
    assert json.loads(read["definition"]) == ONE
    assert (read["revision"]["number"], read["revision"]["current"], read["draft"]) == (1, True, None)


def test_the_text_is_kept_as_given(designer: Client) -> None:
    text = '{ "StartAt":"A",\n "States": {"A": {"Type": "Succeed"}} }'
    assert post(designer, "machines/", {"name": "kept", "definition": text}).json()["definition"] == text


def test_a_broken_definition_makes_nothing(designer: Client) -> None:
    answer = post(designer, "machines/", {"name": "bad", "definition": {"StartAt": "A", "States": {}}})
    assert answer.status_code == 400
    assert answer.json()["code"] == "InvalidDefinition"
    assert answer.json()["problems"][0]["pointer"] is not None
    assert not StateMachine.objects.exists()


def test_a_taken_name_is_refused(designer: Client, machine: dict[str, Any]) -> None:
    answer = post(designer, "machines/", {"name": NAME, "definition": TWO})
    assert (answer.status_code, answer.json()["code"]) == (409, "StateMachineAlreadyExists")


def test_saving_makes_a_revision(designer: Client, machine: dict[str, Any]) -> None:
    saved = put(designer, f"machines/{NAME}/", {"definition": TWO, "baseRevision": machine["revision"]["id"]}).json()
    assert saved["revision"]["number"] == 2
    revisions = designer.get(f"/api/v1/machines/{NAME}/revisions/").json()
    assert [(row["number"], row["current"]) for row in revisions] == [(2, True), (1, False)]
    first = designer.get(f"/api/v1/machines/{NAME}/revisions/1/").json()
    assert json.loads(first["definition"]) == ONE


def test_a_newer_save_is_not_overwritten(designer: Client, machine: dict[str, Any]) -> None:
    base = machine["revision"]["id"]
    put(designer, f"machines/{NAME}/", {"definition": TWO, "baseRevision": base})
    late = put(designer, f"machines/{NAME}/", {"definition": ONE, "baseRevision": base})
    assert late.status_code == 409
    assert json.loads(late.json()["current"]["definition"]) == TWO
    assert Revision.objects.count() == 2


def test_a_draft_is_kept_and_goes_with_saving(designer: Client, machine: dict[str, Any]) -> None:
    base = machine["revision"]["id"]
    kept = put(designer, f"machines/{NAME}/draft/", {"definition": "{ half", "baseRevision": base})
    assert kept.status_code == 200
    draft = designer.get(f"/api/v1/machines/{NAME}/").json()["draft"]
    assert (draft["definition"], draft["baseRevision"]) == ("{ half", base)
    put(designer, f"machines/{NAME}/", {"definition": TWO, "baseRevision": base})
    assert not Draft.objects.exists()


def test_a_draft_belongs_to_one_person(designer: Client, machine: dict[str, Any]) -> None:
    put(designer, f"machines/{NAME}/draft/", {"definition": "x", "baseRevision": machine["revision"]["id"]})
    assert client_of("administrator").get(f"/api/v1/machines/{NAME}/").json()["draft"] is None
    assert designer.delete(f"/api/v1/machines/{NAME}/draft/").status_code == 204
    assert not Draft.objects.exists()


def test_a_draft_needs_a_revision(designer: Client, machine: dict[str, Any]) -> None:
    answer = put(designer, f"machines/{NAME}/draft/", {"definition": "x", "baseRevision": "none"})
    assert (answer.status_code, answer.json()["code"]) == (404, "RevisionDoesNotExist")


@pytest.mark.parametrize(("role", "read", "write"), [
    ("viewer", 200, 403), ("operator", 200, 403), ("approver", 403, 403),
    ("designer", 200, 200), ("administrator", 200, 200)])
def test_roles(role: str, read: int, write: int, machine: dict[str, Any]) -> None:
    person = client_of(role)
    assert person.get("/api/v1/machines/").status_code == read
    assert person.get(f"/api/v1/machines/{NAME}/").status_code == read
    assert put(person, f"machines/{NAME}/", {"definition": TWO}).status_code == write
    assert post(person, "machines/", {"name": "n", "definition": TWO}).status_code == (201 if write == 200 else write)


def test_nobody_is_sent_away() -> None:
    assert Client().get("/api/v1/machines/").status_code in (401, 403)


def test_the_list_is_searched_and_paged(designer: Client) -> None:
    for name in ("alpha", "beta", "gamma"):
        post(designer, "machines/", {"name": name, "definition": ONE if name == "beta" else TWO})
    page = designer.get("/api/v1/machines/?limit=2").json()
    assert ([row["name"] for row in page["machines"]], page["next"], page["total"]) == (["alpha", "beta"], "beta", 3)
    rest = designer.get(f"/api/v1/machines/?limit=2&after={page['next']}").json()
    assert ([row["name"] for row in rest["machines"]], rest["next"]) == (["gamma"], "")
    found = designer.get("/api/v1/machines/?search=First").json()["machines"]
    assert [(row["name"], row["comment"], row["states"]) for row in found] == [("beta", "First", 1)]


def test_check_gives_problems_and_drawing_at_once(designer: Client) -> None:
    text = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Gone"}}}, indent=1)
    answer = post(designer, "check/", {"definition": text}).json()
    assert any(problem["pointer"] == "/States/A/Next" and problem["line"] == 6 for problem in answer["problems"])
    assert "missing" in [node["kind"] for node in answer["drawing"]["nodes"]]


def test_check_of_a_broken_text_has_no_drawing(designer: Client) -> None:
    answer = post(designer, "check/", {"definition": '{"StartAt": '}).json()
    assert answer["drawing"] is None
    assert answer["problems"][0]["line"] == 1


def test_an_svg_stands_alone(designer: Client) -> None:
    answer = post(designer, "drawing/svg/", {"definition": ONE, "theme": "dark"})
    assert answer["Content-Type"].startswith("image/svg+xml")
    assert b"<svg " in answer.content
    assert b"href" not in answer.content


@pytest.mark.parametrize("address", ["drawing/", "drawing/svg/"])
@pytest.mark.parametrize(("text", "says"), [("null", "must be a JSON object"), ("{", "line 1")])
def test_what_cannot_be_drawn(designer: Client, address: str, text: str, says: str) -> None:
    answer = post(designer, address, {"definition": text})
    assert (answer.status_code, answer.json()["code"]) == (400, "InvalidDefinition")
    assert says in answer.json()["message"]


def test_the_gallery_speaks_the_readers_language(designer: Client) -> None:
    english = designer.get("/api/v1/samples/", headers={"accept-language": "en"}).json()
    japanese = designer.get("/api/v1/samples/", headers={"accept-language": "ja"}).json()
    assert [row["slug"] for row in english] == [row["slug"] for row in japanese]
    assert english[0]["title"] != japanese[0]["title"]
    one = designer.get(f"/api/v1/samples/{english[0]['slug']}/", headers={"accept-language": "en"}).json()
    assert json.loads(one["definition"])["StartAt"]
    assert designer.get("/api/v1/samples/none/").status_code == 404
    assert designer.get(f"/api/v1/machines/{one['name']}/sample-input/").json()["input"] == one["input"]
    assert designer.get("/api/v1/machines/mine/sample-input/").json() == {"input": None}
