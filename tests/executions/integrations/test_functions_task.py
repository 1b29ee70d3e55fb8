"""Function tasks as the engine sees them: the signals they send and the errors they end with."""

from __future__ import annotations

import asyncio
import json

import pytest

from executions.engine.signals import Began, Replied, Submitted
from executions.integrations.functions import runtime
from executions.integrations.functions.catalog import FunctionName, parse_name
from executions.integrations.functions.task import FunctionTask, InvokeTask, _detached
from executions.integrations.kinds import TaskError
from executions.models import Invocation
from executions.store import in_thread
from tests.executions.integrations.conftest import request

ECHO = "def handler(event, context): return event\n"
RAISE = 'def handler(event, context): raise Exception("Some exception was raised.")\n'
DIRECT = "arn:aws:lambda:eu-west-1:123456789012:function:{}"
INVOKE = "arn:aws:states:::lambda:invoke"
CALLBACK = INVOKE + ".waitForTaskToken"


@pytest.mark.parametrize(("text", "name"), [
    ("f", FunctionName("f")),
    ("f:PROD", FunctionName("f", "PROD")),
    ("123456789012:function:f:1", FunctionName("f", "1", "", "123456789012")),
    ("arn:aws:lambda:eu-west-1:123456789012:function:f", FunctionName("f", "", "eu-west-1", "123456789012")),
    ("arn:aws:lambda:region:account-id:function:在庫:$LATEST", FunctionName("在庫", "$LATEST", "region", "account-id")),
    ("arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:f", FunctionName("f")),
])
def test_names(text, name):
    assert parse_name(text) == name


@pytest.mark.parametrize("value", ["HelloWorld", 0, 0.0, True, None, {}, [], {"名": [1, 2.5, None]}, 2**70])
async def test_a_function_arn_hands_on_the_payload_and_answers_alone(save, sent, value):
    await save("echo", ECHO)
    await FunctionTask().run(request(DIRECT.format("echo"), value), sent)
    assert sent.signals == [Began(2), Replied(2, value)]
    assert type(sent.signals[1].output) is type(value)


async def test_lambda_invoke_tells_of_the_call(save, sent):
    await save("echo", ECHO)
    await InvokeTask().run(request(INVOKE, {"FunctionName": "echo", "Payload": {"a": 1}}), sent)
    assert sent.kinds == ["Began", "Replied"]
    output = sent.signals[1].output
    assert list(output) == ["ExecutedVersion", "Payload", "SdkHttpMetadata", "SdkResponseMetadata", "StatusCode"]
    assert (output["ExecutedVersion"], output["Payload"], output["StatusCode"]) == ("$LATEST", {"a": 1}, 200)
    http = output["SdkHttpMetadata"]
    assert list(http) == ["AllHttpHeaders", "HttpHeaders", "HttpStatusCode"]
    assert http["HttpHeaders"]["Content-Length"] == str(len('{"a": 1}'))
    assert set(http["AllHttpHeaders"]) == set(http["HttpHeaders"]) == {
        "Connection", "Content-Length", "Content-Type", "Date", "X-Amz-Executed-Version", "X-Amzn-Trace-Id",
        "x-amzn-Remapped-Content-Length", "x-amzn-RequestId"}
    assert output["SdkResponseMetadata"]["RequestId"] == http["HttpHeaders"]["x-amzn-RequestId"]


@pytest.mark.parametrize(("text", "value"), [
    ('"HelloWorld"', "HelloWorld"), ("0.0", 0.0), ("[]", []), ("no json", "no json"),
])
async def test_a_payload_that_is_json_text_is_sent_as_it_is(save, sent, text, value):
    await save("echo", ECHO)
    await InvokeTask().run(request(INVOKE, {"FunctionName": "echo", "Payload": text}), sent)
    assert sent.signals[1].output["Payload"] == value


