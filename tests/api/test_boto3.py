"""An unmodified boto3 client against the real server, signatures on."""

from __future__ import annotations

import base64
import io
import json
import time
import urllib.error
import urllib.request
import zipfile

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.support.server import ACCESS_KEY_ID, SECRET_ACCESS_KEY, Server

pytestmark = pytest.mark.acceptance

ROLE = "arn:aws:iam::000000000000:role/run"
GREET = {"StartAt": "Greet", "States": {
    "Greet": {"Type": "Pass", "Parameters": {"greeting.$": "States.Format('こんにちは、{}', $.name)"}, "End": True}}}
WAIT = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 3600, "End": True}}}


@pytest.fixture(scope="module")
def server(each_database):
    with Server() as server:
        yield server


@pytest.fixture(scope="module")
def client(server):
    return server.client()


def client_with(
    server, service="stepfunctions", *, key=ACCESS_KEY_ID, secret=SECRET_ACCESS_KEY, region="us-east-1", **more,
):
    return boto3.client(
        service, endpoint_url=server.url, region_name=region, aws_access_key_id=key, aws_secret_access_key=secret,
        config=Config(retries={"total_max_attempts": 1}), **more)


def ended(client, execution, seconds=20.0):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        described = client.describe_execution(executionArn=execution)
        if described["status"] != "RUNNING":
            return described
        time.sleep(0.02)
    raise AssertionError(f"{execution} still runs")


def create(client, name, definition, **more):
    answer = client.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE, **more)
    return answer["stateMachineArn"]


def refusal(call, **request):
    with pytest.raises(ClientError) as refused:
        call(**request)
    return refused.value.response["Error"]["Code"], refused.value.response["ResponseMetadata"]["HTTPStatusCode"]


