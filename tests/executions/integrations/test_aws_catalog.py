"""The table of AWS services: current, and named as Step Functions names them."""

from __future__ import annotations

import botocore.session
import pytest

from designer.asl import check_resource
from designer.asl.aws_services import find_service, service_names
from designer.asl.checker import check
from designer.asl.resources import parse_resource
from executions.integrations.aws.jobs import JOBS
from executions.integrations.aws.services import OPTIMIZED, called_by
from executions.management.commands.aws_services import client_name, row_of

LOADER = botocore.session.Session().get_component("data_loader")


def test_the_table_is_botocores() -> None:
    known = {service.name for name in service_names() if (service := find_service(name))}
    twins = {"pinpoint-sms-voice"}  # botocore has the same service as sms-voice
    assert known == set(LOADER.list_available_services("service-2")) - twins, "run: manage.py aws_services"


@pytest.mark.parametrize("name", ["dynamodb", "sqs", "glue", "bedrock-agent", "stepfunctions", "emr-serverless"])
def test_actions_are_botocores(name: str) -> None:
    key, (_, prefix, operations) = row_of(name, LOADER.load_service_model(name, "service-2"))
    service = find_service(key)
    assert service is not None
    assert (service.prefix, service.operations) == (prefix, frozenset(operations.split()))


@pytest.mark.parametrize(("service_id", "prefix"), [
    ("DynamoDB", "DynamoDb"), ("SFN", "Sfn"), ("S3", "S3"), ("CloudWatch Logs", "CloudWatchLogs"),
    ("ACM PCA", "AcmPca"), ("SageMaker A2I Runtime", "SageMakerA2IRuntime"), ("SESv2", "SesV2"), ("WAFV2", "Wafv2"),
    ("Secrets Manager", "SecretsManager"), ("IoT", "Iot"), ("EMR Serverless", "EmrServerless"),
])
def test_prefixes_are_the_java_sdks(service_id: str, prefix: str) -> None:
    assert client_name(service_id) == prefix


def test_every_optimized_action_exists() -> None:
    for name, (_, actions) in check_resource.OPTIMIZED.items():
        for action in actions.split() if name in OPTIMIZED else []:
            resource = parse_resource(f"arn:aws:states:::{name}:{action}")
            assert resource is not None
            called = called_by(resource)
            if (name, action) in {("eks", "runJob"), ("eks", "call")}:
                assert called is None
                continue
            assert called is not None
            model = LOADER.load_service_model(called.service, "service-2")
            assert called.operation in model["operations"], (name, action)


def test_every_job_calls_operations_that_there_are() -> None:
    for (name, action), job in JOBS.items():
        assert action in check_resource.OPTIMIZED[name][1].split()
        operations = LOADER.load_service_model(OPTIMIZED[name][0], "service-2")["operations"]
        assert job.look in operations, (name, action)
        assert job.stop is None or job.stop in operations, (name, action)


@pytest.mark.parametrize(("resource", "hint"), [
    ("aws-sdk:dynamodbb:getItem", "The nearest is 'dynamodb'"),
    ("aws-sdk:dynamodb:getItme", "The nearest is 'getItem'"),
    ("aws-sdk:dynamodb:GetItem", "has no action 'GetItem'"),
    ("aws-sdk:nothing12345:getItem", "There is no AWS service 'nothing12345'."),
])
def test_the_checker_refuses_what_there_is_not(resource: str, hint: str) -> None:
    state = {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "End": True}
    found = check({"StartAt": "A", "States": {"A": state}})
    assert [(problem.code, problem.severity) for problem in found] == [("INVALID_RESOURCE", "ERROR")]
    assert hint in (found[0].hint or "")


@pytest.mark.parametrize("resource", [
    "aws-sdk:dynamodb:getItem", "aws-sdk:sfn:startExecution", "aws-sdk:cloudwatchlogs:putLogEvents.waitForTaskToken",
])
def test_the_checker_takes_what_there_is(resource: str) -> None:
    state = {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Parameters": {}, "End": True}
    assert not check({"StartAt": "A", "States": {"A": state}})
