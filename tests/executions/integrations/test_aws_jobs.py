"""`.sync` tasks, restarts, cancellation, roles, regions and this installation's own API, in the real engine."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from executions.api import door
from executions.engine.effects import start_task
from executions.engine.signals import Stopped
from executions.integrations.aws import local, task
from executions.integrations.aws.calling import submitted_output
from executions.integrations.aws.clients import CLIENTS
from executions.integrations.aws.emulator import EMULATOR, Emulator
from executions.integrations.aws.jobs import JOBS, filled, state_of
from executions.integrations.kinds import TaskRequest
from executions.store import in_thread
from tests.executions.integrations.aws import failure_of, result_of, service
from tests.executions.integrations.conftest import Bench, Sent
from tests.executions.integrations.conftest import request as request_of

QUERY = {"QueryString": "SELECT 1", "ResultConfiguration": {"OutputLocation": "s3://statewright-data/"}}
TRAINING = {
    "TrainingJobName": "job", "RoleArn": "arn:aws:iam::000000000000:role/r",
    "AlgorithmSpecification": {"TrainingInputMode": "File", "TrainingImage": "image"},
    "OutputDataConfig": {"S3OutputPath": "s3://statewright-data/"},
    "ResourceConfig": {"InstanceType": "ml.m4.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 1},
    "StoppingCondition": {"MaxRuntimeInSeconds": 60}}


def one(resource: str, parameters: Any, **fields: Any) -> dict[str, Any]:
    return {"StartAt": "Call", "States": {"Call": {
        "Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Parameters": parameters, "End": True, **fields}}}


async def test_a_job_is_waited_for(bench: Bench) -> None:
    execution = await bench.begin(one("athena:startQueryExecution.sync", QUERY, TimeoutSeconds=60))
    row = await bench.until(execution)
    assert row.status == "SUCCEEDED", row.cause
    assert json.loads(row.output or "")["QueryExecution"]["Status"]["State"] == "SUCCEEDED"
    events = await bench.history(execution)
    types = [event["type"] for event in events]
    assert types[2:6] == ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]
    scheduled = events[2]["taskScheduledEventDetails"]
    assert (scheduled["resourceType"], scheduled["resource"], scheduled["region"], scheduled["timeoutInSeconds"]) == (
        "athena", "startQueryExecution.sync", "us-east-1", 60)
    submitted = json.loads(events[4]["taskSubmittedEventDetails"]["output"])
    assert sorted(submitted) == ["QueryExecutionId", "SdkHttpMetadata", "SdkResponseMetadata"]


class Job:
    """A job whose state the test sets, in place of the service's answers."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.state, self.looked, self.stopped = "InProgress", [], []  # type: ignore[var-annotated]
        monkeypatch.setattr(task, "look", self.look)
        monkeypatch.setattr(task, "FIRST_LOOK", 0.02)
        monkeypatch.setattr(task, "LONGEST_PAUSE", 0.05)

    def look(self, called: Any, operation: str, arguments: dict[str, Any], request: Any) -> Any:
        (self.stopped if operation == "StopTrainingJob" else self.looked).append(arguments)
        return {"TrainingJobName": arguments["TrainingJobName"], "TrainingJobStatus": self.state}

    async def until(self, found: list[Any]) -> None:
        async with asyncio.timeout(30):
            while not found:
                await asyncio.sleep(0.01)


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch) -> Job:
    return Job(monkeypatch)


@pytest.mark.parametrize("state", ["Failed", "Stopped"])
async def test_a_job_that_ends_badly(bench: Bench, job: Job, state: str) -> None:
    job.state = state
    execution = await bench.begin(one("sagemaker:createTrainingJob.sync", TRAINING | {"TrainingJobName": state}))
    row = await bench.until(execution)
    assert (row.status, row.error) == ("FAILED", "States.TaskFailed")
    assert json.loads(row.cause or "")["TrainingJobStatus"] == state


async def test_a_restart_goes_on_watching_the_same_job(bench: Bench, job: Job) -> None:
    execution = await bench.begin(one("sagemaker:createTrainingJob.sync", TRAINING | {"TrainingJobName": "kept"}))
    await job.until(job.looked)
    await bench.restart()
    job.looked.clear()
    await job.until(job.looked)
    job.state = "Completed"
    row = await bench.until(execution)
    assert (row.status, job.stopped) == ("SUCCEEDED", [])
    events = [event["type"] for event in await bench.history(execution)]
    assert events.count("TaskSubmitted") == 1


async def test_what_was_submitted_is_found_again(bench: Bench) -> None:
    """Athena's id is in no parameter: it comes from the history."""
    execution = await bench.begin(one("sqs:sendMessage.waitForTaskToken", {
        "QueueUrl": "https://sqs.us-east-1.amazonaws.com/000000000000/fulfillment",
        "MessageBody": {"t.$": "$$.Task.Token"}}))
    event = await bench.until_event(execution, "TaskSubmitted")
    slot = bench.engine._stepper.slots[execution]
    frame = next(frame for frame in slot.run.frames.values() if frame.ask)
    assert frame.ask is not None
    state = slot.task_of(frame.ask.id)
    assert state is not None
    request = TaskRequest(execution, slot.run.arn, slot.run.machine_arn, start_task(state, frame.ask))
    assert await in_thread(submitted_output, request) == json.loads(event["taskSubmittedEventDetails"]["output"])