def test_a_machine_is_made_run_and_read(client):
    machine = create(client, "挨拶", GREET, publish=True, tags=[{"key": "部署", "value": "営業"}])
    started = client.start_execution(stateMachineArn=f"{machine}:1", name="最初", input='{"name": "山田"}')
    assert started["executionArn"] == machine.replace("stateMachine", "execution") + ":最初"
    described = ended(client, started["executionArn"])
    assert (described["status"], json.loads(described["output"])) == ("SUCCEEDED", {"greeting": "こんにちは、山田"})
    assert described["stateMachineVersionArn"] == f"{machine}:1"
    assert described["startDate"] == started["startDate"] <= described["stopDate"]
    pages = client.get_paginator("get_execution_history").paginate(
        executionArn=started["executionArn"], PaginationConfig={"PageSize": 2})
    events = [event for page in pages for event in page["events"]]
    assert [event["type"] for event in events] == [
        "ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]
    backwards = client.get_execution_history(
        executionArn=started["executionArn"], reverseOrder=True, includeExecutionData=False)["events"]
    assert [event["id"] for event in backwards] == [4, 3, 2, 1]
    assert "input" not in backwards[2]["stateEnteredEventDetails"]
    listed = client.list_executions(stateMachineArn=machine, statusFilter="SUCCEEDED")["executions"]
    assert [item["executionArn"] for item in listed] == [started["executionArn"]]
    assert client.list_executions(stateMachineArn=machine, statusFilter="FAILED")["executions"] == []
    of_execution = client.describe_state_machine_for_execution(executionArn=started["executionArn"])
    assert json.loads(of_execution["definition"]) == GREET


def test_many_executions_are_listed_newest_first_in_pages(client):
    machine = create(client, "many", GREET)
    arns = [client.start_execution(stateMachineArn=machine, input='{"name": "a"}')["executionArn"] for _ in range(7)]
    for arn in arns:
        ended(client, arn)
    pages = client.get_paginator("list_executions").paginate(
        stateMachineArn=machine, PaginationConfig={"PageSize": 3})
    items = [item for page in pages for item in page["executions"]]
    assert sorted(item["executionArn"] for item in items) == sorted(arns)
    starts = [item["startDate"] for item in items]
    assert starts == sorted(starts, reverse=True)


def test_a_start_is_idempotent_while_it_runs_and_a_stop_ends_it(client):
    machine = create(client, "waiting", WAIT)
    first = client.start_execution(stateMachineArn=machine, name="one", input='{"a": 1}')
    assert client.start_execution(stateMachineArn=machine, name="one", input='{"a": 1}')["startDate"] == (
        first["startDate"])
    assert refusal(client.start_execution, stateMachineArn=machine, name="one", input='{"a": 2}') == (
        "ExecutionAlreadyExists", 400)
    client.stop_execution(executionArn=first["executionArn"], error="Mine", cause="enough")
    described = ended(client, first["executionArn"])
    assert (described["status"], described["error"], described["cause"]) == ("ABORTED", "Mine", "enough")
    assert described["redriveStatus"] == "REDRIVABLE"
    assert refusal(client.start_execution, stateMachineArn=machine, name="one", input='{"a": 1}') == (
        "ExecutionAlreadyExists", 400)


def test_an_express_execution_is_waited_for(client):
    machine = create(client, "fast", GREET, type="EXPRESS")
    ended_ = client.start_sync_execution(stateMachineArn=machine, name="one", input='{"name": "A"}')
    assert (ended_["status"], json.loads(ended_["output"])) == ("SUCCEEDED", {"greeting": "こんにちは、A"})
    assert ended_["executionArn"].startswith(machine.replace("stateMachine", "express") + ":one:")
    assert ended_["billingDetails"] == {"billedDurationInMilliseconds": 100, "billedMemoryUsedInMB": 64}
    failed = client.start_sync_execution(stateMachineArn=machine, includedData="METADATA_ONLY")
    assert (failed["status"], failed["error"]) == ("FAILED", "States.Runtime")
    assert "input" not in failed
    timed = create(client, "slow", WAIT | {"TimeoutSeconds": 1}, type="EXPRESS")
    assert client.start_sync_execution(stateMachineArn=timed)["status"] == "TIMED_OUT"
    standard = create(client, "standard", GREET)
    assert refusal(client.start_sync_execution, stateMachineArn=standard) == ("StateMachineTypeNotSupported", 400)
    started = client.start_execution(stateMachineArn=machine, input='{"name": "B"}')["executionArn"]
    assert ":express:" in started
    assert refusal(client.describe_execution, executionArn=started) == ("InvalidArn", 400)
    assert refusal(client.list_executions, stateMachineArn=machine) == ("StateMachineTypeNotSupported", 400)


def test_an_activity_worker_polls_and_answers(client):
    activity = client.create_activity(name="pack")["activityArn"]
    machine = create(client, "packing", {"StartAt": "Pack", "States": {
        "Pack": {"Type": "Task", "Resource": activity, "End": True}}})
    execution = client.start_execution(stateMachineArn=machine, input='{"box": 1}')["executionArn"]
    task = client.get_activity_task(activityArn=activity, workerName="me")
    assert json.loads(task["input"]) == {"box": 1}
    client.send_task_heartbeat(taskToken=task["taskToken"])
    assert refusal(client.send_task_success, taskToken=task["taskToken"], output="no json")[0] == "InvalidOutput"
    client.send_task_success(taskToken=task["taskToken"], output='{"packed": true}')
    assert json.loads(ended(client, execution)["output"]) == {"packed": True}
    assert refusal(client.send_task_success, taskToken=task["taskToken"], output="{}")[0] == "TaskTimedOut"
    assert refusal(client.send_task_failure, taskToken="nonsense")[0] == "InvalidToken"


def test_a_deleted_machine_is_gone_with_its_executions(client):
    machine = create(client, "short-lived", WAIT)
    execution = client.start_execution(stateMachineArn=machine)["executionArn"]
    client.delete_state_machine(stateMachineArn=machine)
    assert refusal(client.start_execution, stateMachineArn=machine)[0] in (
        "StateMachineDoesNotExist", "StateMachineDeleting")
    until = time.monotonic() + 20
    while refusal(client.describe_state_machine, stateMachineArn=machine)[0] != "StateMachineDoesNotExist":
        assert time.monotonic() < until
    assert refusal(client.describe_execution, executionArn=execution)[0] == "ExecutionDoesNotExist"
    client.delete_state_machine(stateMachineArn=machine)
    create(client, "short-lived", WAIT)


def test_only_the_holder_of_a_key_is_let_in(server):
    for wrong, code in [
        (client_with(server, secret="wrong"), "InvalidSignatureException"),
        (client_with(server, key="AKIANOBODY"), "UnrecognizedClientException"),
        (client_with(server, region="eu-west-1"), "InvalidSignatureException"),
        (client_with(server, aws_session_token="token"), "UnrecognizedClientException"),
    ]:
        assert refusal(wrong.list_state_machines) == (code, 403)


def test_sts_says_who_one_is(server):
    identity = client_with(server, "sts").get_caller_identity()
    assert (identity["Account"], identity["Arn"]) == ("000000000000", "arn:aws:iam::000000000000:user/admin")
    assert refusal(client_with(server, "sts", secret="wrong").get_caller_identity) == (
        "InvalidSignatureException", 403)
    link = client_with(server, "sts").generate_presigned_url("get_caller_identity", HttpMethod="GET")
    with urllib.request.urlopen(link) as answer:  # how services are shown who one is
        assert b"<Account>000000000000</Account>" in answer.read()
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(link.replace("X-Amz-Expires=3600", "X-Amz-Expires=3601"))


def test_an_answer_survives_a_restart(server, client):
    for number in range(3):
        create(client, f"kept-{number}", WAIT)
    page = client.list_state_machines(maxResults=1)
    server.restart()
    assert client.list_state_machines(maxResults=1, nextToken=page["nextToken"])["stateMachines"]


def zipped(**files):
    """A zip of Python files; `__` in a name stands for a folder."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name.replace('__', '/')}.py", text)
    return buffer.getvalue()


def test_a_function_is_deployed_called_and_run_by_a_task(server, client):
    functions = client_with(server, "lambda")
    source = ("import json, os, shop.prices\n\ndef handler(event, context):\n    print('asked')\n"
              "    return {'price': shop.prices.of(event['item']), 'version': context.function_version,\n"
              "            'mode': os.environ['MODE']}\n")
    package = zipped(app=source, shop____init__="", shop__prices="def of(item):\n    return len(item)\n")
    made = functions.create_function(
        FunctionName="price", Runtime="python3.12", Role=ROLE, Handler="app.handler", Code={"ZipFile": package},
        Environment={"Variables": {"MODE": "one"}}, Publish=True)
    functions.get_waiter("function_active_v2").wait(FunctionName="price")
    called = functions.invoke(FunctionName="price", Payload=b'{"item": "pen"}', LogType="Tail")
    assert json.load(called["Payload"]) == {"price": 3, "version": "$LATEST", "mode": "one"}
    assert (called["StatusCode"], called["ExecutedVersion"]) == (200, "$LATEST")
    assert "asked\n" in base64.b64decode(called["LogResult"]).decode()
    functions.create_alias(FunctionName="price", Name="live", FunctionVersion=made["Version"])
    broken = b"def handler(event, context):\n    raise KeyError(1)\n"
    functions.update_function_code(FunctionName="price", ZipFile=broken)
    functions.update_function_configuration(FunctionName="price", Handler="index.handler")
    functions.get_waiter("function_updated_v2").wait(FunctionName="price")
    failed = functions.invoke(FunctionName="price", Payload=b"{}")
    assert (failed["FunctionError"], json.load(failed["Payload"])["errorType"]) == ("Unhandled", "KeyError")
    assert refusal(functions.invoke, FunctionName="price:none") == ("ResourceNotFoundException", 404)
    states = {"StartAt": "Direct", "States": {
        "Direct": {"Type": "Task", "Resource": f"{made['FunctionArn'][:-2]}:live", "ResultPath": "$.direct",
                   "Next": "Invoke"},
        "Invoke": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Sdk",
                   "Parameters": {"FunctionName": "price", "Qualifier": "1", "Payload.$": "$"},
                   "ResultPath": "$.called"},
        "Sdk": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:lambda:invoke", "Next": "Latest",
                "Parameters": {"FunctionName": "price:live", "Payload.$": "$"},
                "ResultSelector": {"said.$": "States.StringToJson($.Payload)"}, "ResultPath": "$.sdk"},
        "Latest": {"Type": "Task", "Resource": made["FunctionArn"][:-2], "End": True}}}
    machine = create(client, "prices", states)
    execution = client.start_execution(stateMachineArn=machine, input='{"item": "book"}')["executionArn"]
    described = ended(client, execution)
    assert (described["status"], described["error"]) == ("FAILED", "KeyError")
    events = client.get_execution_history(executionArn=execution)["events"]
    given = json.loads(events[-4]["lambdaFunctionScheduledEventDetails"]["input"])
    assert given["direct"] == {"price": 4, "version": "1", "mode": "one"}
    assert (given["called"]["ExecutedVersion"], given["called"]["Payload"]["price"]) == ("1", 4)
    assert given["sdk"]["said"] == {"price": 4, "version": "1", "mode": "one"}
