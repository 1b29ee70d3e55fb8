"""Start an execution (api.md sections 6, 7, 10)."""

from __future__ import annotations

import uuid

from designer.actions.check_definition import invalid_definition
from designer.arns import check_name, execution_arn, express_arn
from designer.asl.problems import DefinitionError
from designer.errors import ActionError
from designer.permissions import Actor, Permission, require
from executions.actions import gateway
from executions.actions.gateway import NewExecution, StartedExecution
from executions.actions.limits import limits
from executions.actions.payloads import problem_with, too_large
from executions.actions.targets import Target, find_target
from executions.store.writes import storable


async def start_execution(
    actor: Actor,
    machine_arn: str,
    input: str | None = None,
    *,
    name: str | None = None,
    trace_header: str | None = None,
    parent_execution: int | None = None,
    parent_ask: int | None = None,
) -> StartedExecution:
    """Start an execution of a state machine, version or alias; answered after the commit that holds it.

    `input` is JSON text ("{}" when None), `name` a UUID when None.  The same name with the same input
    while it runs answers the running one.  InvalidName, InvalidExecutionInput, InvalidArn,
    StateMachineDoesNotExist, StateMachineDeleting, ResourceNotFound, ExecutionAlreadyExists, InvalidDefinition.
    """
    require(actor, Permission.OPERATE)
    text = check_input(input)
    if name is not None:
        check_name(name)
    target = await find_target(machine_arn)
    name = name or str(uuid.uuid4())
    new = NewExecution(
        arn=_arn(target, name), name=name, machine_arn=target.machine_arn, machine_name=target.name,
        machine_id=target.machine_id, revision_id=target.revision_id, role_arn=target.role_arn, input=text,
        kind=target.kind, version_arn=target.version_arn, alias_arn=target.alias_arn,
        trace_header=storable(trace_header), started_by=actor.user_id or None,
        parent_execution=parent_execution, parent_ask=parent_ask)
    try:
        return await gateway.engine().start(new)
    except DefinitionError as error:  # saved by a version that could run it
        raise invalid_definition(error.problems) from None


def check_input(text: str | None) -> str:
    """The input as it is kept, or InvalidExecutionInput."""
    if text is None:
        return "{}"
    if not text.strip():
        raise _invalid("Invalid execution input.")
    if too_large(text):
        raise _invalid(f"The input is larger than {limits().largest_payload} bytes.")
    problem = problem_with(text)
    if problem is not None:
        raise _invalid(problem)
    return text


def _invalid(reason: str) -> ActionError:
    return ActionError("InvalidExecutionInput", f"Invalid State Machine Execution Input: '{reason}'")


def _arn(target: Target, name: str) -> str:
    if target.kind == "EXPRESS":  # names need not be unique there
        return express_arn(target.machine_arn, name, str(uuid.uuid4()))
    return execution_arn(target.machine_arn, name)
