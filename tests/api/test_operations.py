"""The operations on machines, versions, aliases, tags and activities: what they answer and refuse."""

from __future__ import annotations

import asyncio
import inspect
import json

import pytest
from django.core import signing

from designer import machines
from designer.actions.delete_state_machine import begin_deletion, finish_deletion
from designer.asl.checker import check
from designer.errors import ActionError
from designer.models import Alias, Revision, StateMachine, Tag, User, Version
from designer.permissions import Actor, permissions_of
from designer.settings import CONFIG
from executions.api.door import MODEL
from executions.api.operations import (
    activities,
    aliases,
    definitions,
    executions,
    histories,
    map_runs,
    state_machines,
    tags,
    versions,
)

pytestmark = pytest.mark.django_db

P = f"arn:aws:states:{CONFIG.region}:{CONFIG.account}"
MACHINE = f"{P}:stateMachine:order"
ROLE = "arn:aws:iam::123456789012:role/run"
PASS = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}'
OTHER = '{"StartAt": "B", "States": {"B": {"Type": "Pass", "End": true}}}'
FUNCTIONS = {
    function.__name__: function
    for room in (activities, aliases, definitions, executions, histories, map_runs, state_machines, tags, versions)
    for function in vars(room).values() if inspect.isfunction(function) and function.__module__ == room.__name__
}
NAMES = {
    "create_alias": "CreateStateMachineAlias", "update_alias": "UpdateStateMachineAlias",
    "delete_alias": "DeleteStateMachineAlias", "describe_alias": "DescribeStateMachineAlias",
    "list_aliases": "ListStateMachineAliases", "publish_version": "PublishStateMachineVersion",
    "delete_version": "DeleteStateMachineVersion", "list_versions": "ListStateMachineVersions",
    "list_tags": "ListTagsForResource", "describe_for_execution": "DescribeStateMachineForExecution",
    "validate_definition": "ValidateStateMachineDefinition",
}


@pytest.fixture
def actor():
    user = User.objects.create(username="ada")
    return Actor(user.pk, "ada", frozenset(), permissions_of(frozenset({"designer"})))


@pytest.fixture
def ask(actor):
    """Call an operation as the door does, without signature and threads."""

    def ask(name, /, **request):
        operation = NAMES.get(name, "".join(word.capitalize() for word in name.split("_")))
        answer = FUNCTIONS[name](actor, MODEL.validate(operation, request))
        return answer if isinstance(answer, dict) else json.loads(answer)

    return ask


@pytest.fixture
def create(ask):
    def create(name="order", /, **request):
        return ask("create_state_machine", **{"name": name, "definition": PASS, "roleArn": ROLE} | request)

    return create


def refusal(call, *args, **kwargs):
    with pytest.raises(ActionError) as refused:
        call(*args, **kwargs)
    return refused.value.code, refused.value.message


# -- creating


def test_a_created_machine_is_described_as_aws_describes_it(ask, create):
    assert create() == {"stateMachineArn": MACHINE, "creationDate": pytest.approx(machines.now().timestamp(), abs=60)}
    described = ask("describe_state_machine", stateMachineArn=MACHINE)
    created = described.pop("creationDate")
    assert created == StateMachine.objects.get().created_at.timestamp()
    assert described == {
        "stateMachineArn": MACHINE, "name": "order", "status": "ACTIVE", "definition": PASS, "roleArn": ROLE,
        "type": "STANDARD", "loggingConfiguration": {"level": "OFF", "includeExecutionData": False},
        "tracingConfiguration": {"enabled": False}, "encryptionConfiguration": {"type": "AWS_OWNED_KEY"}}
    assert ask("describe_state_machine", stateMachineArn=MACHINE, includedData="METADATA_ONLY")["definition"] == "{}"


def test_creating_the_same_again_answers_the_same(create):
    first = create(tags=[{"key": "a", "value": "1"}])
    assert create(roleArn=ROLE + "2", tags=[{"key": "b", "value": "2"}]) == first
    assert Revision.objects.count() == 1
    assert list(Tag.objects.values_list("key", "value")) == [("a", "1")]


