"""Redrive an execution that has failed, timed out or been stopped (api.md section 11)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from designer import arns
from designer.errors import ActionError
from designer.permissions import Actor, Permission, require
from executions.actions import gateway
from executions.engine.redrive import REDRIVABLE
from executions.models import Execution, Redrive
from executions.store import in_thread, last_event

_DAY: Final = 24 * 3600 * 1000  # ms
REDRIVABLE_FOR: Final = 14 * _DAY
LONGEST_RUN: Final = 365 * _DAY
MOST_EVENTS: Final = 24_999
MOST_REDRIVES: Final = 1_000
TOKENS_KEPT: Final = 10
TOKEN_VALID: Final = 15 * 60 * 1000  # ms


async def redrive_execution(
    actor: Actor, arn: str, client_token: str | None = None, revision: int | None = None,
) -> int:
    """Let it run again from where it failed; the time of the redrive (ms since the epoch), after the commit.

    The same client token again within 15 minutes answers the same time.  `revision` (the id of a row that was found
    to fit) pins it anew; without, it runs on the definition it is pinned to, as in AWS.  InvalidArn,
    ExecutionDoesNotExist, ExecutionNotRedrivable, ExecutionLimitExceeded.
    """
    require(actor, Permission.OPERATE)
    parsed = arns.parse(arn, arns.EXECUTION, arns.EXPRESS)
    if parsed.kind == arns.EXPRESS:
        raise arns.invalid_arn(f"Resource type not valid in this context: {parsed.kind}")
    execution, count, known = await in_thread(_prepare, arn, client_token)
    if known is not None:
        return known
    if not await gateway.engine().redrive(
            execution, count, client_token, actor.user_id or None, revision):
        raise _refused(await in_thread(_reason_now, execution))
    return await in_thread(_redriven_at, execution)


def why_not_redrivable(
    status: str, machine_status: str, started_at: int, stopped_at: int | None, redrives: int, now: int,
    count_events: Callable[[], int],
) -> str | None:
    """AWS's reason, None for an execution that can be redriven.  Times in ms; events are counted only if need be."""
    if status not in REDRIVABLE:
        return f"Execution is {status} and cannot be redriven"
    if machine_status == "DELETING":
        return "State machine is in DELETING status"
    stopped = now if stopped_at is None else stopped_at
    if stopped - started_at >= LONGEST_RUN:
        return "Execution has exceeded the max execution time"
    if now - stopped > REDRIVABLE_FOR:
        return "Execution redrivable period exceeded"
    if redrives >= MOST_REDRIVES:
        return "Execution redrive limit exceeded"
    if count_events() >= MOST_EVENTS:
        return "Execution history event limit exceeded"
    return None


def _prepare(arn: str, client_token: str | None) -> tuple[int, int, int | None]:
    """(execution, number of the next redrive, time of the redrive that had this token)."""
    row = Execution.objects.select_related("machine").filter(arn=arn).first()
    if row is None:
        raise ActionError("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'")
    now = time.time_ns() // 1_000_000
    if client_token is not None:
        last = list(Redrive.objects.filter(execution=row).order_by("-count")[:TOKENS_KEPT])
        for redrive in last:
            if redrive.client_token == client_token and now - redrive.at <= TOKEN_VALID:
                return row.pk, redrive.count, redrive.at
    reason = reason_against(row, now)
    if reason is not None:
        raise _refused(reason)
    return row.pk, row.redrive_count + 1, None


def reason_against(row: Execution, now: int) -> str | None:
    """Why this row (with its machine) cannot be redriven now; None when it can."""
    return why_not_redrivable(
        row.status, row.machine.status, row.started_at, row.stopped_at, row.redrive_count, now,
        lambda: last_event(row.pk))


def _reason_now(execution: int) -> str:
    """Why the engine could not: what has changed in this moment, or what is missing."""
    row = Execution.objects.select_related("machine").filter(pk=execution).first()
    reason = None if row is None else reason_against(row, time.time_ns() // 1_000_000)
    return reason or "Execution is being redriven or is not kept any more"


def _redriven_at(execution: int) -> int:
    at = Execution.objects.values_list("redrive_at", flat=True).get(pk=execution)
    if at is None:
        raise ActionError("InternalFailure", "The execution was not redriven; see the server's log.")
    return at


def _refused(reason: str) -> ActionError:
    return ActionError("ExecutionNotRedrivable", reason)
