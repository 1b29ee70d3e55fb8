"""One thing done with a whole result: stop or redrive many executions, with a reason for each that could not be.

The executions are written down first, so that the result is the one that was seen, progress can be asked for, and a
restart goes on where it was.  What was stopped can be redriven, what was redriven can be stopped: that is the undoing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

from django.db import transaction
from django.utils import timezone

from designer.errors import ActionError
from designer.models import User
from designer.people.actors import actor_of
from designer.permissions import Actor, Permission, require
from executions.actions import gateway
from executions.actions.redrive_execution import redrive_execution
from executions.actions.redrive_on_revision import redrive_on_revision
from executions.actions.redrive_plan import plan_redrive
from executions.actions.stop_execution import stop_execution
from executions.approvals import audit
from executions.lists.models import BulkAction, BulkItem
from executions.models import Execution
from executions.store import in_thread

log = logging.getLogger(__name__)

MOST: Final = 100_000  # executions of one action
AT_ONCE: Final = 16  # of them under way
NOTED: Final = 200  # outcomes written together
FITTING: Final = {"STOP": ("RUNNING",), "REDRIVE": ("FAILED", "TIMED_OUT", "ABORTED")}
UNDOES: Final = {"STOP": "REDRIVE", "REDRIVE": "STOP"}

_running: dict[int, asyncio.Task[None]] = {}


def begin(
    actor: Actor, kind: str, ids: Iterable[int], *, query: str = "", cause: str = "", latest: bool = False,
    undoes: BulkAction | None = None,
) -> BulkAction:
    """Write down what is to be done, and begin; called from a thread.

    `kind` STOP or REDRIVE; `latest` redrives on the current revision of the machine where that fits.
    ValidationException when there is nothing to do, or too much.
    """
    require(actor, Permission.OPERATE)
    wanted = list(dict.fromkeys(islice(ids, MOST + 1)))
    if not wanted:
        raise ActionError("ValidationException", "None of these executions can be "
                          f"{'stopped' if kind == 'STOP' else 'redriven'}. Choose others.")
    if len(wanted) > MOST:
        raise ActionError("ValidationException", f"These are more than {MOST:,} executions. Narrow the list.")
    with transaction.atomic():
        action = BulkAction.objects.create(
            kind=kind, query=query[:1000], cause=cause, latest=latest, total=len(wanted), undoes=undoes,
            started_by_id=actor.user_id or None)
        BulkItem.objects.bulk_create(
            (BulkItem(action=action, execution=id) for id in wanted), batch_size=1_000)
        audit.append(actor.name, f"executions.bulk_{kind.lower()}", f"bulk:{action.pk}", {
            "executions": len(wanted), "query": query, "cause": cause})
    _go(action.pk, actor)
    return action


def undo(actor: Actor, action: BulkAction) -> BulkAction:
    """Redrive what an action has stopped, stop what it has redriven."""
    kind = UNDOES[action.kind]
    done = list(action.items.filter(outcome="DONE").values_list("execution", flat=True))
    return begin(actor, kind, eligible(kind, done), query=f"undo of {action.pk}", undoes=action,
                 cause=f"Undone: bulk action {action.pk}")


def eligible(kind: str, ids: Sequence[int]) -> list[int]:
    """Those of `ids` that can be stopped or redriven as they stand, in the same order."""
    fit: set[int] = set()
    for start in range(0, len(ids), 500):
        fit.update(Execution.objects.filter(
            pk__in=ids[start:start + 500], status__in=FITTING[kind], kind="STANDARD").values_list("pk", flat=True))
    return [id for id in ids if id in fit]


def cancel(actor: Actor, action: BulkAction) -> None:
    """Let no further execution be taken up; what is done stays done."""
    require(actor, Permission.OPERATE)
    BulkAction.objects.filter(pk=action.pk, status="RUNNING").update(status="CANCELLED", ended_at=timezone.now())


def resume() -> None:
    """Go on with what the server's end interrupted; at the start, in the engine's loop."""
    loop = asyncio.get_running_loop()
    _running[0] = loop.create_task(_resume(), name="bulk")


async def _resume() -> None:
    for action, actor in await in_thread(_interrupted):
        _running[action] = asyncio.get_running_loop().create_task(_run(action, actor), name=f"bulk-{action}")


def _interrupted() -> list[tuple[int, Actor]]:
    rows = BulkAction.objects.filter(status="RUNNING").select_related("started_by")
    return [(row.pk, actor_of(row.started_by)) for row in rows if isinstance(row.started_by, User)]


async def close() -> None:
    """The server ends; what is not done goes on after its next start."""
    tasks = list(_running.values())
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    _running.clear()


def _go(action: int, actor: Actor) -> None:
    loop = gateway.engine().loop

    def start() -> None:
        task = loop.create_task(_run(action, actor), name=f"bulk-{action}")
        _running[action] = task
        task.add_done_callback(lambda _done: _running.pop(action, None))

    loop.call_soon_threadsafe(start)


async def _run(number: int, actor: Actor) -> None:
    try:
        action = await in_thread(BulkAction.objects.get, pk=number)
        while items := await in_thread(_next, number):
            gate = asyncio.Semaphore(AT_ONCE)
            outcomes = await asyncio.gather(*(_one(gate, action, actor, *item) for item in items))
            await in_thread(_note, number, list(zip([id for id, _ in items], outcomes, strict=True)))
        await in_thread(_end, number)
    except Exception:
        log.exception("The bulk action %d broke off; it goes on after the next start.", number)


async def _one(gate: asyncio.Semaphore, action: BulkAction, actor: Actor, id: int, arn: str | None) -> str:
    """Why it could not be done; "" when it was."""
    if arn is None:
        return "It is not there any more."
    async with gate:
        try:
            if action.kind == "STOP":
                await _stop(actor, id, arn, action.cause)
            else:
                await _redrive(actor, id, arn, action.latest)
        except ActionError as error:
            return error.message
        except Exception as error:
            log.exception("The execution %s could not be treated.", arn)
            return f"{type(error).__name__}: {error}"
    return ""


async def _stop(actor: Actor, id: int, arn: str, cause: str) -> None:
    status = await in_thread(lambda: Execution.objects.values_list("status", flat=True).get(pk=id))
    if status != "RUNNING":
        raise ActionError("ValidationException", f"It had ended already ({status}).")
    await stop_execution(actor, arn, cause=cause or None)


async def _redrive(actor: Actor, id: int, arn: str, latest: bool) -> None:
    if latest and (number := await in_thread(_newer_revision, id)) is not None:
        await redrive_on_revision(actor, arn, number)
    else:
        await redrive_execution(actor, arn)


def _newer_revision(id: int) -> int | None:
    """The current revision of the machine, if the execution ran under another one and fits it."""
    row = Execution.objects.select_related("machine__current", "revision").get(pk=id)
    current = row.machine.current
    if current is None or current.pk == row.revision_id:
        return None
    return current.number if plan_redrive(id, current.number).possible else None


def _next(number: int) -> list[tuple[int, str | None]]:
    """(id, ARN) of the next executions; none when it was cancelled."""
    if not BulkAction.objects.filter(pk=number, status="RUNNING").exists():
        return []
    ids = list(BulkItem.objects.filter(action=number, outcome="").order_by("execution").values_list(
        "execution", flat=True)[:NOTED])
    arns = dict(Execution.objects.filter(pk__in=ids).values_list("pk", "arn"))
    return [(id, arns.get(id)) for id in ids]


def _note(number: int, outcomes: list[tuple[int, str]]) -> None:
    with transaction.atomic():
        done = [id for id, reason in outcomes if not reason]
        BulkItem.objects.filter(action=number, execution__in=done).update(outcome="DONE")
        for id, reason in outcomes:
            if reason:
                BulkItem.objects.filter(action=number, execution=id).update(outcome="FAILED", reason=reason[:300])
        action = BulkAction.objects.select_for_update().get(pk=number)
        action.succeeded += len(done)
        action.failed += len(outcomes) - len(done)
        action.save(update_fields=["succeeded", "failed"])


def _end(number: int) -> None:
    BulkAction.objects.filter(pk=number, status="RUNNING").update(status="DONE", ended_at=timezone.now())
