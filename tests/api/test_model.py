"""Requests against AWS's service model: the texts are those of recorded answers (api.md section 1)."""

from __future__ import annotations

import pytest

from designer.errors import ActionError
from executions.api.door import MODEL

ROUTE = {"stateMachineVersionArn": "arn:1", "weight": 50}
ALIAS_PATTERN = r"^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$"


def one(value, path, constraint):
    broken = f"Value{value} at '{path}' failed to satisfy constraint: Member must {constraint}"
    return f"1 validation error detected: {broken}"


@pytest.mark.parametrize(("operation", "request_", "message"), [
    ("ListStateMachines", {"maxResults": 1001}, one(" '1001'", "maxResults", "have value less than or equal to 1000")),
    ("ListStateMachines", {"maxResults": -1}, one(" '-1'", "maxResults", "have value greater than or equal to 0")),
    ("ListStateMachines", {"nextToken": "x" * 1025},
     one(f" '{'x' * 1025}'", "nextToken", "have length less than or equal to 1024")),
    ("ListStateMachines", {"nextToken": ""}, one(" ''", "nextToken", "have length greater than or equal to 1")),
    ("ListExecutions", {"statusFilter": "succeeded"},
     one(" 'succeeded'", "statusFilter",
         "satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]")),
    ("StartExecution", {}, one(" null", "stateMachineArn", "not be null")),
    ("StartExecution", {"stateMachineArn": None}, one(" null", "stateMachineArn", "not be null")),
    # What the model calls sensitive is not shown.
    ("StartExecution", {"stateMachineArn": "arn:a", "input": "x" * 262145},
     one("", "input", "have length less than or equal to 262144")),
    ("StartExecution", {"stateMachineArn": "arn:a", "traceHeader": "é"},
     one(" 'é'", "traceHeader", r"satisfy regular expression pattern: \p{ASCII}*")),
    ("CreateStateMachineAlias", {"name": "123", "routingConfiguration": [ROUTE]},
     one(" '123'", "name", f"satisfy regular expression pattern: {ALIAS_PATTERN}")),
    ("CreateStateMachineAlias", {"name": "a", "routingConfiguration": [ROUTE, ROUTE | {"weight": 101}]},
     one(" '101'", "routingConfiguration.2.member.weight", "have value less than or equal to 100")),
    ("CreateStateMachineAlias", {"name": "a", "routingConfiguration": [ROUTE] * 3},
     one(" '[" + ", ".join(["RoutingConfigurationListItem(stateMachineVersionArn=arn:1, weight=50)"] * 3) + "]'",
         "routingConfiguration", "have length less than or equal to 2")),
])
def test_a_broken_constraint_is_told_as_aws_tells_it(operation, request_, message):
    with pytest.raises(ActionError) as refused:
        MODEL.validate(operation, request_)
    assert (refused.value.code, refused.value.message) == ("ValidationException", message)


def test_all_broken_constraints_are_told_at_once():
    with pytest.raises(ActionError) as refused:
        MODEL.validate("CreateStateMachine", {"name": "x" * 81, "type": "FAST"})
    assert refused.value.message.startswith("4 validation errors detected: Value 'xxx")
    assert refused.value.message.endswith(
        "Value null at 'definition' failed to satisfy constraint: Member must not be null; "
        "Value null at 'roleArn' failed to satisfy constraint: Member must not be null; "
        "Value 'FAST' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, EXPRESS]")


@pytest.mark.parametrize(("operation", "request_", "message"), [
    ("StartExecution", [], "Start of list found where not expected."),
    ("StartExecution", 5, "NUMBER_VALUE can not be converted to a StartExecutionInput"),
    ("StartExecution", {"stateMachineArn": 5}, "NUMBER_VALUE can not be converted to a String"),
    ("StartExecution", {"stateMachineArn": {}}, "Start of structure or map found where not expected."),
    ("ListStateMachines", {"maxResults": "5"}, "STRING_VALUE can not be converted to an Integer"),
    ("ListStateMachines", {"maxResults": 5.5}, "NUMBER_VALUE can not be converted to an Integer"),
    ("ListStateMachines", {"maxResults": True}, "BOOLEAN_VALUE can not be converted to an Integer"),
    ("GetExecutionHistory", {"executionArn": "a", "reverseOrder": "true"},
     "STRING_VALUE can not be converted to a Boolean"),
    ("TagResource", {"resourceArn": "a", "tags": {}}, "Start of structure or map found where not expected."),
])
def test_a_member_of_the_wrong_type_is_a_serialization_error(operation, request_, message):
    with pytest.raises(ActionError) as refused:
        MODEL.validate(operation, request_)
    assert (refused.value.code, refused.value.message) == ("SerializationException", message)


def test_unknown_and_null_members_are_left_out():
    given = {"stateMachineArn": "arn:a", "name": None, "maxResults": 5.0, "colour": "red"}
    assert MODEL.validate("ListExecutions", given) == {"stateMachineArn": "arn:a", "maxResults": 5}


@pytest.mark.parametrize(("operation", "request_", "path"), [
    ("TagResource", {"resourceArn": "arn:a", "tags": [None]}, "tags.1.member"),
    ("UntagResource", {"resourceArn": "arn:a", "tagKeys": ["a", None]}, "tagKeys.2.member"),
    ("UpdateStateMachineAlias", {"stateMachineAliasArn": "arn:a", "routingConfiguration": [None]},
     "routingConfiguration.1.member"),
])
def test_items_may_not_be_null(operation, request_, path):
    with pytest.raises(ActionError) as refused:
        MODEL.validate(operation, request_)
    assert (refused.value.code, refused.value.message) == ("ValidationException", one(" null", path, "not be null"))


def test_a_request_may_not_be_null():
    with pytest.raises(ActionError) as refused:
        MODEL.validate("ListStateMachines", None)
    assert refused.value.code == "SerializationException"


def test_half_a_surrogate_pair_becomes_a_question_mark():
    assert MODEL.validate("StartExecution", {"stateMachineArn": "arn:a", "input": '"\ud800注"'})["input"] == '"?注"'
