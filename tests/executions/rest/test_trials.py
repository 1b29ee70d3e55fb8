"""Testing one state over REST."""

from __future__ import annotations

import json
from typing import Any

import pytest

from executions.store import in_thread
from tests.executions.live.conftest import person
from tests.executions.making import states
from tests.executions.rest.conftest import Api, Bench

TASK = {
    "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f",
    "Parameters": {"id.$": "$.order.id"},
    "ResultSelector": {"code.$": "$.c"}, "ResultPath": "$.paid", "OutputPath": "$.paid", "Next": "Done",
    "Retry": [{"ErrorEquals": ["Busy"]}], "Catch": [{"ErrorEquals": ["Lost"], "Next": "Done"}],
}
INPUT = '{"order": {"id": 7}}'
MACHINE = json.dumps(states("T", T=TASK, Done={"Type": "Succeed"}))


@pytest.fixture
async def api(bench: Bench) -> Api:
    """As a designer."""
    return Api(await in_thread(person, "designer"))


async def ask(api: Api, **more: Any) -> dict[str, Any]:
    status, answer = await api.post("test-state/", {"definition": MACHINE, "state": "T", "input": INPUT, **more})
    assert status == 200, answer
    found: dict[str, Any] = answer
    return found


async def test_every_stage_of_a_mocked_task(bench: Bench, api: Api) -> None:
    answer = await ask(api, mock={"result": '{"c": 3, "d": 4}'})
    assert (answer["status"], json.loads(answer["output"]), answer["next"]) == ("SUCCEEDED", {"code": 3}, "Done")
    stages = {name: json.loads(text) for name, text in answer["stages"].items()}
    assert stages["afterParameters"] == {"id": 7}
    assert stages["result"] == {"c": 3, "d": 4}
    assert stages["afterResultSelector"] == {"code": 3}
    assert stages["afterResultPath"] == {"order": {"id": 7}, "paid": {"code": 3}}


async def test_mocked_errors_are_tried_again_and_caught(bench: Bench, api: Api) -> None:
    busy = await ask(api, mock={"errorOutput": {"error": "Busy", "cause": "c"}})
    assert (busy["status"], busy["error"], busy["cause"]) == ("RETRIABLE", "Busy", "c")
    lost = await ask(api, mock={"errorOutput": {"error": "Lost"}})
    assert (lost["status"], lost["next"]) == ("CAUGHT_ERROR", "Done")
    other = await ask(api, mock={"errorOutput": {"error": "Other"}})
    assert (other["status"], other["next"]) == ("FAILED", None)


async def test_states_that_call_nothing_need_no_mock(bench: Bench, api: Api) -> None:
    choice = states("C", C={"Type": "Choice", "Choices": [{"Variable": "$.a", "NumericGreaterThan": 1, "Next": "Big"}],
                            "Default": "Small"}, Big={"Type": "Succeed"}, Small={"Type": "Fail", "Error": "E"})
    _, answer = await api.post("test-state/", {"definition": json.dumps(choice), "state": "C", "input": '{"a": 2}'})
    assert (answer["status"], answer["next"]) == ("SUCCEEDED", "Big")


async def test_variables_go_in_and_come_out(bench: Bench, api: Api) -> None:
    machine = states("P", P={"Type": "Pass", "Assign": {"total": "{% $n + 1 %}"}, "Output": "{% $n %}"})
    machine["QueryLanguage"] = "JSONata"
    asked = {"definition": json.dumps(machine), "state": "P", "variables": '{"n": 4}'}
    _, answer = await api.post("test-state/", asked)
    assert (answer["output"], json.loads(answer["variables"])) == ("4", {"n": 4, "total": 5})


async def test_what_cannot_be_tested_is_told(bench: Bench, api: Api) -> None:
    asked = {"definition": MACHINE, "state": "T", "mock": {"result": "{}"}}
    for more in ({"definition": "{"}, {"state": "none"}, {"input": "{"}, {"mock": {"result": "{"}},
                 {"mock": {"result": 1}}, {"mock": {"errorOutput": "E"}}):
        status, answer = await api.post("test-state/", {**asked, **more})
        assert (status, bool(answer["message"])) == (400, True), more


async def test_only_those_who_may_design_test(bench: Bench) -> None:
    operator = Api(await in_thread(person, "operator"))
    status, _ = await operator.post("test-state/", {"definition": MACHINE, "state": "T"})
    assert status == 403