@pytest.mark.parametrize("changes", [
    {"definition": PASS.replace(": ", ":")},  # compared as text
    {"type": "EXPRESS"},
    {"tracingConfiguration": {"enabled": True}},
    {"loggingConfiguration": {"level": "OFF", "includeExecutionData": True}},
    {"publish": True},
])
def test_creating_something_else_under_a_taken_name_is_refused(create, changes):
    create()
    assert refusal(create, **changes) == ("StateMachineAlreadyExists", f"State Machine Already Exists: '{MACHINE}'")
    assert Version.objects.count() == 0


def test_publishing_at_creation_is_part_of_what_is_compared(create):
    first = create(publish=True, versionDescription="one")
    assert first["stateMachineVersionArn"] == f"{MACHINE}:1"
    assert create(publish=True, versionDescription="one") == first
    assert refusal(create, publish=True, versionDescription="two")[0] == "StateMachineAlreadyExists"
    assert refusal(create)[0] == "StateMachineAlreadyExists"


CMK = {"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "alias/k"}
LOG = {"cloudWatchLogsLogGroup": {"logGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:/a/b:*"}}


@pytest.mark.parametrize(("changes", "code", "message"), [
    ({"name": "a b"}, "InvalidName", "Invalid Name: 'a b'"),
    ({"roleArn": "role"}, "InvalidArn", "Invalid Arn: 'Invalid ARN prefix: role'"),
    ({"versionDescription": "v"}, "ValidationException", "Version description can only be set when publish is true"),
    ({"definition": "{}"}, "InvalidDefinition",
     "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /'"),
    ({"loggingConfiguration": {"level": "ALL"}}, "InvalidLoggingConfiguration",
     "Invalid Logging Configuration: Must specify exactly one Log Destination."),
    ({"loggingConfiguration": {"level": "ALL", "destinations": [LOG, LOG]}}, "InvalidLoggingConfiguration",
     "Invalid Logging Configuration: Must specify exactly one Log Destination."),
    ({"loggingConfiguration": {"level": "ALL", "destinations": [
        {"cloudWatchLogsLogGroup": {"logGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:/a/b"}}]}},
     "InvalidLoggingConfiguration", "Invalid Logging Configuration: Log Destination not found."),
    ({"encryptionConfiguration": {"type": "CUSTOMER_MANAGED_KMS_KEY"}}, "InvalidEncryptionConfiguration", None),
    ({"encryptionConfiguration": CMK | {"type": "AWS_OWNED_KEY"}}, "InvalidEncryptionConfiguration", None),
    ({"tags": [{"key": "aws:x", "value": ""}]}, "ValidationException", None),
    ({"tags": [{"key": "a<b", "value": ""}]}, "ValidationException", None),
    ({"tags": [{"key": f"k{n}", "value": ""} for n in range(51)]}, "TooManyTags", None),
])
def test_what_cannot_be_created_leaves_nothing_behind(create, changes, code, message):
    refused = refusal(create, **changes)
    assert refused[0] == code
    assert message is None or refused[1] == message
    assert StateMachine.objects.count() == Revision.objects.count() == Tag.objects.count() == 0


def test_configurations_are_kept_in_full(ask, create):
    create(encryptionConfiguration=CMK, loggingConfiguration={"level": "ALL", "destinations": [LOG]})
    described = ask("describe_state_machine", stateMachineArn=MACHINE)
    assert described["encryptionConfiguration"] == CMK | {"kmsDataKeyReusePeriodSeconds": 300}
    assert described["loggingConfiguration"] == {"level": "ALL", "includeExecutionData": False, "destinations": [LOG]}


# -- changing


def test_a_change_makes_a_revision_and_the_same_again_none(ask, create):
    create()
    first = ask("update_state_machine", stateMachineArn=MACHINE, definition=OTHER)
    assert set(first) == {"updateDate", "revisionId"}
    described = ask("describe_state_machine", stateMachineArn=MACHINE)
    assert (described["definition"], described["revisionId"]) == (OTHER, first["revisionId"])
    again = ask("update_state_machine", stateMachineArn=MACHINE, definition=OTHER, roleArn=ROLE)
    assert again["revisionId"] == first["revisionId"]
    second = ask("update_state_machine", stateMachineArn=MACHINE, roleArn=ROLE + "2")
    assert second["revisionId"] != first["revisionId"]
    assert list(Revision.objects.order_by("number").values_list("number", "definition")) == [
        (1, PASS), (2, OTHER), (3, OTHER)]


def test_configurations_change_without_a_revision(ask, create):
    create()
    updated = ask("update_state_machine", stateMachineArn=MACHINE, tracingConfiguration={"enabled": True})
    assert set(updated) == {"updateDate"}
    assert ask("describe_state_machine", stateMachineArn=MACHINE)["tracingConfiguration"] == {"enabled": True}


def test_publishing_the_unchanged_first_revision_answers_no_revision_id(ask, create):
    create(publish=True)
    updated = ask("update_state_machine", stateMachineArn=MACHINE, definition=PASS, publish=True)
    assert set(updated) == {"updateDate", "stateMachineVersionArn"}
    assert updated["stateMachineVersionArn"] == f"{MACHINE}:1"


NOTHING = "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified"


@pytest.mark.parametrize(("request_", "code", "message"), [
    ({"stateMachineArn": MACHINE}, "MissingRequiredParameter", NOTHING),
    ({"stateMachineArn": MACHINE, "publish": True}, "MissingRequiredParameter", NOTHING),
    ({"stateMachineArn": MACHINE, "definition": "{"}, "InvalidDefinition", None),
    ({"stateMachineArn": MACHINE, "roleArn": "x"}, "InvalidArn", "Invalid Arn: 'Invalid ARN prefix: x'"),
    ({"stateMachineArn": f"{MACHINE}:1", "definition": OTHER}, "StateMachineDoesNotExist",
     f"State Machine Does Not Exist: '{MACHINE}:1'"),
    ({"stateMachineArn": f"{MACHINE}2", "definition": OTHER}, "StateMachineDoesNotExist",
     f"State Machine Does Not Exist: '{MACHINE}2'"),
    ({"stateMachineArn": f"{MACHINE}/L", "definition": OTHER}, "ValidationException", None),
    ({"stateMachineArn": f"{P}:activity:a", "definition": OTHER}, "InvalidArn",
     "Invalid Arn: 'Resource type not valid in this context: activity'"),
    ({"stateMachineArn": MACHINE, "definition": OTHER, "versionDescription": "v"}, "ValidationException",
     "Version description can only be set when publish is true"),
])
def test_what_cannot_be_changed_stays(ask, create, request_, code, message):
    create(publish=True)
    refused = refusal(ask, "update_state_machine", **request_)
    assert refused[0] == code
    assert message is None or refused[1] == message
    assert Revision.objects.count() == 1


# -- deleting


def test_a_machine_that_is_being_deleted_takes_no_change(ask, create, actor):
    create(publish=True, tags=[{"key": "a", "value": "1"}])
    ask("create_alias", name="PROD", routingConfiguration=[route(1)])
    machine = begin_deletion(actor, MACHINE)
    assert ask("describe_state_machine", stateMachineArn=MACHINE)["status"] == "DELETING"
    assert Version.objects.count() == Alias.objects.count() == Tag.objects.count() == 0
    for call in (lambda: create(), lambda: ask("publish_version", stateMachineArn=MACHINE),
                 lambda: ask("update_state_machine", stateMachineArn=MACHINE, definition=OTHER)):
        assert refusal(call) == ("StateMachineDeleting", f"State Machine is being deleted: '{MACHINE}'")
    finish_deletion(machine.pk)
    assert StateMachine.objects.count() == Revision.objects.count() == 0
    assert begin_deletion(actor, MACHINE) is None
    create()


@pytest.mark.parametrize(("arn", "code"), [
    (f"{MACHINE}:1", "ValidationException"), (f"{MACHINE}:PROD", "ValidationException"),
    (f"{MACHINE}/Files", "ValidationException"), (f"{P}:activity:a", "InvalidArn"), ("x", "InvalidArn"),
])
def test_only_a_machine_itself_is_deleted(create, actor, arn, code):
    create(publish=True)
    assert refusal(begin_deletion, actor, arn)[0] == code
    assert StateMachine.objects.get().status == "ACTIVE"


# -- versions


def test_versions_are_numbered_and_never_used_again(ask, create):
    create()
    assert ask("publish_version", stateMachineArn=MACHINE)["stateMachineVersionArn"] == f"{MACHINE}:1"
    assert ask("publish_version", stateMachineArn=MACHINE)["stateMachineVersionArn"] == f"{MACHINE}:1"
    ask("update_state_machine", stateMachineArn=MACHINE, definition=OTHER, publish=True)
    assert ask("delete_version", stateMachineVersionArn=f"{MACHINE}:2") == {}
    assert ask("delete_version", stateMachineVersionArn=f"{MACHINE}:2") == {}
    assert ask("publish_version", stateMachineArn=MACHINE, description="three")["stateMachineVersionArn"].endswith(":3")
    listed = ask("list_versions", stateMachineArn=MACHINE)["stateMachineVersions"]
    assert [item["stateMachineVersionArn"] for item in listed] == [f"{MACHINE}:3", f"{MACHINE}:1"]
    described = ask("describe_state_machine", stateMachineArn=f"{MACHINE}:3")
    assert (described["stateMachineArn"], described["description"]) == (f"{MACHINE}:3", "three")
    assert "description" not in ask("describe_state_machine", stateMachineArn=f"{MACHINE}:1")
    assert ask("describe_state_machine", stateMachineArn=f"{MACHINE}:1")["definition"] == PASS


def test_publishing_another_revision_than_the_current_is_a_conflict(ask, create):
    create()
    current = ask("update_state_machine", stateMachineArn=MACHINE, definition=OTHER)["revisionId"]
    assert refusal(ask, "publish_version", stateMachineArn=MACHINE, revisionId="INITIAL") == (
        "ConflictException", "Failed to publish the State Machine version for revision INITIAL. "
        f"The current State Machine revision is {current}.")
    assert ask("publish_version", stateMachineArn=MACHINE, revisionId=current)["stateMachineVersionArn"].endswith(":1")


# -- aliases


def route(number, weight=100):
    return {"stateMachineVersionArn": f"{MACHINE}:{number}", "weight": weight}


@pytest.fixture
def two_versions(ask, create):
    create(publish=True)
    ask("update_state_machine", stateMachineArn=MACHINE, definition=OTHER, publish=True)


def test_an_alias_is_made_changed_listed_and_deleted(ask, two_versions):
    created = ask("create_alias", name="PROD", description="live", routingConfiguration=[route(1)])
    assert created["stateMachineAliasArn"] == f"{MACHINE}:PROD"
    assert ask("create_alias", name="PROD", description="live", routingConfiguration=[route(1)]) == created
    assert refusal(ask, "create_alias", name="PROD", description="?", routingConfiguration=[route(1)]) == (
        "ConflictException", "Failed to create alias because an alias with the same name and a different "
        "routing configuration already exists.")
    assert refusal(ask, "delete_version", stateMachineVersionArn=f"{MACHINE}:1") == (
        "ConflictException", "Version to be deleted must not be referenced by an alias. "
        "Current list of aliases referencing this version: [PROD]")
    ask("update_alias", stateMachineAliasArn=f"{MACHINE}:PROD", routingConfiguration=[route(1, 30), route(2, 70)])
    described = ask("describe_alias", stateMachineAliasArn=f"{MACHINE}:PROD")
    assert (described["name"], described["description"]) == ("PROD", "live")
    assert described["routingConfiguration"] == [route(1, 30), route(2, 70)]
    ask("create_alias", name="TEST", routingConfiguration=[route(2)])
    listed = ask("list_aliases", stateMachineArn=MACHINE)["stateMachineAliases"]
    assert [item["stateMachineAliasArn"] for item in listed] == [f"{MACHINE}:PROD", f"{MACHINE}:TEST"]
    of_first = ask("list_aliases", stateMachineArn=f"{MACHINE}:1")["stateMachineAliases"]
    assert [item["stateMachineAliasArn"] for item in of_first] == [f"{MACHINE}:PROD"]
    assert ask("delete_alias", stateMachineAliasArn=f"{MACHINE}:PROD") == {}
    assert refusal(ask, "update_alias", stateMachineAliasArn=f"{MACHINE}:PROD", description="x") == (
        "ResourceNotFound", "Request references a resource that does not exist.")


@pytest.mark.parametrize(("routing", "code", "message"), [
    ([route(1, 50), route(1, 50)], "ValidationException", "Routing configuration must contain distinct state machine "
     f"version ARNs. Received: [{MACHINE}:1, {MACHINE}:1]"),
    ([{"stateMachineVersionArn": MACHINE, "weight": 70}, route(2, 30)], "ValidationException",
     f"Routing configuration must contain state machine version ARNs. Received: [{MACHINE}, {MACHINE}:2]"),
    ([route(1, 70), route(2, 29)], "ValidationException",
     "Sum of routing configuration weights must equal 100. Received: [70, 29]"),
    ([route(1, 50), {"stateMachineVersionArn": f"{P}:stateMachine:b:1", "weight": 50}], "ValidationException",
     f"Routing configuration must contain versions of the same state machine. Received: [{MACHINE}:1, "
     f"{P}:stateMachine:b:1]"),
    ([route(9)], "ResourceNotFound", "Request references a resource that does not exist."),
])
def test_a_routing_must_be_right(ask, two_versions, routing, code, message):
    assert refusal(ask, "create_alias", name="PROD", routingConfiguration=routing) == (code, message)
    assert Alias.objects.count() == 0


# -- tags and activities


def test_tags_are_added_changed_and_removed(ask, create):
    create()
    ask("tag_resource", resourceArn=MACHINE, tags=[{"key": "a", "value": "1"}, {"key": "b", "value": ""}])
    ask("tag_resource", resourceArn=MACHINE, tags=[{"key": "a", "value": "2"}, {"key": "部", "value": "営業"}])
    ask("untag_resource", resourceArn=MACHINE, tagKeys=["b", "absent"])
    assert ask("list_tags", resourceArn=MACHINE)["tags"] == [
        {"key": "a", "value": "2"}, {"key": "部", "value": "営業"}]


@pytest.mark.parametrize("arn", [f"{MACHINE}2", f"{MACHINE}:1", f"{P}:activity:none"])
@pytest.mark.parametrize(("name", "request_"), [
    ("tag_resource", {"tags": []}), ("untag_resource", {"tagKeys": []}), ("list_tags", {}),
])
def test_what_cannot_be_tagged_is_not_found(ask, create, arn, name, request_):
    create(publish=True)
    assert refusal(ask, name, resourceArn=arn, **request_) == ("ResourceNotFound", f"Resource not found: '{arn}'")


def test_an_activity_lives_and_dies(ask):
    created = ask("create_activity", name="pack", tags=[{"key": "a", "value": "1"}])
    arn = created["activityArn"]
    assert arn == f"{P}:activity:pack"
    assert ask("create_activity", name="pack") == created
    assert ask("describe_activity", activityArn=arn) == created | {
        "name": "pack", "encryptionConfiguration": {"type": "AWS_OWNED_KEY"}}
    assert ask("list_tags", resourceArn=arn)["tags"] == [{"key": "a", "value": "1"}]
    assert ask("list_activities")["activities"] == [created | {"name": "pack"}]
    assert ask("delete_activity", activityArn=arn) == ask("delete_activity", activityArn=arn) == {}
    assert refusal(ask, "describe_activity", activityArn=arn) == (
        "ActivityDoesNotExist", f"Activity Does Not Exist: '{arn}'")
    sealed = ask("create_activity", name="sealed", encryptionConfiguration=CMK)
    assert ask("create_activity", name="sealed", encryptionConfiguration=CMK) == sealed
    assert ask("describe_activity", activityArn=sealed["activityArn"])["encryptionConfiguration"]["type"] == CMK["type"]
    assert refusal(ask, "create_activity", name="sealed") == (
        "ActivityAlreadyExists", f"Activity Already Exists: '{sealed['activityArn']}'")


# -- pages


@pytest.mark.parametrize("size", [1, 2, 3, 4, 100])
def test_lists_come_in_pages(ask, create, size):
    for number in range(5):
        create(f"m{number}")
    names, token = [], {}
    while token is not None:
        page = ask("list_state_machines", maxResults=size, **token)
        names += [item["name"] for item in page["stateMachines"]]
        token = {"nextToken": page["nextToken"]} if "nextToken" in page else None
    assert names == [f"m{number}" for number in range(5)]


def test_a_page_token_is_good_for_its_question_only(ask, two_versions, create, monkeypatch):
    create("other", publish=True)
    token = ask("list_versions", stateMachineArn=MACHINE, maxResults=1)["nextToken"]
    page = ask("list_versions", stateMachineArn=MACHINE, maxResults=5, nextToken=token)
    assert [item["stateMachineVersionArn"] for item in page["stateMachineVersions"]] == [f"{MACHINE}:1"]
    for name, request_ in [
        ("list_versions", {"stateMachineArn": f"{P}:stateMachine:other", "nextToken": token}),
        ("list_aliases", {"stateMachineArn": MACHINE, "nextToken": token}),
        ("list_versions", {"stateMachineArn": MACHINE, "nextToken": token[:-1]}),
        ("list_versions", {"stateMachineArn": MACHINE, "nextToken": "garbled"}),
    ]:
        assert refusal(ask, name, **request_) == ("InvalidToken", "Invalid Token: 'Invalid token'")
    later = signing.time.time() + 24 * 3600 + 5
    monkeypatch.setattr(signing.time, "time", lambda: later)
    assert refusal(ask, "list_versions", stateMachineArn=MACHINE, nextToken=token)[0] == "InvalidToken"


# -- definitions


def test_validation_lists_errors_and_on_request_warnings(ask):
    assert ask("validate_definition", definition=PASS) == {"result": "OK", "diagnostics": [], "truncated": False}
    broken = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "X"}, "B": {"Type": "Pass", "Next": "Y"}}}'
    found = ask("validate_definition", definition=broken)
    assert found["result"] == "FAIL"
    assert {item["severity"] for item in found["diagnostics"]} == {"ERROR"}
    first = ask("validate_definition", definition=broken, maxResults=1)
    assert first == {"result": "FAIL", "diagnostics": found["diagnostics"][:1], "truncated": True}


