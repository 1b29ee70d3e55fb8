"""Approval tasks on the real engine: asked for, decided, too late, and two at once."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.utils import translation

from designer.errors import ActionError
from designer.models import User
from designer.permissions import ROLES, Actor, permissions_of
from executions.actions.send_task_failure import send_task_failure
from executions.actions.send_task_heartbeat import send_task_heartbeat
from executions.actions.send_task_success import send_task_success
from executions.actions.stop_execution import stop_execution
from executions.approvals import queries
from executions.approvals.decide import decide
from executions.approvals.form import FormError, check_form, problems
from executions.integrations.approval.task import ApprovalTask
from executions.integrations.kinds import TaskError
from executions.models import Approval, Signal, TaskToken
from executions.store import in_thread
from tests.executions.integrations.conftest import ANYBODY, Bench, request
from tests.executions.making import states

REQUEST = "arn:aws:states:::approval:request"
FORM = {
    "type": "object",
    "properties": {"amount": {"type": "number", "minimum": 1}, "note": {"type": "string", "minLength": 1}},
    "required": ["amount"],
}


def asking(**parameters: Any) -> dict[str, Any]:
    return states("Ask", Ask={"Type": "Task", "Resource": REQUEST, "Parameters": {"title": "経費", **parameters}})


def person(name: str, *groups: str) -> Actor:
    user = User.objects.create_user(name)
    for group in groups:
        user.groups.add(Group.objects.get_or_create(name=group)[0])
    return Actor(user.pk, name, frozenset(groups), permissions_of(frozenset(groups)))


async def begin(bench: Bench, definition: dict[str, Any]) -> tuple[int, Approval]:
    """The execution and its approval, once it waits."""
    execution = await bench.begin(definition)
    await bench.until_event(execution, "TaskSubmitted")
    return execution, await in_thread(Approval.objects.select_related("token").get, token__execution_id=execution)


async def refused(verb: Any, *args: Any, **kwargs: Any) -> ActionError:
    with pytest.raises(ActionError) as caught:
        await in_thread(verb, *args, **kwargs)
    return caught.value


async def decided(*args: Any, **kwargs: Any) -> Approval:
    """`decide` as a view calls it: in a thread that waits for the engine's loop."""
    return await asyncio.to_thread(decide, *args, **kwargs)


async def test_approved(bench: Bench) -> None:
    tanaka = await in_thread(person, "tanaka", "approver")
    execution, approval = await begin(bench, asking(message="よろしく", data={"total": 5}, form=FORM))
    assert (approval.title, approval.message, approval.data) == ("経費", "よろしく", {"total": 5})
    assert approval.status == "WAITING"
    done = await decided(tanaka, approval.public_id, "APPROVED", "問題なし", {"amount": 3})
    assert done.status == "APPROVED"
    output = json.loads((await bench.until(execution)).output or "")
    decided_at = output.pop("decidedAt")
    votes = [{"decision": "APPROVED", "by": "tanaka", "onBehalfOf": None, "at": decided_at, "comment": "問題なし",
              "form": {"amount": 3}}]
    assert output.pop("levels") == [{"level": 1, "name": "", "needed": 1, "votes": votes}]
    assert (output.pop("requester"), output.pop("policy"), output.pop("attachments")) == (None, None, [])
    assert output == {"decision": "APPROVED", "approved": True, "decidedBy": "tanaka", "comment": "問題なし",
                      "form": {"amount": 3}}
    assert done.decided_at is not None
    assert decided_at == done.decided_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert [event["type"] for event in await bench.history(execution)][1:7] == [
        "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded", "TaskStateExited"]
    assert not await in_thread(Signal.objects.exists)


async def test_rejected_needs_no_form(bench: Bench) -> None:
    tanaka = await in_thread(person, "tanaka", "approver")
    execution, approval = await begin(bench, asking(form=FORM))
    await decided(tanaka, approval.public_id, "REJECTED", "高い", {"note": "x"})
    output = json.loads((await bench.until(execution)).output or "")
    assert (output["approved"], output["form"], output["comment"]) == (False, {"note": "x"}, "高い")


async def test_pascal_case_parameters(bench: Bench) -> None:
    await in_thread(person, "tanaka", "approver")
    approvers = {"Users": ["tanaka"], "Groups": ["approver"]}
    definition = states("Ask", Ask={"Type": "Task", "Resource": REQUEST, "Parameters": {
        "Title": "T", "Message": "M", "Data": [1], "Form": {}, "Approvers": approvers}})
    _, approval = await begin(bench, definition)
    assert (approval.title, approval.message, approval.data) == ("T", "M", [1])
    assert await in_thread(lambda: [user.username for user in approval.users.all()]) == ["tanaka"]
    assert await in_thread(lambda: [group.name for group in approval.groups.all()]) == ["approver"]


