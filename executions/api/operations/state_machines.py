"""CreateStateMachine, UpdateStateMachine, DeleteStateMachine, DescribeStateMachine[ForExecution], ListStateMachines."""

from __future__ import annotations

from typing import Any

from designer import arns
from designer.actions import create_state_machine as create
from designer.actions import update_state_machine as update
from designer.actions.describe_state_machine import describe_state_machine as describe
from designer.actions.list_state_machines import list_state_machines as listed
from designer.asl.jsontext import loads
from designer.asl.references import variable_references
from designer.machines import FIRST_REVISION
from designer.models import Revision, StateMachine
from designer.permissions import Actor, Permission, require
from executions.actions.delete_state_machine import delete_state_machine as delete
from executions.api import pages
from executions.api.lookup import execution_not_found, no_express
from executions.models import Execution

Request = dict[str, Any]


def create_state_machine(actor: Actor, request: Request) -> Request:
    created = create.create_state_machine(
        actor, name=request["name"], definition=request["definition"], role_arn=request["roleArn"],
        kind=request.get("type", "STANDARD"), logging=request.get("loggingConfiguration"),
        tracing=request.get("tracingConfiguration"), encryption=request.get("encryptionConfiguration"),
        tags=request.get("tags", ()), publish=request.get("publish", False),
        version_description=request.get("versionDescription", ""))
    answer = {"stateMachineArn": created.machine.arn, "creationDate": created.machine.created_at.timestamp()}
    if created.version is not None:
        answer["stateMachineVersionArn"] = created.version.arn
    return answer


def update_state_machine(actor: Actor, request: Request) -> Request:
    updated = update.update_state_machine(
        actor, request["stateMachineArn"], definition=request.get("definition"), role_arn=request.get("roleArn"),
        logging=request.get("loggingConfiguration"), tracing=request.get("tracingConfiguration"),
        encryption=request.get("encryptionConfiguration"), publish=request.get("publish", False),
        version_description=request.get("versionDescription", ""))
    answer = {"updateDate": updated.updated_at.timestamp(), **_revision_id(updated.revision)}
    if updated.version is not None:
        answer["stateMachineVersionArn"] = updated.version.arn
    return answer


async def delete_state_machine(actor: Actor, request: Request) -> Request:
    await delete(actor, request["stateMachineArn"])
    return {}


def describe_state_machine(actor: Actor, request: Request) -> Request:
    found = describe(actor, request["stateMachineArn"])
    machine, version = found.machine, found.version
    answer = {
        "stateMachineArn": machine.arn, "name": machine.name, "status": machine.status, "type": machine.kind,
        "creationDate": machine.created_at.timestamp(), **_members(machine, found.revision, request)}
    if version is not None:
        answer |= {"stateMachineArn": version.arn, "creationDate": version.created_at.timestamp()}
        if version.description:
            answer["description"] = version.description
    return answer


def describe_for_execution(actor: Actor, request: Request) -> Request:
    """The machine as the execution runs it: the pinned revision."""
    require(actor, Permission.VIEW)
    arn = no_express(arns.parse(request["executionArn"], arns.EXECUTION, arns.EXPRESS))
    execution = Execution.objects.select_related("machine", "revision").filter(arn=arn.text).first()
    if execution is None:
        raise execution_not_found(arn.text)
    machine, revision = execution.machine, execution.revision
    return {
        "stateMachineArn": machine.arn, "name": machine.name, "updateDate": revision.created_at.timestamp(),
        **_members(machine, revision, request)}


def list_state_machines(actor: Actor, request: Request) -> Request:
    after = pages.position("ListStateMachines", request)
    machines, edge = listed(actor, after=after or 0, limit=pages.page_size(request))
    items = [{"stateMachineArn": machine.arn, "name": machine.name, "type": machine.kind,
              "creationDate": machine.created_at.timestamp()} for machine in machines]
    return pages.page("ListStateMachines", request, "stateMachines", items, edge)


def _members(machine: StateMachine, revision: Revision, request: Request) -> Request:
    """What both descriptions say of a machine; the required definition is `{}` when only metadata was asked for."""
    whole = request.get("includedData") != "METADATA_ONLY"
    return {
        "definition": revision.definition if whole else "{}", "roleArn": revision.role_arn,
        "loggingConfiguration": machine.logging, "tracingConfiguration": machine.tracing,
        "encryptionConfiguration": machine.encryption, **_revision_id(revision), **_references(revision)}


def _references(revision: Revision) -> Request:
    references = variable_references(loads(revision.definition))
    return {"variableReferences": references} if references else {}


def _revision_id(revision: Revision) -> Request:
    """AWS leaves the id out until the machine is updated for the first time."""
    return {} if revision.revision_id == FIRST_REVISION else {"revisionId": revision.revision_id}
