"""Each bad input that the main job names, over boto3 and over REST: its exact error, and nothing half-written."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.rest import Refused, call
from tests.support.server import Server

pytestmark = pytest.mark.acceptance

ROLE = "arn:aws:iam::000000000000:role/run"
END = {"Type": "Pass", "End": True}
PASS = {"StartAt": "A", "States": {"A": END}}
FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:"
MOST = 262_144  # bytes of a payload
TOO_LONG = "failed to satisfy constraint: Member must have length less than or equal to 262144"


@pytest.fixture(scope="module")
def server(each_database: str) -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture(scope="module")
def client(server: Server) -> Any:
    return server.client()


def refusal(verb: Callable[..., Any], **request: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        verb(**request)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


def rest_refusal(server: Server, method: str, path: str, body: Any) -> tuple[int, str]:
    with pytest.raises(Refused) as refused:
        call(server.url, method, path, body)
    return refused.value.status, json.loads(refused.value.body)["code"]


def create(client: Any, definition: Any) -> str:
    name = f"m-{uuid.uuid4().hex[:8]}"
    made = client.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE)
    return str(made["stateMachineArn"])


def ended(client: Any, execution: str) -> dict[str, Any]:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        described: dict[str, Any] = client.describe_execution(executionArn=execution)
        if described["status"] != "RUNNING":
            return described
        time.sleep(0.02)
    raise AssertionError("It still runs.")


def run(client: Any, definition: Any, given: Any = None) -> dict[str, Any]:
    machine = create(client, definition)
    return ended(client, client.start_execution(stateMachineArn=machine, input=json.dumps(given or {}))["executionArn"])


@pytest.mark.parametrize(("definition", "problem"), [
    ('{"StartAt":', "INVALID_JSON_DESCRIPTION: "),
    ("hello", "INVALID_JSON_DESCRIPTION: "),
    ("[]", "SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object"),
    (json.dumps({"StartAt": "A", "States": {"A": {**END, "Nxt": "B"}}}),
     "SCHEMA_VALIDATION_FAILED: Field 'Nxt' is not supported at /States/A"),
    (json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "C": END}}),
     "MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next"),
    ('{"StartAt":"A","States":{"A":{"Type":"Pass","End":true},"A":{"Type":"Pass","End":true}}}',
     "DUPLICATE_STATE_NAME: Duplicate State name: A at /States/A"),
    (json.dumps({"StartAt": "P", "States": {"P": {"Type": "Parallel", "Next": "A", "Branches": [PASS]}, "A": END}}),
     "DUPLICATE_STATE_NAME: Duplicate State name: A at "),
])
def test_definitions(definition: str, problem: str, server: Server, client: Any) -> None:
    code, message = refusal(client.create_state_machine, name="never", definition=definition, roleArn=ROLE)
    assert code == "InvalidDefinition"
    assert message.startswith("Invalid State Machine Definition: '")
    assert problem in message
    asked = {"name": "never", "definition": definition}
    assert rest_refusal(server, "POST", "machines/", asked) == (400, "InvalidDefinition")
    kept = create(client, PASS)
    assert refusal(client.update_state_machine, stateMachineArn=kept, definition=definition) == (code, message)
    assert json.loads(client.describe_state_machine(stateMachineArn=kept)["definition"]) == PASS
    with pytest.raises(ClientError, match="StateMachineDoesNotExist"):
        client.describe_state_machine(stateMachineArn=kept.rpartition(":")[0] + ":never")


@pytest.mark.parametrize("given", ["no json", '{"a":}', " ", "NaN", "{}{}", f'"{"あ" * 90_000}"'])
def test_inputs(given: str, server: Server, client: Any) -> None:
    machine = create(client, PASS)
    code, message = refusal(client.start_execution, stateMachineArn=machine, input=given)
    assert (code, message[:40]) == ("InvalidExecutionInput", "Invalid State Machine Execution Input: '")
    path = f"machines/{machine.rpartition(':')[2]}/executions/"
    assert rest_refusal(server, "POST", path, {"input_text": given}) == (400, "InvalidExecutionInput")
    assert client.list_executions(stateMachineArn=machine)["executions"] == []


def test_an_input_may_have_256_kib_and_no_more(client: Any) -> None:
    machine = create(client, PASS)
    code, message = refusal(client.start_execution, stateMachineArn=machine, input=f'"{"x" * (MOST - 1)}"')
    assert (code, message) == ("ValidationException", f"1 validation error detected: Value at 'input' {TOO_LONG}")
    largest = client.start_execution(stateMachineArn=machine, input=f'"{"x" * (MOST - 2)}"')
    described = ended(client, largest["executionArn"])
    assert (described["status"], len(described["output"])) == ("SUCCEEDED", MOST)


def test_outputs_of_tasks(server: Server, client: Any) -> None:
    call(server.url, "PUT", "functions/big/", {"source": "def handler(event, context):\n    return 'x' * event['n']\n"})
    big = {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": f"{FUNCTION}big", "End": True}}}
    assert run(client, big, {"n": MOST - 2})["status"] == "SUCCEEDED"
    failed = run(client, big, {"n": MOST - 1})
    assert (failed["status"], failed["error"]) == ("FAILED", "States.DataLimitExceeded")
    double = {"Type": "Pass", "Parameters": {"a.$": "$", "b.$": "$"}, "End": True}
    assert run(client, {"StartAt": "A", "States": {"A": double}}, "x" * 140_000)["error"] == "States.DataLimitExceeded"


def test_answers_of_workers(client: Any) -> None:
    activity = client.create_activity(name="work")["activityArn"]
    machine = create(client, {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": activity, "End": True}}})
    execution = client.start_execution(stateMachineArn=machine)["executionArn"]
    token = client.get_activity_task(activityArn=activity)["taskToken"]
    for output, code in [
        ("no json", "InvalidOutput"), (" ", "InvalidOutput"), (f'"{"あ" * 90_000}"', "InvalidOutput"),
        (f'"{"x" * MOST}"', "ValidationException"),
    ]:
        assert refusal(client.send_task_success, taskToken=token, output=output)[0] == code
    assert refusal(client.send_task_success, taskToken=token, output="") == (
        "InvalidOutput", "Invalid Output: 'No content to map due to end-of-input'")
    assert client.describe_execution(executionArn=execution)["status"] == "RUNNING"
    client.send_task_success(taskToken=token, output=f'"{"x" * (MOST - 2)}"')
    assert ended(client, execution)["status"] == "SUCCEEDED"


@pytest.mark.parametrize("state", [
    {"Resource": f"{FUNCTION}none"},
    {"Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "none", "Payload": {}}},
])
def test_an_unknown_function(state: dict[str, Any], client: Any) -> None:
    failed = run(client, {"StartAt": "A", "States": {"A": {"Type": "Task", **state, "End": True}}})
    assert (failed["status"], failed["error"]) == ("FAILED", "Lambda.ResourceNotFoundException")
    assert f"Function not found: {FUNCTION}none:$LATEST" in failed["cause"]


def approval(**parameters: Any) -> dict[str, Any]:
    return {"StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": "arn:aws:states:::approval:request",
        "Parameters": {"title": "T", "allowRequester": True, **parameters}, "End": True}}}


@pytest.mark.parametrize("form", [
    "text", {"type": "array"}, {"properties": {"a": {"type": "nothing"}}}, {"$ref": "http://elsewhere.example/"}])
def test_a_form_that_is_no_form(form: Any, server: Server, client: Any) -> None:
    failed = run(client, approval(form=form))
    assert (failed["status"], failed["error"]) == ("FAILED", "States.Runtime")
    assert '"form" is not usable' in failed["cause"]
    assert call(server.url, "GET", "approvals/") == []


def test_a_form_that_does_not_fit_and_an_approval_decided_twice(server: Server, client: Any) -> None:
    form = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"],
            "additionalProperties": False}
    execution = client.start_execution(stateMachineArn=create(client, approval(form=form)))["executionArn"]
    until = time.monotonic() + 20
    while not (waiting := call(server.url, "GET", "approvals/")):
        assert time.monotonic() < until
    path = f"approvals/{waiting[0]['id']}/decide/"
    for given in ({}, {"n": "1"}, {"n": 1, "m": 2}):
        asked = {"decision": "APPROVED", "form": given}
        assert rest_refusal(server, "POST", path, asked) == (400, "InvalidForm")
    assert call(server.url, "GET", "approvals/")[0]["status"] == "WAITING"
    assert call(server.url, "POST", path, {"decision": "APPROVED", "form": {"n": 1}})["status"] == "APPROVED"
    assert rest_refusal(server, "POST", path, {"decision": "REJECTED"}) == (409, "ApprovalAlreadyDecided")
    output = json.loads(ended(client, execution)["output"])
    assert (output["decision"], output["form"]) == ("APPROVED", {"n": 1})