@pytest.mark.parametrize(("parameters", "problem"), [
    ({"title": None}, 'The field "title" is required but was missing'),
    ({"title": "  "}, 'The field "title" must not be empty'),
    ({"title": "x" * 201}, 'The field "title" must not be longer than 200'),
    ({"titel": "x"}, 'The field "titel" is not supported'),
    ({"message": 1}, 'The field "message" must be a string'),
    ({"approvers": ["bob"]}, 'The field "approvers" must be a JSON object'),
    ({"approvers": {"users": "bob"}}, 'The field "approvers.users" must be an array of strings'),
    ({"approvers": {"people": []}}, 'The field "approvers.people" is not supported'),
    ({"approvers": {"users": ["bob"]}}, 'The field "approvers.users" names "bob", who does not exist'),
    ({"approvers": {"groups": ["board"]}}, 'The field "approvers.groups" names "board", who does not exist'),
    ({"form": []}, 'The field "form" is not usable: it must be a JSON Schema'),
    ({"form": {"type": "array"}}, 'The field "form" is not usable: its "type" must be "object"'),
    ({"form": {"properties": {"a": {"type": "nonsense"}}}}, 'The field "form" is not usable: properties/a/type'),
    ({"form": {"$ref": "http://127.0.0.1/x"}}, "only references that begin with # are possible"),
])
async def test_wrong_parameters_end_the_execution(bench: Bench, parameters: dict[str, Any], problem: str) -> None:
    row = await bench.until(await bench.begin(asking(**parameters)))
    assert (row.status, row.error) == ("FAILED", "States.Runtime")
    assert problem in (row.cause or "")
    assert "could not be used to start the Task" in (row.cause or "")
    assert not await in_thread(Approval.objects.exists)


async def test_decided_twice(bench: Bench) -> None:
    first, second = [await in_thread(person, name, "approver") for name in ("tanaka", "suzuki")]
    _, approval = await begin(bench, asking())
    await decided(first, approval.public_id, "APPROVED")
    error = await refused(decide, second, approval.public_id, "REJECTED")
    assert error.code == "ApprovalAlreadyDecided"
    assert error.members["decidedBy"] == "tanaka"
    assert error.members["decision"] == "APPROVED"
    assert error.members["decidedAt"] in error.message


def attempt(gate: threading.Barrier, actor: Actor, approval: Approval, decision: str) -> str:
    gate.wait()
    try:
        return decide(actor, approval.public_id, decision).status
    except ActionError as error:
        return error.code


async def test_two_at_once_one_wins(bench: Bench) -> None:
    people = [await in_thread(person, f"person{n}", "approver") for n in range(2)]
    for _ in range(10):
        execution, approval = await begin(bench, asking())
        gate = threading.Barrier(2)

        results = await asyncio.gather(
            asyncio.to_thread(attempt, gate, people[0], approval, "APPROVED"),
            asyncio.to_thread(attempt, gate, people[1], approval, "REJECTED"))
        assert results.count("ApprovalAlreadyDecided") == 1, results
        winner = next(result for result in results if result in ("APPROVED", "REJECTED"))
        assert json.loads((await bench.until(execution)).output or "")["decision"] == winner


async def test_a_decision_survives_the_death_of_the_engine(bench: Bench) -> None:
    """Decided while no engine listens: the signal is a row, and the next start takes it up."""
    tanaka = await in_thread(person, "tanaka", "approver")
    execution, approval = await begin(bench, asking())
    await bench.engine.close()
    await decided(tanaka, approval.public_id, "APPROVED")
    await bench.open()
    assert (await bench.until(execution)).status == "SUCCEEDED"


async def test_after_a_restart_the_approval_is_the_same(bench: Bench) -> None:
    tanaka = await in_thread(person, "tanaka", "approver")
    execution, approval = await begin(bench, asking())
    await bench.restart()
    assert await in_thread(Approval.objects.count) == 1
    await decided(tanaka, approval.public_id, "APPROVED")
    assert (await bench.until(execution)).status == "SUCCEEDED"


async def test_asked_again_after_a_crash_it_makes_no_second_one(bench: Bench, sent) -> None:
    execution, approval = await begin(bench, asking())
    again = request(REQUEST, {"title": "経費"}, execution=execution, token=approval.token_id)
    await ApprovalTask().run(again, sent)
    assert sent.kinds == ["Began", "Submitted"]
    assert sent.signals[1].output == {"ApprovalId": approval.public_id}
    assert await in_thread(Approval.objects.count) == 1


