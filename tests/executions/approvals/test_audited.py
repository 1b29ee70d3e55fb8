"""What the audit log says besides decisions: definitions, versions, aliases, people, roles, keys, functions,
connections, and who has seen a request; never a secret."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from designer.actions.change_access_key import delete_access_key, set_access_key_active
from designer.actions.create_access_key import create_access_key
from designer.actions.create_alias import create_alias
from designer.actions.create_state_machine import create_state_machine
from designer.actions.delete_alias import delete_alias
from designer.actions.delete_state_machine import begin_deletion
from designer.actions.delete_version import delete_version
from designer.actions.publish_version import publish_version
from designer.actions.update_alias import update_alias
from designer.actions.update_state_machine import update_state_machine
from designer.errors import ActionError
from designer.people import actions as people
from designer.permissions import Actor
from executions.approvals import audit
from executions.approvals.models import AuditEntry
from executions.integrations.functions.actions import delete_function, save_function
from executions.integrations.http.connections import delete_connection, save_connection
from tests.designer.people import actor, person, signed_in
from tests.executions.approvals.asking import ask

pytestmark = pytest.mark.django_db
PASS = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}'
OTHER = PASS.replace("Pass", "Succeed").replace(', "End": true', "")
SECRET = "correct-horse-7-battery"


def entries() -> list[tuple[str, str, str]]:
    return [(entry.actor, entry.action, entry.subject) for entry in AuditEntry.objects.order_by("number")]


def actions_of(do: Callable[[Actor], Any]) -> list[str]:
    """What is noted while `do` runs as the administrator; the chain stays whole and nothing secret is in it."""
    before = AuditEntry.objects.count()
    do(actor(person("root", "administrator")))
    new = AuditEntry.objects.order_by("number")[before:]
    assert {entry.actor for entry in new} == {"root"}
    assert audit.verify().whole
    assert not [entry for entry in new if SECRET in entry.details]
    return [entry.action for entry in new]


def test_definitions_versions_and_aliases() -> None:
    def do(root: Actor) -> None:
        arn = create_state_machine(root, name="orders", definition=PASS).machine.arn
        create_state_machine(root, name="orders", definition=PASS)  # the same again is no change
        update_state_machine(root, arn, definition=OTHER, comment="shorter")
        update_state_machine(root, arn, definition=OTHER)
        version = publish_version(root, arn)
        route = [{"stateMachineVersionArn": version.arn, "weight": 100}]
        alias = create_alias(root, name="live", routing=route)  # type: ignore[arg-type]
        update_alias(root, alias.arn, description="the live one")
        delete_alias(root, alias.arn)
        delete_version(root, version.arn)
        begin_deletion(root, arn)
        begin_deletion(root, arn)

    assert actions_of(do) == ["machine.created", "machine.saved", "version.published", "alias.created", "alias.changed",
                              "alias.deleted", "version.deleted", "machine.deleted"]
    saved = json.loads(AuditEntry.objects.get(action="machine.saved").details)
    assert (saved["revision"], saved["comment"], len(saved["definition"])) == (2, "shorter", 64)


def test_people_roles_and_keys() -> None:
    def do(root: Actor) -> None:
        user, _ = people.create_person(root, username="kenji", groups=["viewer"], password=SECRET)
        people.change_person(root, user.pk, groups=["approver"])
        people.reset_password(root, user.pk, SECRET + "-2")
        people.create_group(root, "finance")
        people.set_members(root, "finance", [user.pk])
        people.delete_group(root, "finance")
        key = create_access_key(root, user.pk, label="robot", secret=SECRET).key.access_key_id
        set_access_key_active(root, key, False)
        delete_access_key(root, key)

    assert actions_of(do) == ["person.created", "person.changed", "person.password_reset", "group.created",
                              "group.members", "group.deleted", "key.created", "key.switched_off", "key.deleted"]
    assert json.loads(AuditEntry.objects.get(action="group.members").details) == {"members": ["kenji"]}


def test_functions_and_connections() -> None:
    def do(root: Actor) -> None:
        save_function(root, "price", source="def handler(event, context):\n    return 1\n",
                      environment={"TOKEN": SECRET})
        delete_function(root, "price")
        save_connection(root, "shop", kind="BASIC", settings={"username": "u", "password": SECRET})
        delete_connection(root, "shop")

    assert actions_of(do) == ["function.saved", "function.deleted", "connection.saved", "connection.deleted"]
    assert json.loads(AuditEntry.objects.get(action="connection.saved").details)["secrets"] == ["password"]


def test_what_is_refused_or_rolled_back_is_not_noted() -> None:
    root = actor(person("root", "administrator"))
    before = AuditEntry.objects.count()
    with pytest.raises(ActionError):
        create_state_machine(root, name="broken", definition="{")
    with pytest.raises(ActionError):
        delete_connection(root, "none")
    with transaction.atomic():
        people.create_group(root, "gone")
        transaction.set_rollback(True)
    assert AuditEntry.objects.count() == before


def test_who_has_seen_a_request_is_noted_once() -> None:
    tanaka = person("tanaka", "approver")
    request = ask("Lamp", users=(tanaka,))
    client = signed_in(tanaka)
    subject = f"approval:{request.public_id}"
    client.get("/approvals/")  # the list shows titles only
    assert ("tanaka", "approval.seen", subject) not in entries()
    for _ in range(2):
        assert client.get(f"/approvals/{request.public_id}/").status_code == 200
    assert entries().count(("tanaka", "approval.seen", subject)) == 1
    other = signed_in(person("other", "approver"))
    assert other.get(f"/approvals/{request.public_id}/").status_code == 404
    assert ("other", "approval.seen", subject) not in entries()
    assert audit.verify().whole
