"""TestState beyond the recordings: real tasks, waits, variables, what is refused, and that nothing is left behind."""

from __future__ import annotations

import asyncio
import json

import pytest

from designer.errors import ActionError
from executions.api.door import MODEL
from executions.api.operations import OPERATIONS
from executions.engine.signals import Began, Replied
from executions.integrations.kinds import TaskError
from executions.models import Execution
from executions.store import in_thread
from tests.executions.making import NOBODY, OPERATOR, ROLE
from tests.executions.worker.conftest import FUNCTION, bench

__all__ = ["bench"]
pytestmark = pytest.mark.django_db(transaction=True)

TASK = {"Type": "Task", "Resource": FUNCTION, "End": True}
RETRY = [{"ErrorEquals": ["Boom"], "IntervalSeconds": 3, "BackoffRate": 2, "MaxAttempts": 2}]
CATCH = [{"ErrorEquals": ["Other"], "Next": "X"}, {"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "Y"}]


async def ask(actor=OPERATOR, **request):
    request["definition"] = json.dumps(request["definition"])
    for name in ("input", "variables", "context"):
        if name in request:
            request[name] = json.dumps(request[name])
    return await OPERATIONS["TestState"].call(actor, MODEL.validate("TestState", request))


async def refused(**request):
    with pytest.raises(ActionError) as error:
        await ask(**request)
    return error.value.code, error.value.message


async def test_a_task_is_really_run_and_leaves_no_execution(bench):
    answer = await ask(definition=TASK | {"Parameters": {"n.$": "$.a"}, "ResultPath": "$.r"}, input={"a": 1},
                       roleArn=ROLE, inspectionLevel="DEBUG")
    assert [request.task.payload for request in bench.integration.requests] == [{"n": 1}]
    assert answer == {"status": "SUCCEEDED", "output": '{"a":1,"r":{"n":1}}', "inspectionData": {
        "input": '{"a": 1}', "afterInputPath": '{"a": 1}', "afterParameters": '{"n":1}', "result": '{"n":1}',
        "afterResultSelector": '{"n":1}', "afterResultPath": '{"a":1,"r":{"n":1}}'}}
    assert not await in_thread(Execution.objects.exists)


@pytest.mark.parametrize(("clauses", "configuration", "expected"), [
    ({}, {}, {"status": "FAILED", "error": "Boom", "cause": "why"}),
    ({"Retry": RETRY}, {}, {"status": "RETRIABLE", "error": "Boom", "cause": "why",
                            "handlers": {"retryIndex": 0, "retryBackoffIntervalSeconds": 3}}),
    ({"Retry": RETRY}, {"retrierRetryCount": 1}, {"status": "RETRIABLE", "error": "Boom", "cause": "why", "handlers": {
        "retryIndex": 0, "retryBackoffIntervalSeconds": 6}}),
    ({"Retry": RETRY, "Catch": CATCH}, {"retrierRetryCount": 2}, {
        "status": "CAUGHT_ERROR", "error": "Boom", "cause": "why", "nextState": "Y",
        "output": '{"e":{"Error":"Boom","Cause":"why"}}', "handlers": {"retryIndex": 0, "catchIndex": 1}}),
])
async def test_errors_meet_the_states_own_retriers_and_catchers(bench, clauses, configuration, expected):
    answer = await ask(
        definition=TASK | clauses, inspectionLevel="DEBUG", stateConfiguration=configuration,
        mock={"errorOutput": {"error": "Boom", "cause": "why"}})
    handlers = answer.pop("inspectionData").get("errorDetails", {})
    assert answer | ({"handlers": handlers} if handlers else {}) == expected
    assert bench.integration.requests == []


async def test_an_integrations_own_error_is_the_states_error(bench):
    async def work(request, send):
        send(Began(request.task.ask))
        raise TaskError("Broken", "as scripted")

    bench.integration.work = work
    answer = await ask(definition=TASK, roleArn=ROLE)
    assert answer == {"status": "FAILED", "error": "Broken", "cause": "as scripted"}


async def test_a_wait_is_waited_for_and_a_timeout_is_one(bench):
    began = asyncio.get_running_loop().time()
    answer = await ask(definition={"Type": "Wait", "Seconds": 1, "Next": "B"}, input=[1])
    assert answer == {"status": "SUCCEEDED", "output": "[1]", "nextState": "B"}
    assert asyncio.get_running_loop().time() - began >= 0.9

    async def never(request, send):
        send(Began(request.task.ask))
        await asyncio.Event().wait()

    bench.integration.work = never
    answer = await ask(definition=TASK | {"TimeoutSeconds": 1}, roleArn=ROLE)
    assert answer == {"status": "FAILED", "error": "States.Timeout"}


async def test_variables_are_read_assigned_and_shown(bench):
    answer = await ask(
        definition={"Type": "Pass", "QueryLanguage": "JSONata", "Assign": {"b": "{% $a + 1 %}"},
                    "Output": "{% $a %}", "End": True}, variables={"a": 1}, inspectionLevel="TRACE")
    assert answer == {"status": "SUCCEEDED", "output": "1", "inspectionData": {
        "input": "{}", "variables": '{"a":1,"b":2}'}}


async def test_a_mocked_callback_shows_the_token_that_was_made_for_it(bench):
    task = TASK | {"Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "Parameters": {
        "FunctionName": "f", "Payload": {"token.$": "$$.Task.Token"}}}
    answer = await ask(definition=task, mock={"result": "7"}, inspectionLevel="DEBUG")
    assert answer["output"] == "7"
    assert len(json.loads(answer["inspectionData"]["afterParameters"])["Payload"]["token"]) == 48


async def test_items_of_a_map_are_shown_as_their_selector_makes_them(bench):
    answer = await ask(
        definition={"Type": "Map", "ItemsPath": "$.v", "ItemSelector": {"i.$": "$$.Map.Item.Index"}, "End": True,
                    "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}},
        input={"v": [5, 6]}, mock={"result": "[1]"}, inspectionLevel="DEBUG")
    assert answer["inspectionData"] == {
        "input": '{"v": [5, 6]}', "afterItemsPath": "[5,6]", "afterItemSelector": '[{"i":0},{"i":1}]',
        "maxConcurrency": 0, "afterResultSelector": "[1]", "afterResultPath": "[1]"}


@pytest.mark.parametrize(("request_", "code", "message"), [
    ({"definition": TASK}, "ValidationException", "RoleArn must be specified when testing a Task state"),
    ({"definition": {"Type": "Pass", "End": True}, "mock": {"result": "{}"}}, "ValidationException",
     "State type 'Pass' is not supported when a mock is specified"),
    ({"definition": TASK, "mock": {"result": "{"}}, "ValidationException", "Mocked result must be valid JSON"),
    ({"definition": TASK, "mock": {}}, "ValidationException", "only one of the following fields"),
    ({"definition": TASK, "mock": {"result": "1"}, "context": []}, "ValidationException", "Invalid Context object"),
    ({"definition": TASK, "mock": {"result": "1"}, "context": {"Map": {}}}, "ValidationException", "Invalid Context"),
    ({"definition": TASK, "context": {}}, "ValidationException", "does not support Context when a mock is not"),
    ({"definition": TASK, "roleArn": ROLE, "variables": []}, "ValidationException", "must be a JSON object"),
    ({"definition": TASK | {"Resource": "arn:aws:states:us-east-1:000000000000:activity:a"}, "roleArn": ROLE},
     "InvalidDefinition", "only when a mock is specified"),
    ({"definition": {"Type": "Pass"}}, "InvalidDefinition", "/States/StateName"),
    ({"definition": {"Type": "Pass", "End": True}, "stateName": "A"}, "ValidationException", "State not found"),
    ({"definition": {"Type": "Pass", "End": True}, "actor": NOBODY}, "AccessDeniedException", "needs the permission"),
])
async def test_what_cannot_be_tested_is_refused(bench, request_, code, message):
    found = await refused(**request_)
    assert found[0] == code
    assert message in found[1]


@pytest.mark.parametrize(("resource", "result", "mode", "message"), [
    ("states:startExecution", '{"StartDate": 1}', "STRICT", "Required field 'ExecutionArn' is missing"),
    ("states:startExecution", '{"StartDate": 1}', "PRESENT", None),
    ("states:startExecution.sync:2", '{"Output": {"a": 1}}', "PRESENT", None),
    ("states:startExecution.sync", '{"Status": "ODD"}', "PRESENT", "Field 'Status' is not an expected value"),
    ("lambda:invoke", '{"Payload": [1], "StatusCode": 200}', "STRICT", None),
    ("aws-sdk:sfn:listStateMachines", '{"StateMachines": [{"Name": 3}]}', "PRESENT", "Field 'Name' must be a string"),
    ("sqs:sendMessage", "[]", "STRICT", "Mocked result must be a JSON object."),
    ("http:invoke", "[]", "STRICT", None),
])
async def test_mocked_results_are_held_against_the_services_model(bench, resource, result, mode, message):
    task = TASK | {"Resource": f"arn:aws:states:::{resource}", "Parameters": {}}
    if message is None:
        assert (await ask(definition=task, mock={"result": result, "fieldValidationMode": mode}))["output"] == result
    else:
        assert message in (await refused(definition=task, mock={"result": result, "fieldValidationMode": mode}))[1]


async def test_the_first_result_counts_when_an_integration_answers_twice(bench):
    async def twice(request, send):
        send(Replied(request.task.ask, 1))
        send(Replied(request.task.ask, 2))

    bench.integration.work = twice
    assert (await ask(definition=TASK, roleArn=ROLE))["output"] == "1"
