"""SendTaskSuccess, SendTaskFailure, SendTaskHeartbeat."""

from __future__ import annotations

from typing import Any

from designer.permissions import Actor
from executions.actions.send_task_failure import send_task_failure as fail
from executions.actions.send_task_heartbeat import send_task_heartbeat as beat
from executions.actions.send_task_success import send_task_success as succeed

Request = dict[str, Any]


async def send_task_success(actor: Actor, request: Request) -> Request:
    await succeed(actor, request["taskToken"], request["output"])
    return {}


async def send_task_failure(actor: Actor, request: Request) -> Request:
    await fail(actor, request["taskToken"], error=request.get("error"), cause=request.get("cause"))
    return {}


async def send_task_heartbeat(actor: Actor, request: Request) -> Request:
    await beat(actor, request["taskToken"])
    return {}
