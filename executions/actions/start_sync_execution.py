"""Run an Express execution and wait for its end (api.md section 10)."""

from __future__ import annotations

import uuid

from designer.actions.check_definition import invalid_definition
from designer.arns import check_name, express_arn
from designer.asl.problems import DefinitionError
from designer.errors import ActionError
from designer.permissions import Actor, Permission, require
from executions.actions import gateway
from executions.actions.gateway import FinishedExecution, NewExecution
from executions.actions.start_execution import check_input
from executions.actions.targets import find_target
from executions.store.writes import storable


async def start_sync_execution(
    actor: Actor, machine_arn: str, input: str | None = None, *, name: str | None = None,
    trace_header: str | None = None,
) -> tuple[NewExecution, FinishedExecution]:
    """What ran and how it ended; nothing of it is kept, and a server that ends takes it with it.

    As start_execution; StateMachineTypeNotSupported for a Standard machine.
    """
    require(actor, Permission.OPERATE)
    text = check_input(input)
    name = check_name(name) if name is not None else str(uuid.uuid4())
    target = await find_target(machine_arn)
    if target.kind != "EXPRESS":
        message = "This operation is not supported by this type of state machine"
        raise ActionError("StateMachineTypeNotSupported", message)
    new = NewExecution(
        arn=express_arn(target.machine_arn, name, str(uuid.uuid4())), name=name, machine_arn=target.machine_arn,
        machine_name=target.name, machine_id=target.machine_id, revision_id=target.revision_id,
        role_arn=target.role_arn, input=text, kind=target.kind, version_arn=target.version_arn,
        alias_arn=target.alias_arn, trace_header=storable(trace_header), started_by=actor.user_id or None)
    try:
        return new, await gateway.engine().run_to_end(new)
    except DefinitionError as error:
        raise invalid_definition(error.problems) from None
