"""What levels decide: quorum, order, who may not, deadlines; and how each is told to the workflow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection

from designer.errors import ActionError
from designer.models import User
from executions.approvals import audit, clockwork, queries
from executions.approvals.decide import decide
from executions.approvals.levels import Level, standing
from executions.approvals.models import AppendOnlyError, AuditEntry, Note, Notice, Vote
from executions.approvals.policies import choose, save_policy
from executions.approvals.request_approval import AskingError
from executions.approvals.showing import levels_of
from executions.approvals.substitutes import end_substitute, name_substitute
from executions.approvals.talk import answer, claim, comment, delegate, release, withdraw
from executions.approvals.talk import ask as ask_back
from executions.models import Approval, Signal
from tests.designer.people import actor, person
from tests.executions.approvals.asking import ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, User]:
    """Four approvers, the requester among them, an administrator, a viewer; all with mail."""
    made = {name: person(name, "approver") for name in ("rin", "ana", "bo", "cy")}
    made |= {"root": person("root", "administrator"), "vi": person("vi", "viewer")}
    for one in made.values():
        one.email = f"{one.username}@example.com"
        one.save()
    return made


def code(verb: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(ActionError) as caught:
        verb(*args, **kwargs)
    return caught.value.code


def sent() -> dict[str, Any]:
    """The one signal to the engine."""
    (row,) = Signal.objects.all()
    return dict(row.body)


def fresh(approval: Approval) -> Approval:
    return queries.everything().get(pk=approval.pk)


@pytest.mark.parametrize(("level", "decisions", "veto", "stands"), [
    (Level(), [], True, "OPEN"), (Level(), ["APPROVED"], True, "APPROVED"), (Level(), ["REJECTED"], True, "REJECTED"),
    (Level(needed=2, people=3), ["APPROVED"], True, "OPEN"),
    (Level(needed=2, people=3), ["APPROVED", "APPROVED"], True, "APPROVED"),
    (Level(needed=2, people=3), ["APPROVED", "REJECTED"], True, "REJECTED"),
    (Level(needed=2, people=3), ["REJECTED"], False, "OPEN"),
    (Level(needed=2, people=3), ["REJECTED", "REJECTED"], False, "REJECTED"),
    (Level(needed=2, people=3), ["REJECTED", "APPROVED", "APPROVED"], False, "APPROVED"),
    (Level(needed="all", people=3), ["APPROVED", "APPROVED"], True, "OPEN"),
])
def test_what_votes_come_to(level, decisions, veto, stands):
    assert standing(level, decisions, veto=veto) == stands


def test_two_of_three_then_one(people):
    approval = ask("Buy", levels=(Level("Team", ("ana", "bo", "cy"), needed=2), Level("Board", ("root",))))
    assert decide(actor(people["ana"]), approval.public_id, "APPROVED", "fine").status == "WAITING"
    assert not Signal.objects.exists()
    assert code(decide, actor(people["ana"]), approval.public_id, "APPROVED") == "AccessDeniedException"
    assert code(decide, actor(people["root"]), approval.public_id, "APPROVED") == "AccessDeniedException"
    decide(actor(people["bo"]), approval.public_id, "APPROVED")
    assert (fresh(approval).level, fresh(approval).status) == (1, "WAITING")
    assert code(decide, actor(people["cy"]), approval.public_id, "REJECTED") == "AccessDeniedException"
    decide(actor(people["root"]), approval.public_id, "APPROVED", "bought")
    output = sent()["output"]
    assert (output["decision"], output["decidedBy"], output["comment"]) == ("APPROVED", "root", "bought")
    assert [(level["name"], level["needed"], [(vote["by"], vote["decision"]) for vote in level["votes"]])
            for level in output["levels"]] == [
        ("Team", 2, [("ana", "APPROVED"), ("bo", "APPROVED")]), ("Board", 1, [("root", "APPROVED")])]


def test_a_rejection_on_level_one_ends_it(people):
    approval = ask("Buy", levels=(Level(users=("ana",)), Level(users=("bo",))))
    assert decide(actor(people["ana"]), approval.public_id, "REJECTED", "no").status == "REJECTED"
    assert sent()["output"]["approved"] is False
    assert sent()["output"]["levels"][1]["votes"] == []


def test_a_rejection_can_be_an_error(people):
    approval = ask("Buy", users=(people["ana"],), rules={"fail": True})
    decide(actor(people["ana"]), approval.public_id, "REJECTED", "too dear")
    assert (sent()["error"], sent()["cause"]) == ("Approval.Rejected", "Rejected by ana: too dear")


def test_nobody_decides_what_they_asked_for(people):
    approval = ask("Mine", groups=("approver",), started_by=people["rin"])
    assert code(decide, actor(people["rin"]), approval.public_id, "APPROVED") == "AccessDeniedException"
    assert not queries.inbox(actor(people["rin"])).exists()
    assert queries.requested(actor(people["rin"])).get() == approval
    assert code(delegate, actor(people["rin"]), approval.public_id, "ana") == "AccessDeniedException"
    assert code(delegate, actor(people["ana"]), approval.public_id, "rin") == "NotAnApprover"
    allowed = ask("Mine too", groups=("approver",), started_by=people["rin"], allow_requester=True)
    assert decide(actor(people["rin"]), allowed.public_id, "APPROVED").status == "APPROVED"


def test_nor_through_a_substitute_nor_as_one(people):
    now = datetime.now(UTC)
    approval = ask("Of rin", users=(people["rin"], people["ana"]), requester="rin")
    name_substitute(actor(people["rin"]), people["rin"].pk, "bo", now - timedelta(hours=1), now + timedelta(days=1))
    assert code(decide, actor(people["bo"]), approval.public_id, "APPROVED") == "AccessDeniedException"
    name_substitute(actor(people["ana"]), people["ana"].pk, "rin", now - timedelta(hours=1), now + timedelta(days=1))
    assert code(decide, actor(people["rin"]), approval.public_id, "APPROVED") == "AccessDeniedException"
    assert not queries.inbox(actor(people["bo"])).exists()
    assert not queries.inbox(actor(people["rin"])).exists()
    decide(actor(people["ana"]), approval.public_id, "APPROVED")


@pytest.mark.parametrize("allow", [False, True])
def test_the_same_person_on_two_levels(people, allow):
    approval = ask("Twice", levels=(Level(users=("ana", "bo")), Level(users=("ana", "cy"))), allow_same_person=allow)
    decide(actor(people["ana"]), approval.public_id, "APPROVED")
    assert queries.inbox(actor(people["ana"])).exists() is allow
    if allow:
        assert decide(actor(people["ana"]), approval.public_id, "APPROVED").status == "APPROVED"
    else:
        assert code(decide, actor(people["ana"]), approval.public_id, "APPROVED") == "AccessDeniedException"
        assert decide(actor(people["cy"]), approval.public_id, "APPROVED").status == "APPROVED"


def test_a_substitute_decides_while_somebody_is_away_and_only_then(people):
    now = datetime.now(UTC)
    approval = ask("Of ana", users=(people["ana"],))
    assert code(decide, actor(people["bo"]), approval.public_id, "APPROVED") == "AccessDeniedException"
    later = name_substitute(actor(people["ana"]), people["ana"].pk, "bo", now + timedelta(hours=1),
                            now + timedelta(days=1))
    assert not queries.named(actor(people["bo"])).exists()
    end_substitute(actor(people["ana"]), later.pk)
    made = name_substitute(actor(people["ana"]), people["ana"].pk, "bo", now - timedelta(hours=1),
                           now + timedelta(days=1))
    assert queries.named(actor(people["bo"])).get() == approval
    decide(actor(people["bo"]), approval.public_id, "APPROVED")
    vote = Vote.objects.get()
    assert (vote.person_name, vote.on_behalf_of_name) == ("bo", "ana")
    assert sent()["output"]["levels"][0]["votes"][0]["onBehalfOf"] == "ana"
    assert code(end_substitute, actor(people["cy"]), made.pk) == "AccessDeniedException"


def test_a_substitute_and_the_one_they_stand_in_for_have_one_vote(people):
    now = datetime.now(UTC)
    approval = ask("Two", levels=(Level(users=("ana", "cy"), needed=2),))
    name_substitute(actor(people["ana"]), people["ana"].pk, "bo", now - timedelta(hours=1), now + timedelta(days=1))
    decide(actor(people["bo"]), approval.public_id, "APPROVED")
    assert code(decide, actor(people["ana"]), approval.public_id, "APPROVED") == "AccessDeniedException"
    assert code(decide, actor(people["bo"]), approval.public_id, "APPROVED") == "AccessDeniedException"
    assert decide(actor(people["cy"]), approval.public_id, "APPROVED").status == "APPROVED"


@pytest.mark.parametrize(("name", "begins", "ends"), [
    ("nobody", 0, 1), ("ana", 0, 1), ("vi", 0, 1), ("bo", 1, 0), ("bo", -3, -2), ("bo", 0, 400)])
def test_a_wrong_substitute_is_refused(people, name, begins, ends):
    now = datetime.now(UTC)
    assert code(name_substitute, actor(people["ana"]), people["ana"].pk, name, now + timedelta(days=begins),
                now + timedelta(days=ends)) == "InvalidSubstitute"
    assert code(name_substitute, actor(people["cy"]), people["ana"].pk, "bo", now, now + timedelta(days=1)) == (
        "AccessDeniedException")


def test_claim_and_release(people):
    approval = ask("Of all", groups=("approver",))
    claim(actor(people["ana"]), approval.public_id)
    assert code(decide, actor(people["bo"]), approval.public_id, "APPROVED") == "ApprovalClaimedConflict"
    assert code(claim, actor(people["bo"]), approval.public_id) == "ApprovalClaimedConflict"
    assert code(release, actor(people["bo"]), approval.public_id) == "AccessDeniedException"
    assert not queries.by_group(actor(people["bo"])).exists()
    release(actor(people["root"]), approval.public_id)
    assert decide(actor(people["bo"]), approval.public_id, "APPROVED").status == "APPROVED"
    several = ask("Two", levels=(Level(groups=("approver",), needed=2),))
    assert code(claim, actor(people["ana"]), several.public_id) == "NotClaimable"


def test_delegation(people):
    approval = ask("Of ana", users=(people["ana"],))
    assert code(delegate, actor(people["bo"]), approval.public_id, "cy") == "AccessDeniedException"
    assert code(delegate, actor(people["ana"]), approval.public_id, "vi") == "NotAnApprover"
    delegate(actor(people["ana"]), approval.public_id, "bo", "please")
    assert code(decide, actor(people["ana"]), approval.public_id, "APPROVED") == "AccessDeniedException"
    assert Notice.objects.get(person=people["bo"]).text == "please"
    assert decide(actor(people["bo"]), approval.public_id, "APPROVED").status == "APPROVED"
    stuck = ask("Stuck", users=(people["ana"],))
    delegate(actor(people["root"]), stuck.public_id, "cy")
    assert decide(actor(people["cy"]), stuck.public_id, "APPROVED").status == "APPROVED"


def test_ask_and_answer(people):
    approval = ask("Of rin", users=(people["ana"],), started_by=people["rin"])
    assert code(answer, actor(people["ana"]), approval.public_id, "?") == "AccessDeniedException"
    ask_back(actor(people["ana"]), approval.public_id, "Which city?")
    assert fresh(approval).question_open
    assert code(answer, actor(people["rin"]), approval.public_id, "  ") == "InvalidText"
    answer(actor(people["rin"]), approval.public_id, "Osaka")
    comment(actor(people["rin"]), approval.public_id, "and Kyoto")
    assert not fresh(approval).question_open
    assert list(Note.objects.values_list("kind", "text")) == [
        ("question", "Which city?"), ("answer", "Osaka"), ("comment", "and Kyoto")]
    assert code(comment, actor(people["cy"]), approval.public_id, "me too") == "AccessDeniedException"
    kinds = set(Notice.objects.values_list("kind", "person__username"))
    assert kinds == {("asked", "ana"), ("question", "rin"), ("answer", "ana")}
    assert decide(actor(people["ana"]), approval.public_id, "APPROVED").status == "APPROVED"


def test_withdrawn(people):
    approval = ask("Of rin", users=(people["ana"],), started_by=people["rin"])
    assert code(withdraw, actor(people["ana"]), approval.public_id) == "AccessDeniedException"
    withdraw(actor(people["rin"]), approval.public_id, "not needed")
    assert (sent()["error"], sent()["cause"]) == ("Approval.Cancelled", "Withdrawn by rin: not needed")
    assert code(decide, actor(people["ana"]), approval.public_id, "APPROVED") == "ApprovalClosed"
    assert Notice.objects.filter(person=people["ana"], kind="closed").exists()


def at(**later: int) -> datetime:
    return datetime.now(UTC) + timedelta(**later)


@pytest.mark.parametrize("default", ["EXPIRED", "APPROVED", "REJECTED"])
def test_nobody_decides(people, default):
    approval = ask("Late", users=(people["ana"],), rules={"due": 60, "default": default})
    assert clockwork.look(at(seconds=50)) == 0
    assert clockwork.look(at(seconds=61)) == 1
    assert fresh(approval).status == default
    if default == "EXPIRED":
        assert (sent()["error"], sent()["cause"]) == ("Approval.Expired", "Nobody decided in time.")
    else:
        assert (sent()["output"]["decision"], sent()["output"]["decidedBy"]) == (default, "default")
    assert clockwork.look(at(days=9)) == 0
    assert code(decide, actor(people["ana"]), approval.public_id, "APPROVED") in (
        "ApprovalClosed", "ApprovalAlreadyDecided")


def test_reminders_then_escalation_then_the_end(people):
    approval = ask("Late", users=(people["ana"],), rules={
        "due": 100, "remind": {"every": 30, "times": 2}, "escalate": {"users": ["bo"], "groups": [], "due": 50}})
    clockwork.look(at(seconds=31))
    clockwork.look(at(seconds=32))
    assert Notice.objects.filter(kind="reminder").count() == 1
    clockwork.look(at(seconds=61))
    assert Notice.objects.filter(kind="reminder", person=people["ana"]).count() == 2
    assert code(decide, actor(people["bo"]), approval.public_id, "APPROVED") == "AccessDeniedException"
    clockwork.look(at(seconds=101))
    assert fresh(approval).status == "WAITING"
    assert Notice.objects.filter(kind="escalated", person=people["bo"]).count() == 1
    assert queries.named(actor(people["bo"])).get() == approval
    clockwork.look(at(seconds=120))
    assert fresh(approval).status == "WAITING"
    clockwork.look(at(seconds=152))
    assert fresh(approval).status == "EXPIRED"


def test_what_came_due_while_the_server_was_away_happens_once(people):
    ask("Late", users=(people["ana"],), rules={"due": 1000, "remind": {"every": 10, "times": 5}})
    clockwork.look(at(seconds=500))
    clockwork.look(at(seconds=501))
    assert Notice.objects.filter(kind="reminder").count() == 1


@pytest.mark.parametrize("levels", [
    (Level(users=("ana", "bo"), needed=3),), (Level(users=("ana", "vi"), needed=2),),
    (Level(users=("ana", "rin"), needed=2),), (Level(users=("nobody",)),)])
def test_a_level_that_nobody_could_decide_is_refused(people, levels):
    with pytest.raises(AskingError):
        ask("Never", levels=levels, started_by=people["rin"])


def test_a_group_may_get_its_people_later(people):
    Group.objects.create(name="board")
    approval = ask("Buy", levels=(Level("Board", groups=("board",), needed=2),), started_by=people["rin"])
    (level,) = levels_of(fresh(approval))
    assert (level.able, level.lacks_people) == (0, True)
    for name in ("ana", "bo"):
        people[name].groups.add(Group.objects.get(name="board"))
    (level,) = levels_of(fresh(approval))
    assert (level.able, level.lacks_people) == (2, False)
    decide(actor(people["ana"]), approval.public_id, "APPROVED")
    assert decide(actor(people["bo"]), approval.public_id, "APPROVED").status == "APPROVED"


BODY = {"rows": [
    {"when": [{"field": "amount", "is": "between", "to": 1000}], "levels": []},
    {"when": [{"field": "amount", "is": "between", "to": 50000}], "levels": [{"name": "Lead", "users": ["ana"]}]},
    {"when": [{"field": "trip.kind", "is": "one of", "values": ["abroad"]}],
     "levels": [{"users": ["ana"]}, {"groups": ["approver"], "needed": 2}], "step_up": True},
    {"when": [], "levels": [{"users": ["root"]}]}]}


@pytest.mark.parametrize(("data", "row"), [
    ({"amount": 1000}, 1), ({"amount": "999.5"}, 1), ({"amount": 1000.01}, 2), ({"amount": 60000}, 4),
    ({"amount": 60000, "trip": {"kind": "abroad"}}, 3), ({}, 4), (None, 4),
    ({"amount": True}, 4), ({"amount": "x"}, 4)])
def test_which_row_of_a_policy_fits(data, row):
    assert choose(BODY, data).row == row


def test_a_policy_is_versioned_and_used_by_name(people):
    assert code(save_policy, actor(people["ana"]), "Expenses", BODY) == "AccessDeniedException"
    save_policy(actor(people["root"]), "Expenses", BODY, base=0)
    approval = ask("Trip", policy="Expenses", data={"amount": 60000, "trip": {"kind": "abroad"}})
    assert approval.policy == "Expenses v1, row 3"
    changed = {"rows": [{"when": [], "levels": [{"users": ["bo"]}]}]}
    assert code(save_policy, actor(people["root"]), "Expenses", changed, base=0) == "PolicyConflict"
    assert save_policy(actor(people["root"]), "Expenses", changed, base=1).number == 2
    assert [level["users"] for level in fresh(approval).plan] == [["ana"], []]
    assert ask("Trip", policy="Expenses", data={}).policy == "Expenses v2, row 1"
    with pytest.raises(AskingError):
        ask("Trip", policy="Travel", data={})


def test_a_policy_may_approve_by_itself(people):
    save_policy(actor(people["root"]), "Expenses", BODY)
    approval = ask("Small", policy="Expenses", data={"amount": 5})
    assert approval.status == "APPROVED"
    assert sent()["output"]["decidedBy"] == "policy Expenses v1, row 1"


@pytest.mark.parametrize("body", [
    {}, {"rows": []}, {"rows": [1]}, {"rows": [{"when": [{"field": "a", "is": "like"}]}]},
    {"rows": [{"when": [{"field": "a", "is": "between"}], "levels": []}]},
    {"rows": [{"when": [{"field": "a", "is": "one of", "values": []}], "levels": []}]},
    {"rows": [{"levels": [{"users": ["nobody"]}]}]}, {"rows": [{"levels": [{}]}]},
    {"rows": [{"levels": [{"users": ["ana"], "needed": 0.5}]}]}])
def test_a_wrong_policy_is_refused(people, body):
    assert code(save_policy, actor(people["root"]), "Wrong", body) == "InvalidPolicy"


def chain(people) -> Approval:
    approval = ask("Chain", users=(people["ana"],), data={"amount": 5})
    decide(actor(people["ana"]), approval.public_id, "APPROVED", "fine")
    return approval


def test_the_audit_log_tells_all_and_is_whole(people):
    approval = chain(people)
    assert [(entry.actor, entry.action) for entry in audit.entries_of(f"approval:{approval.public_id}")] == [
        ("Statewright", "approval.asked"), ("ana", "approval.vote"), ("ana", "approval.approved")]
    verdict = audit.verify()
    assert (verdict.whole, verdict.entries) == (True, 3)
    assert audit.verify(AuditEntry.objects.get(number=2).hash).whole
    assert not audit.verify("f" * 64).whole
    assert audit.verify_export(list(audit.exported(AuditEntry.objects.order_by("number")))).whole


@pytest.mark.parametrize(("change", "at"), [
    ("UPDATE {t} SET details = '{{}}' WHERE number = 2", 2), ("UPDATE {t} SET actor = 'bo' WHERE number = 3", 3),
    ("DELETE FROM {t} WHERE number = 2", 2), ("DELETE FROM {t} WHERE number = 3", 3),
    ("UPDATE {t} SET hash = previous WHERE number = 1", 1)])
def test_a_change_of_the_audit_log_shows(people, change, at):
    chain(people)
    with connection.cursor() as cursor:
        cursor.execute(change.format(t=AuditEntry._meta.db_table))
    assert audit.verify().broken_at == at


def test_entries_are_never_changed(people):
    chain(people)
    entry = AuditEntry.objects.first()
    changes = (entry.delete, entry.save, AuditEntry.objects.all().delete, lambda: AuditEntry.objects.update(actor="x"))
    for verb in changes:
        with pytest.raises(AppendOnlyError):
            verb()
