"""Approvals that wait, without an engine."""

from __future__ import annotations

import secrets
import time
from typing import Any

from django.contrib.auth.models import Group

from designer.models import User
from executions.approvals.levels import Level
from executions.approvals.request_approval import Wanted, request_approval
from executions.models import Approval, Execution, TaskToken
from tests.executions.making import ACCOUNT, REGION, ROLE, machine, states


def ask(
    title: str, *, message: str = "", data: Any = None, form: dict[str, Any] | None = None,
    users: tuple[User, ...] = (), groups: tuple[str, ...] = (), started_by: User | None = None, machine_name: str = "",
    **more: Any,
) -> Approval:
    """A waiting approval with its token and execution."""
    unique = secrets.token_hex(8)
    row = machine(states("Ask", Ask={"Type": "Pass"}), machine_name)
    now = int(time.time() * 1000)
    execution = Execution.objects.create(
        id=secrets.randbits(60), arn=f"{row.arn}:{unique}", account=ACCOUNT, region=REGION, name=f"run-{unique}",
        machine=row, revision=row.current, role_arn=ROLE, input="{}", started_at=now, started_by=started_by,
        seed=unique, header="{}")
    token = TaskToken.objects.create(
        token=unique, execution=execution, ask=7, kind="approval", resource="arn:aws:states:::approval:request",
        state="承認を求める", input="{}", opened_at=now)
    for name in groups:
        Group.objects.get_or_create(name=name)
    more.setdefault("levels", (Level(users=tuple(user.username for user in users), groups=groups),))
    wanted = Wanted(title, message=message, data={} if data is None else data, form=form or {}, **more)
    asked = request_approval(token.token, wanted)
    assert asked is not None
    return Approval.objects.select_related("token").get(public_id=asked.public_id)


def close(approval: Approval, status: str = "TIMED_OUT") -> None:
    """The workflow no longer waits."""
    Approval.objects.filter(pk=approval.pk).update(status="CLOSED", closed_reason="The task timed out.")
    TaskToken.objects.filter(pk=approval.token_id).update(status=status, closed_at=int(time.time() * 1000))