@pytest.mark.parametrize(("integration", "arn", "start"), [
    (FunctionTask(), DIRECT.format("f"), '{"errorMessage": "Some'), (InvokeTask(), INVOKE, '{"errorMessage":"Some'),
])
async def test_only_lambda_invoke_takes_the_blanks_out_of_a_cause(save, sent, integration, arn, start):
    await save("f", RAISE)
    with pytest.raises(TaskError) as caught:
        await integration.run(request(arn, {"FunctionName": "f"}), sent)
    assert (caught.value.cause or "").startswith(start)


@pytest.mark.parametrize("parameters", [{"FunctionName": "echo"}, {"FunctionName": "echo", "Payload": None}])
async def test_no_payload_is_an_empty_object(save, sent, parameters):
    await save("echo", ECHO)
    await InvokeTask().run(request(INVOKE, parameters), sent)
    assert sent.signals[1].output["Payload"] == {}


async def test_an_answer_that_is_no_json_is_a_string(save, sent):
    await save("raw", "def handler(event, context): return b'plain text'\n")
    await InvokeTask().run(request(INVOKE, {"FunctionName": "raw"}), sent)
    assert sent.signals[1].output["Payload"] == "plain text"


@pytest.mark.parametrize(("integration", "arn", "payload", "missing"), [
    (InvokeTask(), INVOKE, {"FunctionName": "no_such"},
     "arn:aws:lambda:us-east-1:000000000000:function:no_such:$LATEST"),
    (InvokeTask(), INVOKE, {"FunctionName": DIRECT.format("no_such"), "Qualifier": "7"}, DIRECT.format("no_such:7")),
    (FunctionTask(), DIRECT.format("no_such"), {}, DIRECT.format("no_such:$LATEST")),
])
async def test_an_unknown_function(threads, sent, integration, arn, payload, missing):
    with pytest.raises(TaskError) as caught:
        await integration.run(request(arn, payload), sent)
    assert caught.value.error == "Lambda.ResourceNotFoundException"
    head, _, tail = (caught.value.cause or "").partition("Request ID: ")
    assert head == (f"Function not found: {missing} (Service: AWSLambda; Status Code: 404; Error Code: "
                    "ResourceNotFoundException; ")
    assert tail.endswith("; Proxy: null)")
    assert sent.signals == [Began(2)]


async def test_an_exception_is_the_tasks_error_and_the_call_is_kept(save, sent):
    spec = await save("f", RAISE)
    with pytest.raises(TaskError) as caught:
        await FunctionTask().run(request(DIRECT.format("f"), {}), sent)
    assert caught.value.error == "Exception"
    cause = json.loads(caught.value.cause or "")
    assert list(cause) == ["errorMessage", "errorType", "requestId", "stackTrace"]
    await runtime.current().journal.flush()
    row = await in_thread(Invocation.objects.get)
    assert (row.request_id, row.function_id, row.error, row.cold) == (cause["requestId"], spec.id, "Exception", True)
    assert row.duration_ms > 0
    assert "Some exception was raised." in row.log
    assert row.execution_id is None  # the execution of this test is not in the database


@pytest.mark.parametrize(("integration", "arn", "name"), [
    (FunctionTask(), DIRECT.format("f"), DIRECT.format("f")), (InvokeTask(), INVOKE, "lambda"),
])
async def test_a_result_over_256_kib(save, sent, integration, arn, name):
    await save("f", "def handler(event, context): return b'a' * (257 * 1024)\n")
    with pytest.raises(TaskError) as caught:
        await integration.run(request(arn, {"FunctionName": "f"}), sent)
    assert caught.value.error == "States.DataLimitExceeded"
    assert caught.value.cause == (f"The state/task '{name}' returned a result with a size exceeding the maximum "
                                  "number of bytes service limit.")


