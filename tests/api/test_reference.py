"""api.md line by line, where no recording and no other test says it: what is refused, with which words and reasons."""

from __future__ import annotations

import pytest

from designer.actions import create_alias, publish_version
from designer.errors import ActionError
from tests.api.test_operations import CMK, MACHINE, OTHER, PASS, ROLE, P, actor, ask, create, route, two_versions

__all__ = ["actor", "ask", "create", "two_versions"]
pytestmark = pytest.mark.django_db

LABELLED = f"{MACHINE}/Files"
REASON = {"reason": "API_DOES_NOT_SUPPORT_LABELED_ARNS"}
NO_ROUTING = {"reason": "INVALID_ROUTING_CONFIGURATION"}


def refused(call, *args, **kwargs):
    with pytest.raises(ActionError) as found:
        call(*args, **kwargs)
    return found.value.code, found.value.members


# §2: ARNs


@pytest.mark.parametrize(("name", "request_"), [
    ("describe_state_machine", {"stateMachineArn": LABELLED}),
    ("update_state_machine", {"stateMachineArn": LABELLED, "definition": PASS}),
    ("list_executions", {"stateMachineArn": LABELLED}),
    ("list_versions", {"stateMachineArn": LABELLED}),
    ("list_aliases", {"stateMachineArn": LABELLED}),
    ("create_alias", {"name": "a", "routingConfiguration": [{"stateMachineVersionArn": LABELLED, "weight": 100}]}),
])
def test_labelled_machines_are_not_taken(ask, create, name, request_):
    create()
    assert refused(ask, name, **request_) == ("ValidationException", REASON)


@pytest.mark.parametrize(("name", "member"), [
    ("describe_state_machine", "stateMachineArn"), ("update_state_machine", "stateMachineArn"),
    ("publish_version", "stateMachineArn"), ("list_versions", "stateMachineArn"), ("list_aliases", "stateMachineArn"),
    ("delete_version", "stateMachineVersionArn"), ("delete_alias", "stateMachineAliasArn"),
    ("describe_alias", "stateMachineAliasArn"), ("describe_activity", "activityArn"),
    ("delete_activity", "activityArn"), ("describe_execution", "executionArn"),
    ("describe_for_execution", "executionArn"), ("list_map_runs", "executionArn"), ("describe_map_run", "mapRunArn"),
    ("list_executions", "mapRunArn"), ("get_execution_history", "executionArn"), ("list_tags", "resourceArn"),
])
@pytest.mark.parametrize("arn", ["nonsense", "arn:aws:lambda:us-east-1:000000000000:function:f", f"{P}:thing:a",
                                 f"{P}:stateMachine:", "arn:aws:states:::stateMachine:a:b:c:d:e:f"])
def test_an_arn_of_another_kind_is_invalid(ask, name, member, arn):
    extra = {"definition": PASS} if name == "update_state_machine" else {}
    code, _ = refused(ask, name, **{member: arn}, **extra)
    assert code in {"InvalidArn", "ValidationException"}
    if not arn.startswith(f"{P}:stateMachine"):
        assert code == "InvalidArn"


# §3: names


@pytest.mark.parametrize("character", " <>{}[]?*\"#%\\^|~`$&,;:/\n\x00\x1f\x7f\x9f")
def test_characters_that_no_name_may_have(ask, character):
    for name, request in (("create_state_machine", {"definition": PASS, "roleArn": ROLE}), ("create_activity", {})):
        code, _ = refused(ask, name, name=f"a{character}b", **request)
        assert code == "InvalidName"


@pytest.mark.parametrize(("name", "code"), [("1", "ValidationException"), ("a b", "ValidationException"),
                                            ("x" * 81, "ValidationException"), ("", "ValidationException")])
def test_names_that_no_alias_may_have(ask, two_versions, name, code):
    assert refused(ask, "create_alias", name=name, routingConfiguration=[route(1)])[0] == code


# §4, §7: encryption, quotas


@pytest.mark.parametrize("encryption", [
    {"type": "AWS_OWNED_KEY", "kmsKeyId": "alias/k"}, {"type": "CUSTOMER_MANAGED_KMS_KEY"},
    {"type": "AWS_OWNED_KEY", "kmsDataKeyReusePeriodSeconds": 60},
])
def test_encryption_that_cannot_be(ask, create, encryption):
    assert refused(create, encryptionConfiguration=encryption)[0] == "InvalidEncryptionConfiguration"
    assert refused(ask, "create_activity", name="a", encryptionConfiguration=encryption)[0] == (
        "InvalidEncryptionConfiguration")


def test_the_period_of_a_key_has_a_default(ask, create):
    create(encryptionConfiguration=CMK)
    assert ask("describe_state_machine", stateMachineArn=MACHINE)["encryptionConfiguration"] == CMK | {
        "kmsDataKeyReusePeriodSeconds": 300}