def test_validation_gives_only_diagnostics_that_aws_has(ask):
    definition = json.dumps({"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Assign": {"unused": 1}, "Parameters": {"a": "$.b"}, "Next": "B"},
        "B": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsPresent": True, "Next": "A"}], "Default": "C"},
        "C": {"Type": "Succeed"},
    }})  # fmt: skip
    assert "UNUSED_VARIABLE" in {problem.code for problem in check(definition)}
    found = ask("validate_definition", definition=definition, severity="WARNING")
    assert {item["code"] for item in found["diagnostics"]} == {"NO_DOLLAR"}


# -- executions that are not there


@pytest.mark.parametrize(("name", "arn", "code", "message"), [
    (name, arn, code, message)
    for name in ("describe_execution", "get_execution_history", "describe_for_execution", "list_map_runs")
    for arn, code, message in [
        ("nonsense", "InvalidArn", "Invalid Arn: 'Invalid ARN prefix: nonsense'"),
        (MACHINE, "InvalidArn", "Invalid Arn: 'Resource type not valid in this context: stateMachine'"),
        (f"{P}:express:order:e:u", "InvalidArn", "Invalid Arn: 'Resource type not valid in this context: express'"),
        (f"{P}:execution:order:e", "ExecutionDoesNotExist", f"Execution Does Not Exist: '{P}:execution:order:e'"),
    ]
])
def test_executions_that_are_not_there(ask, name, arn, code, message):
    assert refusal(ask, name, executionArn=arn) == (code, message)


