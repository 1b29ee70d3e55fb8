"""The inbox and the form: GET only shows, POST decides once, nothing typed is lost, too late is told."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from executions.approvals import queries
from executions.models import Approval, Signal
from tests.designer.people import actor, person, signed_in
from tests.executions.approvals.asking import ask, close

pytestmark = pytest.mark.django_db

FORM = {
    "type": "object", "required": ["limit", "chargeTo"],
    "properties": {
        "limit": {"type": "integer", "title": "New limit", "minimum": 1, "maximum": 100},
        "chargeTo": {"title": "Charge to", "oneOf": [
            {"const": "us", "title": "Us"}, {"const": "customer", "title": "Them"}]},
        "note": {"type": "string", "pattern": "^[A-Z]"},
        "agreed": {"type": "boolean"},
    },
}
GOOD = {"form.limit": "50", "form.chargeTo": '"us"', "comment": "よろしいです"}


@pytest.fixture
def me():
    return person("misaki", "approver", "finance")


@pytest.fixture
def client_(me) -> Client:
    return signed_in(me)


def text_of(answer) -> str:
    return html.unescape(re.sub(r"\s+", " ", answer.content.decode()))


def decide(client: Client, approval: Approval, decision: str = "APPROVED", **values: str):
    return client.post(f"/approvals/{approval.public_id}/", {"decision": decision, **values})


def test_looking_decides_nothing(client_, me):
    approval = ask("Look", users=(me,), form=FORM)
    for method in (client_.get, client_.head):
        assert method(f"/approvals/{approval.public_id}/").status_code == 200
        assert method(f"/approvals/{approval.public_id}/?decision=APPROVED").status_code == 200
    assert client_.head("/approvals/").status_code == 200
    assert client_.post("/approvals/").status_code == 405
    approval.refresh_from_db()
    assert approval.status == "WAITING"
    assert not Signal.objects.exists()


def test_a_decision_is_written_once_with_its_signal(client_, me):
    approval = ask("Once", users=(me,), form=FORM)
    answer = decide(client_, approval, **GOOD)
    assert answer.headers["Location"] == f"/approvals/{approval.public_id}/"
    approval.refresh_from_db()
    assert (approval.status, approval.decided_by, approval.comment) == ("APPROVED", me, "よろしいです")
    assert approval.form_data == {"limit": 50, "chargeTo": "us", "agreed": False}
    assert Signal.objects.count() == 1
    again = decide(client_, approval, "REJECTED")
    assert again.status_code == 409
    assert "came too late" in text_of(again)
    assert "misaki" in text_of(again)
    approval.refresh_from_db()
    assert approval.status == "APPROVED"
    assert Signal.objects.count() == 1


def test_from_the_inbox_one_comes_back_to_it(client_, me):
    approval = ask("Back", users=(me,))
    answer = client_.post(f"/approvals/{approval.public_id}/", {"decision": "REJECTED", "from": "inbox"}, follow=True)
    assert answer.redirect_chain == [("/approvals/", 302)]
    assert "Rejected: Back" in text_of(answer)


def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(client_, me):
    approval = ask("Wrong", users=(me,), form=FORM)
    answer = decide(client_, approval, **{"form.limit": "500", "form.note": "lower", "form.agreed": "true",
                                          "form.chargeTo": '"customer"', "comment": "a comment"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="500"' in page
    assert 'value="lower"' in page
    assert "a comment</textarea>" in page
    assert re.search(r'value="&quot;customer&quot;"\s+checked', page)
    assert re.search(r'name="form.agreed" value="true"\s+checked', page)
    assert 'id="field-limit-error"' in page
    assert 'aria-describedby="field-note-error"' in page
    assert "Must be 100 or less." in page
    approval.refresh_from_db()
    assert approval.status == "WAITING"


def test_a_number_that_is_none_is_said_and_kept(client_, me):
    approval = ask("Number", users=(me,), form=FORM)
    page = decide(client_, approval, **{**GOOD, "form.limit": "<many>"}).content.decode()
    assert "Enter a number" in page
    assert 'value="&lt;many&gt;"' in page


def test_rejecting_needs_no_form_even_a_wrong_one_does_not_stop_it(client_, me):
    for typed in ({}, {"form.limit": "abc"}):
        approval = ask("No", users=(me,), form=FORM)
        assert decide(client_, approval, "REJECTED", **typed).status_code == 302
        approval.refresh_from_db()
        assert approval.status == "REJECTED"


@pytest.mark.parametrize("decision", ["", "approved", "MAYBE"])
def test_another_decision_is_refused(client_, me, decision):
    approval = ask("Other", users=(me,))
    assert decide(client_, approval, decision).status_code == 400
    approval.refresh_from_db()
    assert approval.status == "WAITING"


def test_a_closed_approval_shows_why_and_no_form(client_, me):
    approval = ask("Closed", users=(me,), form=FORM)
    close(approval)
    page = text_of(client_.get(f"/approvals/{approval.public_id}/"))
    assert "The task timed out." in page
    assert "data-decision-form" not in page
    assert decide(client_, approval, **GOOD).status_code == 409


def test_a_token_that_ended_is_too_late_though_nobody_closed_the_approval(client_, me):
    approval = ask("Ended", users=(me,))
    approval.token.status = "TIMED_OUT"
    approval.token.save()
    assert "data-decision-form" not in text_of(client_.get(f"/approvals/{approval.public_id}/"))
    assert decide(client_, approval).status_code == 409


def test_others_approvals_are_hidden_from_approvers_and_read_by_viewers(client_):
    approval = ask("Theirs", users=(person("somebody", "approver"),))
    assert client_.get(f"/approvals/{approval.public_id}/").status_code == 404
    assert decide(client_, approval).status_code == 404
    viewer = signed_in(person("ken", "viewer"))
    page = text_of(viewer.get(f"/approvals/{approval.public_id}/"))
    assert "addressed to others" in page
    assert "data-decision-form" not in page
    assert decide(viewer, approval).status_code == 403
    approval.refresh_from_db()
    assert approval.status == "WAITING"


def test_the_inbox_has_its_tabs(client_, me):
    ask("Mine", users=(me,))
    ask("Of finance", groups=("finance",))
    ask("Of sales", groups=("sales",))
    ask("Of anybody")
    done = ask("Done", users=(me,))
    decide(client_, done)
    for tab, title in (("mine", "Mine"), ("groups", "Of finance"), ("anybody", "Of anybody"), ("decided", "Done")):
        page = client_.get("/approvals/", {"tab": tab}).content.decode()
        rows = re.findall(r'inbox__title grow"[^>]*>([^<]+)<', page)
        assert rows == [title]
    assert queries.counts(actor(me)).waiting == 3


def test_the_first_tab_with_something_is_shown(client_):
    ask("Of finance", groups=("finance",))
    assert client_.get("/approvals/").context["tab"] == "groups"
    assert client_.get("/approvals/", {"tab": "nonsense"}).context["tab"] == "groups"


def test_search_finds_words_in_title_text_machine_and_execution(client_, me):
    ask("送料の承認", users=(me,), message="大阪堂書店", machine_name="注文処理")
    ask("Something else", users=(me,))
    for words in ("送料", "大阪堂", "注文処理", "送料 大阪堂"):
        assert len(client_.get("/approvals/", {"tab": "mine", "q": words}).context["page"]) == 1
    assert len(client_.get("/approvals/", {"tab": "mine", "q": "送料 Something"}).context["page"]) == 0
    assert "Nothing found" in text_of(client_.get("/approvals/", {"tab": "mine", "q": "<nothing>"}))


def test_the_navigation_counts_what_waits(client_, me):
    assert re.search(r"data-waiting-approvals\s*></span>", client_.get("/approvals/").content.decode())
    ask("One", users=(me,))
    ask("Two", groups=("finance",))
    ask("Not mine", groups=("sales",))
    assert re.search(r"data-waiting-approvals\s*>2</span>", client_.get("/approvals/").content.decode())


def test_the_page_works_without_javascript_and_enter_does_not_decide(client_, me):
    approval = ask("Plain", users=(me,), form=FORM)
    page = client_.get(f"/approvals/{approval.public_id}/").content.decode()
    form = re.search(r"<form[^>]*data-decision-form\s*>(.*?)</form>", page, re.DOTALL)
    assert form is not None
    buttons = re.findall(r"<button[^>]*>", form[1])
    assert "disabled" in buttons[0]  # the one Enter would press
    assert 'value="APPROVED"' in buttons[1]
    assert "formnovalidate" in buttons[2]


def test_markup_in_a_request_is_shown_as_text(client_, me):
    evil = "<script>alert('x')</script>"
    form = {"properties": {"x": {"type": "string", "title": evil, "description": evil, "default": evil},
                           "y": {"oneOf": [{"const": evil, "title": evil}]}}}
    approval = ask(evil, users=(me,), message=evil, data={evil: evil}, form=form)
    for page in (client_.get(f"/approvals/{approval.public_id}/"), client_.get("/approvals/")):
        assert "<script>alert" not in page.content.decode()


def test_a_group_that_is_asked_cannot_be_deleted_until_it_decided(me):
    approval = ask("Of finance", groups=("finance",))
    admin = signed_in(person("root", "administrator"))
    answer = admin.post("/people/groups/finance/", {"do": "delete"}, follow=True)
    assert "An approval waits for the group" in text_of(answer)
    decide(signed_in(me), approval)
    assert "Group deleted." in text_of(admin.post("/people/groups/finance/", {"do": "delete"}, follow=True))


def test_everything_is_said_in_japanese_too(me):
    me.language = "ja"
    me.save()
    client = signed_in(me)
    approval = ask("送料の承認", users=(me,), form=FORM)
    page = text_of(client.get(f"/approvals/{approval.public_id}/"))
    for words in ("承認する", "却下する", "承認待ち", "開くだけでは承認されません", "判断の内容"):
        assert words in page
    assert "承認しました：送料の承認" in text_of(client.post(
        f"/approvals/{approval.public_id}/", {"decision": "APPROVED", **GOOD}, follow=True))