def test_a_machine_has_so_many_versions_and_aliases(ask, two_versions, monkeypatch):
    monkeypatch.setattr(publish_version, "MAX_VERSIONS", 2)
    monkeypatch.setattr(create_alias, "MAX_ALIASES", 1)
    ask("update_state_machine", stateMachineArn=MACHINE, definition=PASS)
    assert refused(ask, "publish_version", stateMachineArn=MACHINE)[0] == "ServiceQuotaExceededException"
    ask("create_alias", name="one", routingConfiguration=[route(1)])
    assert refused(ask, "create_alias", name="two", routingConfiguration=[route(1)])[0] == (
        "ServiceQuotaExceededException")


# §9: versions and aliases


@pytest.mark.parametrize("routing", [
    [route(1, 101)], [route(1, 99)], [route(1, 50), route(1, 50)], [{"stateMachineVersionArn": MACHINE, "weight": 100}],
])
def test_a_wrong_routing_says_that_it_is_the_routing(ask, two_versions, routing):
    code, members = refused(ask, "create_alias", name="live", routingConfiguration=routing)
    assert (code, members) in [("ValidationException", NO_ROUTING), ("ValidationException", {})]
    ask("create_alias", name="live", routingConfiguration=[route(1)])
    assert refused(ask, "update_alias", stateMachineAliasArn=f"{MACHINE}:live", routingConfiguration=routing)[0] == (
        "ValidationException")


def test_an_alias_stays_with_its_machine(ask, create, two_versions):
    create("other", publish=True)
    ask("create_alias", name="live", routingConfiguration=[route(1)])
    theirs = [{"stateMachineVersionArn": f"{P}:stateMachine:other:1", "weight": 100}]
    assert refused(ask, "update_alias", stateMachineAliasArn=f"{MACHINE}:live", routingConfiguration=theirs) == (
        "ValidationException", NO_ROUTING)
    assert refused(ask, "update_alias", stateMachineAliasArn=f"{MACHINE}:live") == (
        "ValidationException", {"reason": "MISSING_REQUIRED_PARAMETER"})


def test_a_version_keeps_what_was_published(ask, create):
    create(publish=True, versionDescription="first")
    ask("update_state_machine", stateMachineArn=MACHINE, definition=OTHER)
    described = ask("describe_state_machine", stateMachineArn=f"{MACHINE}:1")
    assert (described["definition"], described["description"], described["stateMachineArn"]) == (
        PASS, "first", f"{MACHINE}:1")
    assert refused(ask, "describe_state_machine", stateMachineArn=f"{MACHINE}:2")[0] == "StateMachineDoesNotExist"
    assert refused(ask, "update_state_machine", stateMachineArn=f"{MACHINE}:1", definition=PASS)[0] == (
        "StateMachineDoesNotExist")
    assert refused(create, "new", versionDescription="without publish") == ("ValidationException", {})


@pytest.mark.parametrize("arn", [f"{MACHINE}:1", f"{MACHINE}:live"])
def test_versions_and_aliases_have_no_tags(ask, two_versions, arn):
    ask("create_alias", name="live", routingConfiguration=[route(1)])
    assert refused(ask, "tag_resource", resourceArn=arn, tags=[{"key": "a", "value": "b"}]) == (
        "ResourceNotFound", {"resourceName": arn})


def test_aliases_that_are_not_there(ask, two_versions):
    for name in ("describe_alias", "delete_alias"):
        assert refused(ask, name, stateMachineAliasArn=f"{MACHINE}:none")[0] == "ResourceNotFound"


# §10: executions


@pytest.mark.parametrize("name", ["describe_execution", "get_execution_history", "describe_for_execution"])
def test_express_executions_cannot_be_read(ask, name):
    code, _ = refused(ask, name, executionArn=f"{P}:express:order:e:6a7e9b32-0f5c-4c3e-9a64-3f1f9a1f0000")
    assert code == "InvalidArn"


def test_express_machines_have_no_list(ask, create):
    create(type="EXPRESS")
    assert refused(ask, "list_executions", stateMachineArn=MACHINE)[0] == "StateMachineTypeNotSupported"


# §14: tags


@pytest.mark.parametrize(("tags", "code"), [
    ([{"key": f"k{n}", "value": ""} for n in range(51)], "TooManyTags"),
    ([{"key": "aws:a", "value": ""}], "ValidationException"),
    ([{"key": "a!", "value": ""}], "ValidationException"),
])
def test_tags_that_cannot_be(ask, create, tags, code):
    create()
    assert refused(ask, "tag_resource", resourceArn=MACHINE, tags=tags)[0] == code
    assert ask("untag_resource", resourceArn=MACHINE, tagKeys=["none"]) == {}