async def test_a_token_that_is_closed_gets_no_approval(bench: Bench, sent) -> None:
    await ApprovalTask().run(request(REQUEST, {"title": "x"}, token="no such token"), sent)
    assert sent.kinds == []
    assert not await in_thread(Approval.objects.exists)


async def test_an_unknown_approver_is_refused_before_anything_is_written(bench: Bench, sent) -> None:
    execution, approval = await begin(bench, asking())
    await in_thread(Approval.objects.all().delete)
    wrong = request(REQUEST, {"title": "x", "approvers": {"users": ["nobody"]}}, execution=execution,
                    token=approval.token_id)
    with pytest.raises(TaskError):
        await ApprovalTask().run(wrong, sent)
    assert not await in_thread(Approval.objects.exists)


@pytest.mark.parametrize(("end", "reason"), [("stop", "The execution ended."), ("timeout", "The task timed out.")])
async def test_closed_when_nobody_waits_any_more(bench: Bench, end: str, reason: str) -> None:
    tanaka = await in_thread(person, "tanaka", "approver")
    definition = asking()
    if end == "timeout":
        definition["States"]["Ask"]["TimeoutSeconds"] = 1
    execution, approval = await begin(bench, definition)
    if end == "stop":
        await stop_execution(ANYBODY, (await bench.row(execution)).arn)
    await bench.until(execution)
    error = await refused(decide, tanaka, approval.public_id, "APPROVED")
    assert error.code == "ApprovalClosed"
    assert error.members["reason"] == reason
    assert reason in error.message
    await in_thread(approval.refresh_from_db)
    assert approval.status == "CLOSED"


async def test_a_decision_that_the_time_limit_overtakes_is_none(bench: Bench, monkeypatch) -> None:
    """The engine commits the time-out after the decision, of which it did not know yet."""
    tanaka = await in_thread(person, "tanaka", "approver")
    _, approval = await begin(bench, asking())

    async def give_up(execution: int) -> None:
        await in_thread(TaskToken.objects.filter(execution_id=execution).update, status="TIMED_OUT")

    monkeypatch.setattr(bench.engine, "wake", give_up)
    with pytest.raises(ActionError) as caught:
        await decided(tanaka, approval.public_id, "APPROVED")
    assert caught.value.code == "ApprovalClosed"
    assert "came too late. The task timed out." in caught.value.message
    await in_thread(approval.refresh_from_db)
    assert (approval.status, approval.decided_by_id) == ("CLOSED", None)


async def test_closed_when_a_sibling_failed(bench: Bench) -> None:
    branches = [asking(), states("W", W={"Type": "Wait", "Seconds": 1, "Next": "F"}, F={"Type": "Fail", "Error": "E"})]
    execution = await bench.begin(states("Both", Both={"Type": "Parallel", "Branches": branches}))
    await bench.until(execution)
    approval = await in_thread(Approval.objects.get)
    assert (approval.status, approval.closed_reason) == ("CLOSED", "Another branch of the workflow failed.")


@pytest.mark.parametrize(("decision", "comment", "form_data", "code"), [
    ("MAYBE", "", {}, "InvalidDecision"),
    ("APPROVED", "", {"amount": 0}, "InvalidForm"),
    ("APPROVED", "", {}, "InvalidForm"),
    ("REJECTED", "", {"amount": "much"}, "InvalidForm"),
    ("APPROVED", "", [1], "InvalidForm"),
    ("APPROVED", "x" * 10_001, {"amount": 1}, "InvalidForm"),
    ("APPROVED", "", {"amount": 1, "more": "x" * 300_000}, "InvalidForm"),
])
async def test_what_is_refused_changes_nothing(bench: Bench, decision, comment, form_data, code) -> None:
    tanaka = await in_thread(person, "tanaka", "approver")
    execution, approval = await begin(bench, asking(form=FORM))
    assert (await refused(decide, tanaka, approval.public_id, decision, comment, form_data)).code == code
    await in_thread(approval.refresh_from_db)
    assert approval.status == "WAITING"
    assert (await bench.row(execution)).status == "RUNNING"
    assert not await in_thread(Signal.objects.exists)


