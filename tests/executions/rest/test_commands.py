"""Starting, stopping and answering tasks over REST."""

from __future__ import annotations

from typing import Any

import pytest

from executions.integrations.kinds import Send, TaskRequest
from executions.models import TaskToken
from executions.store import in_thread
from tests.executions.live.conftest import person
from tests.executions.making import activity, machine, new_execution, states
from tests.executions.rest.conftest import Api, Bench

WAIT = states("W", W={"Type": "Wait", "Seconds": 3600})
PASS = states("P", P={"Type": "Pass"})


async def begin(bench: Bench, definition: dict[str, Any] = WAIT) -> int:
    return (await bench.engine.start(new_execution(await in_thread(machine, definition)))).id


async def test_start_takes_json(bench: Bench, api: Api) -> None:
    row = await in_thread(machine, PASS, "注文処理")
    status, answer = await api.post("machines/注文処理/executions/", {"name": "first", "input": {"a": [1, "あ"]}})
    assert status == 201
    execution = await bench.until(int(answer["id"]))
    assert (execution.name, execution.input, execution.machine_id) == ("first", '{"a":[1,"あ"]}', row.pk)
    assert (answer["arn"], answer["existed"]) == (execution.arn, False)
    assert execution.started_by_id is not None


async def test_start_keeps_the_text_as_it_was_typed(bench: Bench, api: Api) -> None:
    await in_thread(machine, PASS, "m")
    _, answer = await api.post("machines/m/executions/", {"input_text": '{ "n": 1.50 }'})
    assert (await bench.until(int(answer["id"]))).input == '{ "n": 1.50 }'


async def test_start_needs_no_input(bench: Bench, api: Api) -> None:
    await in_thread(machine, PASS, "m")
    _, answer = await api.post("machines/m/executions/")
    assert (await bench.until(int(answer["id"]))).input == "{}"


@pytest.mark.parametrize(("body", "code"), [
    ({"input_text": "{broken"}, "InvalidExecutionInput"),
    ({"input_text": '"' + "x" * 262_145 + '"'}, "InvalidExecutionInput"),
    ({"input": 1, "input_text": "1"}, "ValidationException"),
    ({"name": "no spaces"}, "InvalidName"),
    ({"name": "x" * 81}, "ValidationException"),
])
async def test_start_refuses_what_it_cannot_take(bench: Bench, api: Api, body: dict[str, Any], code: str) -> None:
    await in_thread(machine, PASS, "m")
    status, answer = await api.post("machines/m/executions/", body)
    assert (status, answer["code"]) == (400, code)
    assert (await api.get("executions/"))[1]["executions"] == []


async def test_start_of_an_unknown_machine(api: Api) -> None:
    status, answer = await api.post("machines/none/executions/")
    assert (status, answer["code"]) == (404, "StateMachineDoesNotExist")


async def test_the_same_name_and_input_is_the_same_execution(bench: Bench, api: Api) -> None:
    await in_thread(machine, WAIT, "m")
    first = await api.post("machines/m/executions/", {"name": "one"})
    again = await api.post("machines/m/executions/", {"name": "one"})
    other = await api.post("machines/m/executions/", {"name": "one", "input": 2})
    assert (first[0], again[0], other[0]) == (201, 200, 409)
    assert (again[1]["id"], again[1]["existed"]) == (first[1]["id"], True)


async def test_stop_with_a_cause(bench: Bench, api: Api) -> None:
    id = await begin(bench)
    assert await api.post(f"executions/{id}/stop/", {"cause": "no longer wanted", "error": ""}) == (204, None)
    row = await bench.row(id)
    assert (row.status, row.error, row.cause) == ("ABORTED", None, "no longer wanted")


async def test_stop_of_an_unknown_execution(api: Api) -> None:
    assert (await api.post("executions/99/stop/"))[0] == 404
    assert (await api.post(f"executions/{2**63}/stop/"))[0] == 404