@pytest.mark.parametrize(("request_", "code"), [
    ({}, "ValidationException"),
    ({"stateMachineArn": MACHINE, "mapRunArn": f"{P}:mapRun:order/L:u"}, "ValidationException"),
    ({"stateMachineArn": f"{MACHINE}2"}, "StateMachineDoesNotExist"),
    ({"stateMachineArn": f"{P}:stateMachine:fast"}, "StateMachineTypeNotSupported"),
    ({"stateMachineArn": MACHINE, "statusFilter": "PENDING_REDRIVE"}, "ValidationException"),
    ({"mapRunArn": f"{P}:mapRun:order/L:u"}, "ResourceNotFound"),
    ({"stateMachineArn": "x"}, "InvalidArn"),
])
def test_lists_of_executions_that_cannot_be(ask, create, request_, code):
    create()
    create("fast", type="EXPRESS")
    assert refusal(ask, "list_executions", **request_)[0] == code


# -- permissions


@pytest.mark.parametrize(("name", "request_"), [
    ("create_state_machine", {"name": "n", "definition": PASS, "roleArn": ROLE}),
    ("update_state_machine", {"stateMachineArn": MACHINE, "definition": OTHER}),
    ("publish_version", {"stateMachineArn": MACHINE}),
    ("delete_version", {"stateMachineVersionArn": f"{MACHINE}:1"}),
    ("create_alias", {"name": "P", "routingConfiguration": [route(1)]}),
    ("update_alias", {"stateMachineAliasArn": f"{MACHINE}:P", "description": "d"}),
    ("delete_alias", {"stateMachineAliasArn": f"{MACHINE}:P"}),
    ("tag_resource", {"resourceArn": MACHINE, "tags": []}),
    ("untag_resource", {"resourceArn": MACHINE, "tagKeys": []}),
    ("create_activity", {"name": "a"}),
    ("delete_activity", {"activityArn": f"{P}:activity:a"}),
    ("start_execution", {"stateMachineArn": MACHINE}),
    ("stop_execution", {"executionArn": f"{P}:execution:order:e"}),
    ("get_activity_task", {"activityArn": f"{P}:activity:a"}),
    ("update_map_run", {"mapRunArn": f"{P}:mapRun:order/L:u"}),
])
def test_a_viewer_changes_nothing(name, request_):
    viewer = Actor(0, "vi", frozenset(), permissions_of(frozenset({"viewer"})))

    def call():
        answer = FUNCTIONS[name](viewer, request_)
        return asyncio.run(answer) if inspect.iscoroutine(answer) else answer

    assert refusal(call)[0] == "AccessDeniedException"


