"""The forms of what tasks send: from botocore's shapes, and our own."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from designer.asl.check_resource import OPTIMIZED
from executions.integrations.approval.schema import FIELDS as APPROVAL
from executions.integrations.child_execution.schema import FIELDS as CHILD
from executions.integrations.forms import Field, form_of, resources
from executions.integrations.http.schema import FIELDS as HTTP
from tests.designer.people import person, signed_in


def fields(arn: str) -> dict[str, Field]:
    form = form_of(arn)
    assert form
    return {field.name: field for field in form.fields}


def test_required_members_come_first_with_kind_and_documentation() -> None:
    found = fields("arn:aws:states:::dynamodb:putItem")
    assert list(found)[:2] == ["Item", "TableName"]
    assert (found["TableName"].kind, found["TableName"].required) == ("text", True)
    assert found["TableName"].documentation.startswith("The name of the table")
    assert found["ReturnValues"].options == ("NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW")
    assert found["Item"].kind == "json"


def test_members_have_the_names_a_task_gives_them() -> None:
    assert {"Cluster", "TaskDefinition"} <= set(fields("arn:aws:states:::ecs:runTask.sync"))  # botocore: cluster


def test_an_example_has_what_is_required_inside() -> None:
    training = fields("arn:aws:states:::sagemaker:createTrainingJob.sync")
    assert set(training["AlgorithmSpecification"].example) == {"TrainingInputMode"}


def test_actions_of_the_sdk_have_forms_too() -> None:
    assert "MaxCount" in fields("arn:aws:states:::aws-sdk:ec2:runInstances")


@pytest.mark.parametrize(("arn", "known"), [
    ("arn:aws:states:::states:startExecution.sync:2", CHILD), ("arn:aws:states:::http:invoke", HTTP),
    ("arn:aws:states:::approval:request", APPROVAL)])
def test_our_own_forms_name_members_that_are_taken(arn: str, known: tuple[str, ...]) -> None:
    assert set(fields(arn)) <= set(known)


def test_every_optimized_action_is_listed_and_nearly_all_have_a_form() -> None:
    assert "arn:aws:states:::sqs:sendMessage.waitForTaskToken" in resources("sqs")
    without = [f"{service}:{action}" for service, (_, actions) in OPTIMIZED.items() for action in actions.split()
               if (form := form_of(f"arn:aws:states:::{service}:{action}")) is None or not form.fields]
    assert {"eks:runJob", "eks:call"} <= set(without)
    assert len(without) < 10  # what is no operation of AWS's SDK, and has no form of our own


def test_resources_are_found_by_words() -> None:
    assert resources("dynamodb put")[0] == "arn:aws:states:::dynamodb:putItem"
    assert "arn:aws:states:::aws-sdk:dynamodb:putItem" in resources("dynamodb put")
    assert len(resources("get")) == 100


@pytest.mark.django_db
def test_over_rest(client: Client) -> None:
    asked: Any = signed_in(person("viv", "viewer"))
    answer = asked.get("/api/v1/integrations/form/", {"resource": "arn:aws:states:::sqs:sendMessage"})
    assert {field["name"] for field in answer.json()["fields"] if field["required"]} == {"QueueUrl", "MessageBody"}
    assert asked.get("/api/v1/integrations/?search=sns+publish").json()["resources"]
    refused = asked.get("/api/v1/integrations/form/", {"resource": "arn:aws:states:::sqs:nothing"})
    assert (refused.status_code, refused.json()["code"]) == (404, "ResourceDoesNotExist")