async def test_who_may_decide(bench: Bench) -> None:
    names = {"named": ("approver",), "grouped": ("approver", "board"), "other": ("approver",), "watcher": ("viewer",),
             "boss": ("administrator",), "powerless": ("board",)}
    people = {name: await in_thread(person, name, *groups) for name, groups in names.items()}
    _, closed = await begin(bench, asking(approvers={"users": ["named"], "groups": ["board"]}))
    _, anybody = await begin(bench, asking())

    def may(approval: Approval) -> set[str]:
        fresh = Approval.objects.select_related("token").get(pk=approval.pk)
        return {name for name, actor in people.items() if queries.may_decide(actor, fresh)}

    assert await in_thread(may, closed) == {"named", "grouped"}
    assert await in_thread(may, anybody) == {"named", "grouped", "other", "boss"}
    for name in ("other", "watcher", "boss", "powerless"):
        assert (await refused(decide, people[name], closed.public_id, "APPROVED")).code == "AccessDeniedException"
    assert (await refused(decide, people["named"], "no-such-id", "APPROVED")).code == "ApprovalDoesNotExist"


async def test_the_inbox(bench: Bench) -> None:
    names = {"named": ("approver",), "grouped": ("approver", "board"), "other": ("approver",), "watcher": ("viewer",)}
    people = {name: await in_thread(person, name, *groups) for name, groups in names.items()}
    _, both = await begin(bench, asking(approvers={"users": ["named", "grouped"], "groups": ["board"]}))
    _, anybody = await begin(bench, asking())
    execution, done = await begin(bench, asking())
    await decided(people["other"], done.public_id, "APPROVED")
    await bench.until(execution)

    def shown(query: Any, name: str) -> list[str]:
        return [approval.public_id for approval in query(people[name])]

    def look() -> None:
        assert shown(queries.inbox, "named") == [anybody.public_id, both.public_id]
        assert shown(queries.inbox, "other") == [anybody.public_id]
        assert shown(queries.inbox, "watcher") == []
        assert shown(queries.named, "named") == [both.public_id]
        assert shown(queries.by_group, "grouped") == [both.public_id]
        assert shown(queries.by_group, "named") == []
        assert shown(queries.decided, "other") == [done.public_id]
        assert shown(queries.ended, "watcher") == [done.public_id]
        counts = queries.counts(people["grouped"])
        assert (counts.named, counts.groups, counts.anybody, counts.waiting, counts.decided) == (1, 1, 1, 2, 0)
        assert queries.counts(people["watcher"]).waiting == 0
        assert queries.find(people["other"], done.public_id) == done
        with pytest.raises(ActionError, match="ApprovalDoesNotExist"):
            queries.find(people["other"], both.public_id)

    await in_thread(look)


@pytest.mark.parametrize(("data", "found"), [
    ({"amount": 1}, {}),
    ({}, {"amount": "This field is required."}),
    ({"amount": "1"}, {"amount": "Must be a number."}),
    ({"amount": 0}, {"amount": "Must be 1 or more."}),
    ({"amount": 1, "note": ""}, {"note": "This field is required."}),
    ({"amount": 1, "note": 5}, {"note": "Must be text."}),
    (7, {"": "Must be a group of fields."}),
])
def test_messages_belong_to_fields(data: Any, found: dict[str, str]) -> None:
    assert problems(FORM, data) == found


def test_messages_in_japanese() -> None:
    with translation.override("ja"):
        assert problems(FORM, {"amount": "1"}) == {"amount": "数値を入力してください。"}


def test_places_deeper_in_the_form() -> None:
    form = check_form({"type": "object", "properties": {"items": {"type": "array", "items": {
        "type": "object", "required": ["name"], "properties": {"size": {"enum": ["S", "M"]}}}}}})
    assert problems(form, {"items": [{"name": "a", "size": "M"}, {"size": "XL"}]}) == {
        "items.1.name": "This field is required.", "items.1.size": "Must be one of: S, M."}


def test_a_form_too_deep_is_refused() -> None:
    form: dict[str, Any] = {}
    for _ in range(50):
        form = {"type": "object", "properties": {"x": form}}
    with pytest.raises(FormError, match="deeper"):
        check_form(form)


def test_approvers_may_do_nothing_else() -> None:
    assert {str(permission) for permission in ROLES["approver"]} == {"approve"}


async def test_who_has_the_token_cannot_decide(bench: Bench) -> None:
    """A workflow may show the token of its approval; to answer it takes a person to whom it is addressed."""
    execution, approval = await begin(bench, asking(data={"token.$": "$$.Task.Token"}))
    assert approval.data == {"token": approval.token_id}
    for answer in (send_task_success(ANYBODY, approval.token_id, "{}"), send_task_failure(ANYBODY, approval.token_id),
                   send_task_heartbeat(ANYBODY, approval.token_id)):
        with pytest.raises(ActionError) as caught:
            await answer
        assert caught.value.code == "AccessDeniedException"
    await decided(await in_thread(person, "ken", "approver"), approval.public_id, "APPROVED")
    await bench.until(execution, "SUCCEEDED")