async def open_task(bench: Bench) -> tuple[int, TaskToken]:
    resource = await in_thread(activity)
    id = await begin(bench, states("T", T={"Type": "Task", "Resource": resource}))
    await bench.until_event(id, "ActivityScheduled")
    return id, await in_thread(TaskToken.objects.get, execution_id=id)


async def test_a_task_is_completed(bench: Bench, api: Api) -> None:
    id, token = await open_task(bench)
    assert await api.post(f"executions/{id}/tasks/{token.ask}/success/", {"output": '{"by": "hand"}'}) == (204, None)
    assert (await bench.until(id)).output == '{"by":"hand"}'


async def test_a_task_is_failed(bench: Bench, api: Api) -> None:
    id, token = await open_task(bench)
    await api.post(f"executions/{id}/tasks/{token.ask}/failure/", {"error": "Refused", "cause": "by hand"})
    row = await bench.until(id)
    assert (row.status, row.error, row.cause) == ("FAILED", "Refused", "by hand")


async def test_a_task_is_answered_once(bench: Bench, api: Api) -> None:
    id, token = await open_task(bench)
    path = f"executions/{id}/tasks/{token.ask}"
    await api.post(f"{path}/success/", {"output": "1"})
    await bench.until(id)
    status, answer = await api.post(f"{path}/failure/")
    assert (status, answer["code"]) == (409, "TaskTimedOut")


async def test_output_that_is_no_json_leaves_the_task_open(bench: Bench, api: Api) -> None:
    id, token = await open_task(bench)
    status, answer = await api.post(f"executions/{id}/tasks/{token.ask}/success/", {"output": "{broken"})
    assert (status, answer["code"]) == (400, "InvalidOutput")
    assert (await bench.row(id)).status == "RUNNING"


async def test_an_approval_is_not_answered_here(bench: Bench, api: Api) -> None:
    id, token = await open_task(bench)
    await in_thread(TaskToken.objects.filter(pk=token.pk).update, kind="approval")
    status, answer = await api.post(f"executions/{id}/tasks/{token.ask}/success/", {"output": "1"})
    assert (status, answer["code"]) == (404, "TaskDoesNotExist")


@pytest.mark.parametrize(("role", "may_start", "may_read"), [
    ("viewer", False, True), ("operator", True, True), ("approver", False, False), ("designer", True, True),
    ("administrator", True, True),
])
async def test_each_role(bench: Bench, role: str, may_start: bool, may_read: bool) -> None:
    await in_thread(machine, WAIT, "m")
    id, token = await open_task(bench)
    api = Api(await in_thread(person, role))
    statuses = [
        (await api.post("machines/m/executions/"))[0],
        (await api.post(f"executions/{id}/tasks/{token.ask}/success/", {"output": "1"}))[0],
        (await api.post(f"executions/{await begin(bench)}/stop/"))[0],
    ]
    assert statuses == ([201, 204, 204] if may_start else [403] * 3)
    reads = [f"executions/{id}/{path}" for path in ("", "events/", "events/1/", "states/T/")]
    for path in ("executions/", "machines/m/inputs/", *reads):
        assert (await api.get(path))[0] == (200 if may_read else 403), path


async def test_nobody_may_do_anything(bench: Bench) -> None:
    await in_thread(machine, WAIT, "m")
    api = Api(None)
    assert (await api.get("executions/"))[0] in (401, 403)
    assert (await api.post("machines/m/executions/"))[0] in (401, 403)


async def test_a_failing_answer_is_told_to_the_one_who_gave_it(bench: Bench, api: Api) -> None:
    async def nothing(request: TaskRequest, send: Send) -> None:
        return None

    bench.integration.work = nothing
    id, token = await open_task(bench)
    await api.post(f"executions/{id}/stop/")
    status, answer = await api.post(f"executions/{id}/tasks/{token.ask}/success/", {"output": "1"})
    assert (status, answer["code"]) == (409, "TaskTimedOut")