@pytest.mark.parametrize("end", ["stopped", "timeout"])
async def test_a_job_nobody_waits_for_is_stopped(bench: Bench, job: Job, end: str) -> None:
    name = f"ends-{end}"
    fields = {"TimeoutSeconds": 1} if end == "timeout" else {}
    definition = one("sagemaker:createTrainingJob.sync", TRAINING | {"TrainingJobName": name}, **fields)
    execution = await bench.begin(definition)
    await job.until(job.looked)
    if end == "stopped":
        await bench.engine.deliver(execution, Stopped(None, None))
    await bench.until(execution)
    await job.until(job.stopped)
    assert job.stopped == [{"TrainingJobName": name}]


async def test_roles_are_assumed_once() -> None:
    """Calls are signed with the role's own keys, which are kept."""
    role = {"RoleArn": "arn:aws:iam::111122223333:role/other"}
    for _ in range(2):
        await result_of("aws-sdk:dynamodb:describeTable", {"TableName": "Orders"}, credentials=role)
    _, given = CLIENTS._roles[role["RoleArn"], "us-east-1"]
    assert given.access_key.startswith("ASIA")
    client = next(client for key, client in CLIENTS._kept.items() if key[:3] == (
        "dynamodb", "us-east-1", given.access_key))
    assert client._request_signer._credentials.token == given.token


async def test_a_role_that_cannot_be_assumed(threads: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "AssumeRole")

    monkeypatch.setattr(CLIENTS, "_assumed", refuse, raising=False)
    role = {"RoleArn": "arn:aws:iam::111122223333:role/closed"}
    failure = await failure_of("dynamodb:getItem", {"TableName": "Orders", "Key": {}}, credentials=role)
    assert failure.error == "States.TaskFailed"
    assert str(failure.cause).endswith(
        "is not authorized to assume the task state's role, arn:aws:iam::111122223333:role/closed.")


async def test_the_region_of_the_resource() -> None:
    service("sqs").create_queue(QueueName="here")
    sent = Sent()
    await task.AwsTask().run(request_of("arn:aws:states:eu-west-1::aws-sdk:sqs:listQueues", {}), sent)
    assert sent.signals[-1].output == {}  # type: ignore[union-attr]


async def test_own_step_functions(bench: Bench) -> None:
    """`aws-sdk:sfn` means this installation, never the emulator."""
    local.install(door.application)
    try:
        execution = await bench.begin(one("aws-sdk:sfn:listStateMachines", {}))
        row = await bench.until(execution)
        assert row.status == "SUCCEEDED", row.cause
        assert "CreationDate" in json.loads(row.output or "")["StateMachines"][0]
        execution = await bench.begin(one("aws-sdk:sfn:sendTaskSuccess", {"TaskToken": "x", "Output": {"a": 1}}))
        row = await bench.until(execution)
        assert row.error == "Sfn.InvalidTokenException"
        assert "(Service: Sfn, Status Code: 400, Request ID: " in str(row.cause)
        execution = await bench.begin(one("aws-sdk:sfn:deleteStateMachine", {"StateMachineArn": row.machine.arn}))
        assert (await bench.until(execution)).status == "FAILED"  # workflows operate, they do not design
    finally:
        local.install(None)


async def test_calls_do_not_hold_the_loop(bench: Bench) -> None:
    """Forty calls at once; the loop keeps its pace meanwhile."""
    EMULATOR.endpoint()
    worst = 0.0

    async def watch() -> None:
        nonlocal worst
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.01)
            worst = max(worst, time.perf_counter() - before - 0.01)

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(result_of("aws-sdk:dynamodb:describeTable", {"TableName": "Orders"}) for _ in range(40)))
    watching.cancel()
    assert worst < 2.0


# -- the table of jobs

def test_states_of_an_ecs_task() -> None:
    ecs = JOBS["ecs", "runTask"]
    for expected, described in [
        ("running", {"LastStatus": "RUNNING", "Containers": []}),
        ("good", {"LastStatus": "STOPPED", "Containers": [{"ExitCode": 0}]}),
        ("bad", {"LastStatus": "STOPPED", "Containers": [{"ExitCode": 0}, {"ExitCode": 1}]}),
        ("bad", {"LastStatus": "STOPPED", "Containers": [{}]}),
        ("bad", {"LastStatus": "STOPPED", "StopCode": "TaskFailedToStart", "Containers": []}),
    ]:
        assert state_of(ecs, {"Tasks": [described]}) == expected


def test_arguments_come_from_parameters_and_result() -> None:
    values = {"params": {"JobName": "j"}, "result": {"JobRunId": "r"}}
    assert filled(JOBS["glue", "startJobRun"].arguments, values) == {"JobName": "j", "RunId": "r"}
    assert filled(JOBS["glue", "startJobRun"].stop_arguments, values) == {"JobName": "j", "JobRunIds": ["r"]}


# -- the emulator

def test_the_emulator_ends_with_its_server_however_that_ends() -> None:
    """A process that started an emulator is killed by SIGKILL; nothing is left of it."""
    code = ("import django, time; django.setup(); from executions.integrations.aws.emulator import EMULATOR; "
            "EMULATOR.endpoint(); print(EMULATOR.pid, flush=True); time.sleep(600)")
    server = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE,
                              env={**os.environ, "DJANGO_SETTINGS_MODULE": "designer.settings"})
    assert server.stdout is not None
    pid = int(server.stdout.readline())
    assert Path(f"/proc/{pid}").exists()
    server.kill()
    server.wait()
    server.stdout.close()
    until = time.monotonic() + 20
    while _lives(pid):
        assert time.monotonic() < until, "the emulator outlived its server"
        time.sleep(0.05)


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_an_emulator_that_died_is_started_again() -> None:
    emulator = Emulator()
    first = emulator.endpoint()
    pid = emulator.pid
    assert pid is not None
    os.kill(pid, 9)
    while emulator.running:
        time.sleep(0.01)
    assert emulator.endpoint() != first or emulator.pid != pid
    emulator.close()
    assert not emulator.running
