"""New executions, starts that meet one of the same name, and ended ones that run again."""

from __future__ import annotations

import asyncio
import secrets

from designer.asl.jsontext import dumps
from designer.asl.model import Machine
from designer.errors import ActionError
from executions.actions.gateway import NewExecution, StartedExecution
from executions.engine.run import RUNNING, Run
from executions.store import Taken, in_thread, load_run, new_id
from executions.store.writes import ExecutionRow, Reopening
from executions.worker.machines import Machines
from executions.worker.slot import Slot


def new_slot(new: NewExecution, machine: Machine, now: int, started: asyncio.Future[Taken | None]) -> Slot:
    """An execution that has not taken its first step; `now` in ms since the epoch."""
    run = Run(
        id=new_id(), arn=new.arn, name=new.name, machine_arn=new.machine_arn, machine_name=new.machine_name,
        role_arn=new.role_arn, input=new.input, started_at=now, seed=secrets.token_hex(24), kind=new.kind,
        version_arn=new.version_arn, alias_arn=new.alias_arn)
    return Slot(run, machine, new.machine_id, new=row_of(new, run), started=started)


async def reopened(execution: int, machines: Machines, reopening: Reopening) -> Slot | None:
    """An execution that has ended, as its last commit left it, about to be redriven; None when it has not ended."""
    loaded = await in_thread(load_run, execution)
    if loaded is None or not loaded.run.ended:
        return None
    machine = await machines.get(reopening.revision_id or loaded.revision_id)
    if reopening.revision_id is not None:
        loaded.run.version_arn = loaded.run.alias_arn = None  # it runs on neither any more
    return Slot(loaded.run, machine, loaded.machine_id, reopening=reopening)


def row_of(new: NewExecution, run: Run) -> ExecutionRow:
    """The row of an execution that has not taken its first step."""
    _, _, _, region, account, *_ = new.arn.split(":")
    return ExecutionRow(
        id=run.id, arn=new.arn, account=account, region=region, name=new.name, kind=new.kind,
        machine_id=new.machine_id, revision_id=new.revision_id, version_arn=new.version_arn, alias_arn=new.alias_arn,
        role_arn=new.role_arn, status=RUNNING, input=new.input, output=None, error=None, cause=None,
        started_at=run.started_at, stopped_at=None, started_by_id=new.started_by, trace_header=new.trace_header,
        parent_id=new.parent_execution, parent_ask=new.parent_ask, seed=run.seed, header=dumps(run.header.dump()))


def of_same_name(known: Slot | Taken, new: NewExecution) -> StartedExecution:
    """StartExecution is idempotent by name and input while the execution runs (api.md section 6)."""
    if isinstance(known, Slot):
        run = known.run
        known = Taken(run.id, run.arn, run.header.status, run.input, run.started_at)
    if known.status != RUNNING or known.input != new.input:
        raise ActionError("ExecutionAlreadyExists", f"Execution Already Exists: '{new.arn}'")
    return StartedExecution(known.id, known.arn, known.started_at, existed=True)