async def test_escapes_of_the_runtime_do_not_count_against_the_limit(save, sent):
    await save("f", "def handler(event, context): return 'あ' * 80_000\n")
    await FunctionTask().run(request(DIRECT.format("f"), {}), sent)
    assert sent.signals[1].output == "あ" * 80_000


@pytest.mark.parametrize(("parameters", "problem"), [
    ([], "The parameters must be a JSON object"),
    ({}, 'The field "FunctionName" is required but was missing'),
    ({"FunctionName": 1}, 'The field "FunctionName" must be a string'),
    ({"FunctionName": "f", "Foo": 1}, 'The field "Foo" is not supported; the fields are'),
    ({"FunctionName": "f", "InvocationType": "Later"}, 'The field "InvocationType" must be one of RequestResponse'),
    ({"FunctionName": "f", "ClientContext": "{}"}, 'The field "ClientContext" must be a JSON object in base64'),
])
async def test_wrong_parameters(threads, sent, parameters, problem):
    with pytest.raises(TaskError) as caught:
        await InvokeTask().run(request(INVOKE, parameters), sent)
    assert caught.value.error == "States.Runtime"
    assert (caught.value.cause or "").startswith("The Parameters '")
    assert f"could not be used to start the Task: [{problem}" in (caught.value.cause or "")


async def test_an_event_is_answered_before_it_has_run(save, sent, tmp_path):
    mark = tmp_path / "mark"
    await save("f", f"def handler(event, context): open({str(mark)!r}, 'w').write(event)\n")
    await InvokeTask().run(request(INVOKE, {"FunctionName": "f", "Payload": "x", "InvocationType": "Event"}), sent)
    assert sent.signals[1].output["StatusCode"] == 202
    await asyncio.gather(*_detached)
    assert mark.read_text() == "x"


async def test_a_dry_run_calls_nothing(save, sent):
    await save("f", RAISE)
    await InvokeTask().run(request(INVOKE, {"FunctionName": "f", "InvocationType": "DryRun"}), sent)
    assert sent.signals[1].output["StatusCode"] == 204
    assert runtime.current().pool.workers == []


async def test_a_callback_is_submitted_after_the_call(save, sent):
    await save("echo", ECHO)
    await InvokeTask().run(request(CALLBACK, {"FunctionName": "echo", "Payload": 1}, token="t"), sent)
    assert [type(signal) for signal in sent.signals] == [Began, Submitted]
    assert sent.signals[1].output["Payload"] == 1


async def test_a_callback_that_was_submitted_is_not_called_again(save, sent):
    await InvokeTask().run(request(CALLBACK, {"FunctionName": "echo"}, token="t", begun=True, submitted=True), sent)
    assert sent.signals == []


async def test_a_callbacks_function_may_finish_when_its_task_is_over(save, sent, tmp_path):
    mark = tmp_path / "mark"
    await save("f", f"""
import time
def handler(event, context):
    time.sleep(0.3)
    open({str(mark)!r}, 'w').close()
""")
    running = asyncio.create_task(InvokeTask().run(request(CALLBACK, {"FunctionName": "f"}, token="t"), sent))
    while not sent.signals:
        await asyncio.sleep(0.01)
    running.cancel("timeout")
    with pytest.raises(asyncio.CancelledError):
        await running
    await asyncio.gather(*_detached)
    assert mark.exists()
    assert sent.kinds == ["Began"]


async def test_a_task_that_is_cancelled_ends_its_function(save, sent):
    await save("f", "import time\ndef handler(event, context): time.sleep(600)\n")
    running = asyncio.create_task(FunctionTask().run(request(DIRECT.format("f"), {}), sent))
    while not sent.signals:
        await asyncio.sleep(0.01)
    running.cancel("timeout")
    with pytest.raises(asyncio.CancelledError):
        await running
    assert all(sandbox.dead for sandbox in runtime.current().pool.workers)
    await runtime.current().journal.flush()
    assert (await in_thread(Invocation.objects.get)).error == "Cancelled"
