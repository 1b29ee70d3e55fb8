"""Reading executions over REST: the list, one, its history and states."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from executions import store
from executions.engine.signals import Began, Refused, Replied
from executions.integrations.kinds import Send, TaskRequest
from executions.models import Approval, Function, Invocation, TaskToken
from executions.store import in_thread
from tests.executions.making import activity, machine, new_execution, states
from tests.executions.rest.conftest import Api, Bench
from tests.executions.worker.conftest import FUNCTION

WAIT = states("W", W={"Type": "Wait", "Seconds": 3600})
PASS = states("P", P={"Type": "Pass"})
FAIL = states("F", F={"Type": "Fail", "Error": "Broken", "Cause": "as planned"})
RETRIED = states(
    "T", T={"Type": "Task", "Resource": FUNCTION, "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 1}]})


async def begin(bench: Bench, definition: dict[str, Any] = WAIT, input: Any = None, name: str = "") -> int:
    row = await in_thread(machine, definition)
    return (await bench.engine.start(new_execution(row, input, name))).id


# -- the list


async def names(api: Api, **query: Any) -> list[str]:
    status, answer = await api.get("executions/", **query)
    assert status == 200, answer
    return [row["name"] for row in answer["executions"]]


async def test_newest_first_in_pages(bench: Bench, api: Api) -> None:
    for number in range(5):
        await begin(bench, name=f"run-{number}")
    pages: list[list[str]] = []
    cursor: str | None = ""
    while cursor is not None:
        _, answer = await api.get("executions/", limit=2, **({"cursor": cursor} if cursor else {}))
        pages.append([row["name"] for row in answer["executions"]])
        cursor = answer["next"]
    assert pages == [["run-4", "run-3"], ["run-2", "run-1"], ["run-0"]]


async def test_a_row(bench: Bench, api: Api) -> None:
    id = await begin(bench, FAIL, name="one")
    row = await bench.until(id)
    _, answer = await api.get("executions/")
    (shown,) = answer["executions"]
    assert (shown["id"], shown["status"], shown["error"]) == (str(id), "FAILED", "Broken")
    assert shown["machine"] == {"name": shown["arn"].split(":")[6], "arn": (await in_thread(lambda: row.machine.arn))}
    assert shown["duration_ms"] == (row.stopped_at or 0) - row.started_at
    assert datetime.fromisoformat(shown["started_at"]).timestamp() * 1000 == row.started_at


async def test_filters(bench: Bench, api: Api) -> None:
    failed, done = await begin(bench, FAIL, name="apple"), await begin(bench, PASS, name="pear")
    running = await begin(bench, name="plum")
    for id in (failed, done):
        await bench.until(id)
    arn = (await bench.row(running)).arn
    assert await names(api, status="FAILED") == ["apple"]
    assert await names(api, status="RUNNING,SUCCEEDED") == ["plum", "pear"]
    assert await names(api, q="PL") == ["plum", "apple"]
    assert await names(api, q="broken") == ["apple"]
    assert await names(api, q=str(done)) == ["pear"]
    assert await names(api, q=arn) == ["plum"]
    assert await names(api, q="9" * 25) == []
    assert await names(api, machine=arn.split(":")[6]) == ["plum"]
    assert await names(api, since=(datetime.now(UTC) + timedelta(hours=1)).isoformat()) == []
    assert await names(api, until=(datetime.now(UTC) + timedelta(hours=1)).isoformat(), status="FAILED") == ["apple"]


async def test_those_that_wait_for_a_person(bench: Bench, api: Api) -> None:
    await begin(bench, name="other")
    id = await begin(bench, states("A", A={"Type": "Task", "Resource": await in_thread(activity)}), name="asked")
    await bench.until_event(id, "ActivityScheduled")
    assert await names(api, status="WAITING") == []
    await in_thread(TaskToken.objects.filter(execution_id=id).update, kind="approval")
    assert await names(api, status="WAITING") == ["asked"]
    _, answer = await api.get("executions/", counts="true")
    assert [row["waiting"] for row in answer["executions"]] == [1, 0]
    assert (answer["counts"]["RUNNING"], answer["counts"]["WAITING"], answer["counts"]["FAILED"]) == (2, 1, 0)


@pytest.mark.parametrize("query", [
    {"status": "BROKEN"}, {"cursor": "x"}, {"limit": "0"}, {"limit": "many"}, {"since": "yesterday"},
])
async def test_a_query_that_cannot_be_read(api: Api, query: dict[str, str]) -> None:
    status, answer = await api.get("executions/", **query)
    assert (status, answer["code"]) == (400, "ValidationException")


# -- one execution


async def test_one_execution(bench: Bench, api: Api) -> None:
    id = await begin(bench, FAIL, {"n": 2**60})
    await bench.until(id)
    _, answer = await api.get(f"executions/{id}/")
    assert (answer["id"], answer["cause"], answer["input"]) == (str(id), "as planned", json.dumps({"n": 2**60}))
    assert json.loads(answer["definition"]) == FAIL
    assert "F" in [node["id"] for node in answer["drawing"]["nodes"]]
    assert answer["may"] == {"stop": False, "redrive": True, "start": True, "approve": False}
    assert answer["last_event"] == await in_thread(store.last_event, id)


async def test_parent_and_children(bench: Bench, api: Api) -> None:
    parent, child = await begin(bench, name="above"), await begin(bench, name="below")
    row = await bench.row(child)
    row.parent_id = parent
    await in_thread(row.save)
    assert [each["name"] for each in (await api.get(f"executions/{parent}/"))[1]["children"]] == ["below"]
    assert (await api.get(f"executions/{child}/"))[1]["parent"]["id"] == str(parent)


@pytest.mark.parametrize("path", ["", "events/", "events/1/", "states/W/"])
async def test_an_execution_that_does_not_exist(api: Api, path: str) -> None:
    for id in (99, 2**63, 10**30):
        status, answer = await api.get(f"executions/{id}/{path}")
        assert (status, answer["code"]) == (404, "ExecutionDoesNotExist")


# -- its history


async def test_the_history_in_pages(bench: Bench, api: Api) -> None:
    id = await begin(bench, PASS)
    await bench.until(id)
    _, first = await api.get(f"executions/{id}/events/", limit=3)
    _, rest = await api.get(f"executions/{id}/events/", limit=3, after=first["last"])
    assert ([event["id"] for event in first["events"]], first["more"]) == ([1, 2, 3], True)
    assert ([event["id"] for event in rest["events"]], rest["more"], rest["status"]) == ([4], False, "SUCCEEDED")


async def test_events_of_some_types(bench: Bench, api: Api) -> None:
    id = await begin(bench, PASS)
    await bench.until(id)
    _, answer = await api.get(f"executions/{id}/events/", type="PassStateExited,ExecutionSucceeded")
    assert [event["type"] for event in answer["events"]] == ["PassStateExited", "ExecutionSucceeded"]


async def test_text_is_found_in_the_whole_of_the_data(bench: Bench, api: Api) -> None:
    id = await begin(bench, PASS, {"note": "x" * 5_000 + " Zürich"})
    await bench.until(id)
    _, answer = await api.get(f"executions/{id}/events/search/", text="zÜRICH")
    assert answer == {"ids": [1, 2, 3, 4]}
    assert (await api.get(f"executions/{id}/events/search/", text="stateexited"))[1] == {"ids": [3]}
    assert (await api.get(f"executions/{id}/events/search/", text="nowhere"))[1] == {"ids": []}
    assert (await api.get(f"executions/{id}/events/search/"))[0] == 400


async def test_long_texts_are_cut_unless_asked_for(bench: Bench, api: Api) -> None:
    id = await begin(bench, input="x" * 5000)
    _, cut = await api.get(f"executions/{id}/events/")
    _, whole = await api.get(f"executions/{id}/events/", whole="true")
    _, one = await api.get(f"executions/{id}/events/1/")
    assert cut["events"][0]["previews"] == {"input": 5002}
    assert whole["events"][0] == one
    assert one["executionStartedEventDetails"]["input"] == json.dumps("x" * 5000)


@pytest.mark.parametrize("event", [0, 3, 10**30])
async def test_an_event_that_does_not_exist(bench: Bench, api: Api, event: int) -> None:
    status, answer = await api.get(f"executions/{await begin(bench)}/events/{event}/")
    assert (status, answer["code"]) == (404, "EventDoesNotExist")


# -- its states


async def test_a_state_with_its_tries_and_logs(bench: Bench, api: Api) -> None:
    async def work(request: TaskRequest, send: Send) -> None:
        send(Began(request.task.ask))
        if len(bench.integration.requests) == 1:
            send(Refused(request.task.ask, "Busy", "come again"))
        else:
            send(Replied(request.task.ask, "done"))

    bench.integration.work = work
    id = await begin(bench, RETRIED, {"a": 1})
    row = await bench.until(id)
    await in_thread(called, id, [request.task.ask for request in bench.integration.requests])
    _, answer = await api.get(f"executions/{id}/states/T/")
    (visit,) = answer["visits"]
    assert (visit["status"], visit["input"], visit["output"]) == ("SUCCEEDED", '{"a": 1}', '"done"')
    assert [(each["status"], each["error"], each["cause"]) for each in visit["tries"]] == [
        ("FAILED", "Busy", "come again"), ("SUCCEEDED", None, None)]
    assert [[call["log"] for call in each["logs"]] for each in visit["tries"]] == [["try 0"], ["try 1"]]
    assert row.status == "SUCCEEDED"


@pytest.mark.parametrize("name", ["a/b", "/", "注文?#%20", "</script>"])
async def test_a_state_may_have_any_name(name: str, bench: Bench, api: Api) -> None:
    id = await begin(bench, states(name, **{name: {"Type": "Pass"}}))
    await bench.until(id)
    status, answer = await api.get(f"executions/{id}/states/{quote(name, safe='')}/")
    assert (status, answer["name"], answer["visits_total"]) == (200, name, 1)


def called(execution: int, asks: list[int]) -> None:
    """An invocation for each ask, at the time its try was scheduled."""
    moment = datetime.now(UTC)
    function = Function.objects.create(
        account="0" * 12, region="us-east-1", name="f", code=b"", sha256="", created_at=moment, updated_at=moment)
    scheduled = [event for event in store.events(execution) if event["type"] == "LambdaFunctionScheduled"]
    for number, (ask, event) in enumerate(zip(asks, scheduled, strict=True)):
        Invocation.objects.create(
            request_id=f"r{number}", function=function, execution_id=execution, ask=ask,
            started_at=int(event["timestamp"] * 1000), duration_ms=1, cold=False, log=f"try {number}")


async def test_a_caught_error(bench: Bench, api: Api) -> None:
    async def work(request: TaskRequest, send: Send) -> None:
        send(Refused(request.task.ask, "Lost", None))

    bench.integration.work = work
    task = {"Type": "Task", "Resource": FUNCTION, "Next": "P", "Catch": [{"ErrorEquals": ["Lost"], "Next": "P"}]}
    id = await begin(bench, states("T", T=task, P={"Type": "Pass"}))
    await bench.until(id)
    (visit,) = (await api.get(f"executions/{id}/states/T/"))[1]["visits"]
    assert (visit["status"], visit["error"]) == ("CAUGHT", "Lost")


async def test_an_open_task_without_its_token(bench: Bench, api: Api) -> None:
    id = await begin(bench, states("A", A={"Type": "Task", "Resource": await in_thread(activity)}))
    await bench.until_event(id, "ActivityScheduled")
    _, answer = await api.get(f"executions/{id}/states/A/")
    token = await in_thread(TaskToken.objects.get, execution_id=id)
    task = answer["visits"][0]["tries"][0]["task"]
    assert (task["ask"], task["kind"], task["status"], task["may_answer"]) == (token.ask, "activity", "OPEN", True)
    assert token.token not in json.dumps(answer)


async def test_an_open_approval_is_linked_to(bench: Bench, api: Api) -> None:
    id = await begin(bench, states("A", A={"Type": "Task", "Resource": await in_thread(activity)}))
    await bench.until_event(id, "ActivityScheduled")
    token = await in_thread(TaskToken.objects.get, execution_id=id)
    await in_thread(Approval.objects.create, token=token, public_id="abc", title="Really?")
    await in_thread(TaskToken.objects.filter(pk=token.pk).update, kind="approval")
    task = (await api.get(f"executions/{id}/states/A/"))[1]["visits"][0]["tries"][0]["task"]
    assert (task["approval"]["url"], task["approval"]["title"], task["may_answer"]) == (
        "/approvals/abc/", "Really?", False)


async def test_visits_in_pages_and_one_by_one(bench: Bench, api: Api) -> None:
    each = {"Type": "Map", "ItemProcessor": states("P", P={"Type": "Pass"})}
    id = await begin(bench, states("M", M=each), [{"n": number} for number in range(5)])
    await bench.until(id)
    _, first = await api.get(f"executions/{id}/states/P/", limit=3)
    _, rest = await api.get(f"executions/{id}/states/P/", limit=3, after=first["next_after"])
    assert (first["visits_total"], rest["next_after"]) == (5, None)
    inputs = [json.loads(visit["input"])["n"] for visit in first["visits"] + rest["visits"]]
    assert sorted(inputs) == [0, 1, 2, 3, 4]
    chosen = rest["visits"][1]
    _, one = await api.get(f"executions/{id}/states/P/", visit=chosen["id"])
    assert one["visits"] == [chosen]


async def test_a_state_that_was_not_reached(bench: Bench, api: Api) -> None:
    _, answer = await api.get(f"executions/{await begin(bench)}/states/Nowhere/")
    assert (answer["visits_total"], answer["visits"]) == (0, [])


# -- recent inputs


async def test_recent_inputs_are_named_once(bench: Bench, api: Api) -> None:
    row = await in_thread(machine, PASS, "m")
    for input in (1, 2, 1, 3):
        await bench.engine.start(new_execution(row, input))
    _, answer = await api.get("machines/m/inputs/")
    assert [each["input"] for each in answer["inputs"]] == ["3", "1", "2"]
