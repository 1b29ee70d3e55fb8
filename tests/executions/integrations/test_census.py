"""The 40 resources that real workflows use most: each is in a test of this folder, those here that are nowhere else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from executions.api import door
from executions.integrations.aws import local, task
from tests.asl.shared import CORPUS
from tests.executions.integrations.aws import run
from tests.executions.integrations.conftest import Bench, Save
from tests.executions.integrations.test_aws_own_server import Service
from tests.executions.integrations.test_aws_own_server import service as own_server

__all__ = ["own_server"]  # a fixture
MOST_USED = 40
ELSEWHERE = {"lambda function ARN (direct)": "test_functions_task.py"}  # has no name to look for
EVALUATION = {"jobName": "j", "roleArn": "arn:aws:iam::000000000000:role/r"}
KNOWLEDGE = {"Name": "k", "RoleArn": "arn:aws:iam::000000000000:role/r",
             "KnowledgeBaseConfiguration": {"Type": "VECTOR"}}


def test_the_most_used_resources_are_tested() -> None:
    rows = json.loads((CORPUS / "census.json").read_text())["resource_table"][:MOST_USED]
    texts = {path.name: path.read_text() for path in Path(__file__).parent.glob("test_*.py")}
    names = [name for _, name, *_ in rows if name not in ELSEWHERE]
    assert [name for name in names if not any(name in text for text in texts.values())] == []


@pytest.mark.parametrize(("resource", "parameters", "answer", "result"), [
    ("aws-sdk:bedrock:createEvaluationJob", {
        "JobName": "j", "RoleArn": EVALUATION["roleArn"],
        "EvaluationConfig": {"Automated": {"DatasetMetricConfigs": []}},
        "InferenceConfig": {"Models": []}, "OutputDataConfig": {"S3Uri": "s3://b/"}},
     {"jobArn": "arn:job"}, {"JobArn": "arn:job"}),
    ("aws-sdk:bedrockagent:createKnowledgeBase", KNOWLEDGE, {"knowledgeBase": {"knowledgeBaseId": "K", "name": "k"}},
     {"KnowledgeBase": {"KnowledgeBaseId": "K", "Name": "k"}}),
])
async def test_answers_of_a_server_of_our_own(
    own_server: Service, resource: str, parameters: Any, answer: Any, result: Any) -> None:
    own_server.answer = (200, {}, answer)
    sent = await run(resource, parameters)
    assert sent.signals[-1].output == result  # type: ignore[union-attr]
    method, _, asked = own_server.asked[-1]
    assert method in ("POST", "PUT")
    assert {name[0].lower() for name in parameters} <= {name[0] for name in asked}


@pytest.mark.parametrize(("resource", "parameters", "found"), [
    ("sns:publish.waitForTaskToken", {"TopicArn": "arn:aws:sns:us-east-1:000000000000:notifications",
                                      "Message": {"token": "t"}}, "MessageId"),
    ("events:putEvents.waitForTaskToken",
     {"Entries": [{"Source": "tests", "DetailType": "d", "Detail": {"token": "t"}}]}, "Entries"),
    ("aws-sdk:dynamodb:putItem.waitForTaskToken", {"TableName": "Orders", "Item": {"orderId": {"S": "o"}}}, None),
])
async def test_calls_whose_answer_comes_with_the_token(resource: str, parameters: Any, found: str | None) -> None:
    sent = await run(resource, parameters, token="t")
    assert sent.kinds == ["Began", "Submitted"]
    output = sent.signals[-1].output  # type: ignore[union-attr]
    assert output == {} if found is None else found in output


@pytest.mark.parametrize(("resource", "parameters", "submitted", "looked", "result"), [
    ("batch:submitJob.sync", {"JobName": "j", "JobQueue": "q", "JobDefinition": "d"}, {"jobId": "1", "jobName": "j"},
     [{"Jobs": [{"JobId": "1", "Status": "RUNNING"}]}, {"Jobs": [{"JobId": "1", "Status": "SUCCEEDED"}]}],
     {"JobId": "1", "Status": "SUCCEEDED"}),
    ("ecs:runTask.sync", {"Cluster": "c", "TaskDefinition": "d"},
     {"tasks": [{"taskArn": "arn:task", "clusterArn": "arn:c", "lastStatus": "PENDING"}], "failures": []},
     [{"Tasks": [{"TaskArn": "arn:task", "LastStatus": "RUNNING", "Containers": []}]},
      {"Tasks": [{"TaskArn": "arn:task", "LastStatus": "STOPPED", "Containers": [{"ExitCode": 0}]}]}],
     {"TaskArn": "arn:task", "LastStatus": "STOPPED", "Containers": [{"ExitCode": 0}]}),
])
async def test_jobs(own_server: Service, monkeypatch: pytest.MonkeyPatch, resource: str, parameters: Any,
                    submitted: Any, looked: list[Any], result: Any) -> None:
    """Started at a server of our own, looked at until it is done."""
    own_server.answer = (200, {}, submitted)
    monkeypatch.setattr(task, "FIRST_LOOK", 0.01)
    answers = list(looked)
    monkeypatch.setattr(task, "look", lambda *_: answers.pop(0))
    sent = await run(resource, parameters)
    assert sent.kinds == ["Began", "Submitted", "Replied"]
    assert sent.signals[-1].output == result  # type: ignore[union-attr]
    assert answers == []


async def test_functions_are_listed_by_this_installation(bench: Bench, save: Save) -> None:
    """`aws-sdk:lambda:listFunctions` never goes to the emulator."""
    await save("listed", "def handler(event, context):\n    return 1\n")
    local.install(door.application)
    try:
        execution = await bench.begin({"StartAt": "List", "States": {"List": {
            "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:lambda:listFunctions", "End": True}}})
        row = await bench.until(execution)
    finally:
        local.install(None)
    assert row.status == "SUCCEEDED", row.cause
    assert [each["FunctionName"] for each in json.loads(row.output or "")["Functions"]] == ["listed"]
