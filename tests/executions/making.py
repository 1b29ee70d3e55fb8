"""Rows that tests of the store, the worker and the actions need."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from designer.arns import activity_arn, execution_arn, machine_arn
from designer.models import Revision, StateMachine
from designer.permissions import Actor, Permission
from executions.actions.gateway import NewExecution
from executions.models import Activity
from executions.store import Write
from executions.worker.committer import Committer

ACCOUNT, REGION = "000000000000", "us-east-1"
ROLE = "arn:aws:iam::000000000000:role/test"
OPERATOR = Actor(0, "tester", frozenset(), frozenset(Permission))
NOBODY = Actor(0, "nobody", frozenset(), frozenset())


def machine(definition: dict[str, Any], name: str = "", kind: str = "STANDARD") -> StateMachine:
    """A state machine with one revision."""
    name = name or f"m-{uuid.uuid4().hex[:8]}"
    row = StateMachine.objects.create(
        account=ACCOUNT, region=REGION, name=name, arn=machine_arn(ACCOUNT, REGION, name), kind=kind,
        created_at=timezone.now())
    row.current = Revision.objects.create(
        machine=row, number=1, revision_id="INITIAL", definition=json.dumps(definition), role_arn=ROLE,
        created_at=timezone.now())
    row.save()
    return row


def revise(row: StateMachine, definition: dict[str, Any]) -> Revision:
    """One more revision of a machine, which is current from now on."""
    number = row.revisions.count() + 1
    row.current = Revision.objects.create(
        machine=row, number=number, revision_id=str(number), definition=json.dumps(definition), role_arn=ROLE,
        created_at=timezone.now())
    row.save()
    return row.current


def activity(name: str = "") -> str:
    """The ARN of a new activity."""
    name = name or f"a-{uuid.uuid4().hex[:8]}"
    arn = activity_arn(ACCOUNT, REGION, name)
    Activity.objects.create(account=ACCOUNT, region=REGION, name=name, arn=arn, created_at=timezone.now())
    return arn


def new_execution(row: StateMachine, input: Any = None, name: str = "") -> NewExecution:
    """What the engine is asked to start."""
    assert row.current_id is not None
    name = name or uuid.uuid4().hex
    return NewExecution(
        arn=execution_arn(row.arn, name), name=name, machine_arn=row.arn, machine_name=row.name, machine_id=row.pk,
        revision_id=row.current_id, role_arn=ROLE, input=json.dumps({} if input is None else input), kind=row.kind)


def states(start: str, **parts: dict[str, Any]) -> dict[str, Any]:
    """A definition; every state that names no Next ends."""
    for state in parts.values():
        if "Next" not in state and state["Type"] not in ("Succeed", "Fail", "Choice"):
            state["End"] = True
    return {"StartAt": start, "States": parts}


async def committed(writes: Sequence[Write]) -> Sequence[Any]:
    """What the commit thread has to say of them."""
    landed: asyncio.Future[Sequence[Any]] = asyncio.get_running_loop().create_future()
    thread = Committer(asyncio.get_running_loop(), lambda _, outcomes: landed.set_result(outcomes))
    thread.add(writes)
    thread.start()
    try:
        return await landed
    finally:
        await asyncio.to_thread(thread.stop)
