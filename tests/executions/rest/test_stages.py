"""The stages of a visit's data, worked out again from the history."""

from __future__ import annotations

import json
from typing import Any

from executions.engine.signals import Refused, Replied
from executions.integrations.kinds import Send, TaskRequest
from executions.store import in_thread
from tests.executions.making import machine, new_execution, states
from tests.executions.rest.conftest import Api, Bench
from tests.executions.worker.conftest import FUNCTION


async def run(bench: Bench, definition: dict[str, Any], input: Any) -> int:
    row = await in_thread(machine, definition)
    return (await bench.until((await bench.engine.start(new_execution(row, input))).id)).pk


async def stages(api: Api, execution: int, visit: int) -> dict[str, Any]:
    status, answer = await api.get(f"executions/{execution}/visits/{visit}/stages/")
    assert status == 200, answer
    return dict(answer)


async def test_a_task_of_jsonpath(bench: Bench, api: Api) -> None:
    async def work(request: TaskRequest, send: Send) -> None:
        send(Replied(request.task.ask, {"ok": True, "noise": 1}))

    bench.integration.work = work
    id = await run(bench, states("T", T={
        "Type": "Task", "Resource": FUNCTION, "InputPath": "$.order",
        "Parameters": {"id.$": "$.id", "who.$": "$$.Execution.Name"},
        "ResultSelector": {"fine.$": "$.ok"}, "ResultPath": "$.done", "OutputPath": "$.done"}), {"order": {"id": 7}})
    calls = len(bench.integration.requests)
    answer = await stages(api, id, 2)
    assert len(bench.integration.requests) == calls, "a function was called again"
    name = (await bench.row(id)).name
    found = {stage: json.loads(text) for stage, text in answer["stages"].items()}
    assert found == {
        "input": {"order": {"id": 7}}, "afterInputPath": {"id": 7}, "afterParameters": {"id": 7, "who": name},
        "result": {"ok": True, "noise": 1}, "afterResultSelector": {"fine": True},
        "afterResultPath": {"order": {"id": 7}, "done": {"fine": True}}}
    assert (answer["output"], answer["whole"]) == ('{"fine":true}', True)


async def test_variables_and_jsonata(bench: Bench, api: Api) -> None:
    id = await run(bench, {**states(
        "A", A={"Type": "Pass", "Assign": {"rate": 3}, "Next": "B"},
        B={"Type": "Pass", "Output": "{% $states.input.n * $rate %}"}), "QueryLanguage": "JSONata"}, {"n": 4})
    answer = await stages(api, id, 4)
    assert (answer["variables"], answer["output"]) == ({"rate": 3}, "12")


async def test_of_a_map_the_stages_before_the_result(bench: Bench, api: Api) -> None:
    id = await run(bench, states("M", M={
        "Type": "Map", "ItemsPath": "$.items", "ItemProcessor": states("P", P={"Type": "Pass"})}), {"items": [1, 2]})
    answer = await stages(api, id, 2)
    assert json.loads(answer["stages"]["afterItemsPath"]) == [1, 2]
    assert (answer["whole"], answer["output"]) == (False, "[1,2]")


async def test_a_wait_is_not_waited_for_again(bench: Bench, api: Api) -> None:
    id = await run(bench, states("W", W={"Type": "Wait", "Seconds": 0}), {"n": 1})
    assert await stages(api, id, 2) == {"stages": {}, "output": '{"n": 1}', "whole": True, "variables": {}}


async def test_the_result_of_a_redrive(bench: Bench, api: Api) -> None:
    async def fail(request: TaskRequest, send: Send) -> None:
        send(Refused(request.task.ask, "Boom", None))

    bench.integration.work = fail
    id = await run(bench, states("T", T={"Type": "Task", "Resource": FUNCTION, "ResultPath": "$.r"}), {"n": 1})
    assert not (await stages(api, id, 2))["whole"]
    bench.integration.work = None
    await api.post(f"executions/{id}/redrive/")
    await bench.until(id, "SUCCEEDED")
    answer = await stages(api, id, 2)
    assert (answer["whole"], json.loads(answer["output"])) == (True, {"n": 1, "r": {"n": 1}})
    assert json.loads(answer["stages"]["result"]) == {"n": 1}


async def test_what_enters_no_state(bench: Bench, api: Api) -> None:
    id = await run(bench, states("P", P={"Type": "Pass"}), 1)
    for visit in (1, 3, 99, 10**25):
        status, answer = await api.get(f"executions/{id}/visits/{visit}/stages/")
        assert (status, answer["code"]) == (404, "EventDoesNotExist")