@pytest.mark.parametrize(("name", "request_"), [
    ("describe_state_machine", {"stateMachineArn": MACHINE}), ("list_state_machines", {}),
    ("list_versions", {"stateMachineArn": MACHINE}), ("list_aliases", {"stateMachineArn": MACHINE}),
    ("describe_alias", {"stateMachineAliasArn": f"{MACHINE}:P"}), ("list_tags", {"resourceArn": MACHINE}),
    ("describe_execution", {"executionArn": f"{P}:execution:order:e"}),
    ("get_execution_history", {"executionArn": f"{P}:execution:order:e"}),
    ("describe_for_execution", {"executionArn": f"{P}:execution:order:e"}),
    ("list_executions", {"stateMachineArn": MACHINE}), ("list_map_runs", {"executionArn": "x"}),
    ("list_activities", {}), ("describe_activity", {"activityArn": f"{P}:activity:a"}),
    ("describe_map_run", {"mapRunArn": f"{P}:mapRun:order/L:u"}), ("validate_definition", {"definition": PASS}),
])
def test_an_approver_sees_nothing(name, request_):
    approver = Actor(0, "ap", frozenset(), permissions_of(frozenset({"approver"})))
    assert refusal(FUNCTIONS[name], approver, request_)[0] == "AccessDeniedException"
