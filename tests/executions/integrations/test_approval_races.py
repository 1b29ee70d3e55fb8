"""At the same instant: many who decide, a decision and a time limit, a decision and a stop.  One outcome, and the
history, the approval, the votes and the audit log agree on it."""

from __future__ import annotations

import asyncio
import json
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from designer.errors import ActionError
from designer.permissions import Actor
from executions.actions.stop_execution import stop_execution
from executions.approvals import audit, clockwork
from executions.approvals.decide import decide
from executions.approvals.models import AuditEntry, Vote
from executions.approvals.talk import withdraw
from executions.models import Approval, Signal
from executions.store import in_thread
from tests.executions.integrations.conftest import ANYBODY, Bench
from tests.executions.integrations.test_approval import asking, begin, person

DECIDED = {"approval.approved", "approval.rejected", "approval.expired", "approval.cancelled"}


def attempt(actor: Actor, approval: Approval, decision: str, gate: threading.Barrier | None = None) -> str:
    if gate is not None:
        gate.wait()
    try:
        return decide(actor, approval.public_id, decision).status
    except ActionError as error:
        return error.code
    finally:
        connection.close()


async def agree(bench: Bench, execution: int) -> str:
    """Check that everything tells of the same outcome; the approval's status."""
    row = await bench.until(execution)
    await in_thread(clockwork.look, datetime.now(UTC) + timedelta(seconds=1))
    approval = await in_thread(Approval.objects.get, token__execution_id=execution)
    votes = await in_thread(lambda: list(Vote.objects.filter(approval=approval, void=False)))
    entries = await in_thread(lambda: [entry.action for entry in audit.entries_of(f"approval:{approval.public_id}")])
    kinds = [event["type"] for event in await bench.history(execution)]
    outcomes = [each for each in entries if each in DECIDED or each in ("approval.closed", "approval.void")]
    if approval.status in ("APPROVED", "REJECTED"):
        assert row.status == "SUCCEEDED"
        assert json.loads(row.output or "")["decision"] == approval.status
        assert [vote.decision for vote in votes if vote.final] == [approval.status]
        assert outcomes == [f"approval.{approval.status.lower()}"]
        assert kinds.count("TaskSucceeded") == 1
    else:
        assert approval.status == "CLOSED"
        assert row.status in ("FAILED", "ABORTED", "TIMED_OUT")
        assert not [vote for vote in votes if vote.final]
        assert outcomes[-1] == "approval.closed"
        assert outcomes.count("approval.closed") == 1
        assert len(outcomes) in (1, 3)  # 3: decided, void, closed
        assert "TaskSucceeded" not in kinds
    assert approval.wake_at is None
    assert (await in_thread(audit.verify)).whole
    while await in_thread(Signal.objects.exists):  # what came too late is cleared behind everything else
        await asyncio.sleep(0.02)
    return str(approval.status)


async def test_200_at_once_and_one_counts(bench: Bench) -> None:
    people = await in_thread(lambda: [person(f"person{number}", "approver") for number in range(200)])
    execution, approval = await begin(bench, asking())
    gate = threading.Barrier(200)
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(200) as pool:
        results = await asyncio.gather(*(
            loop.run_in_executor(pool, attempt, one, approval, random.choice(["APPROVED", "REJECTED"]), gate)
            for one in people))
    assert await agree(bench, execution) in ("APPROVED", "REJECTED")
    assert sorted(set(results)) == sorted({"ApprovalAlreadyDecided", *set(results) & {"APPROVED", "REJECTED"}})
    assert results.count("ApprovalAlreadyDecided") == 199
    assert await in_thread(Vote.objects.count) == 1


async def test_one_person_on_200_devices_has_one_vote(bench: Bench) -> None:
    boss = await in_thread(person, "boss", "approver")
    await in_thread(person, "other", "approver")
    execution, approval = await begin(bench, asking(approvers={"users": ["boss", "other"], "needed": 2}))
    gate = threading.Barrier(40)
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(40) as pool:
        results = await asyncio.gather(*(
            loop.run_in_executor(pool, attempt, boss, approval, "APPROVED", gate) for _ in range(40)))
    assert results.count("WAITING") == 1
    assert results.count("AccessDeniedException") == 39
    assert await in_thread(Vote.objects.count) == 1
    assert (await bench.row(execution)).status == "RUNNING"


async def test_a_decision_and_the_time_limit(bench: Bench) -> None:
    tanaka = await in_thread(person, "tanaka", "approver")
    seen = set()
    for number in range(6):
        definition = asking()
        definition["States"]["Ask"]["TimeoutSeconds"] = 1
        execution, approval = await begin(bench, definition)
        await asyncio.sleep(0.9 + 0.04 * number)
        result = await asyncio.to_thread(attempt, tanaka, approval, "APPROVED")
        status = await agree(bench, execution)
        assert (result == "APPROVED") == (status == "APPROVED"), (result, status)
        seen.add(status)
    assert seen <= {"APPROVED", "CLOSED"}


async def test_a_decision_and_a_stop(bench: Bench) -> None:
    tanaka = await in_thread(person, "tanaka", "approver")
    for number in range(12):
        execution, approval = await begin(bench, asking())
        arn = (await bench.row(execution)).arn
        deciding = asyncio.create_task(asyncio.to_thread(attempt, tanaka, approval, "REJECTED"))
        await asyncio.sleep(0.004 * number)
        stopping = asyncio.create_task(stop_execution(ANYBODY, arn))
        result, stopped = await asyncio.gather(deciding, stopping, return_exceptions=True)
        assert not isinstance(result, BaseException)
        assert not isinstance(stopped, BaseException) or isinstance(stopped, ActionError)
        status = await agree(bench, execution)
        assert (result == "REJECTED") == (status == "REJECTED"), (result, status)


async def test_two_levels_at_once_each_counts_once(bench: Bench) -> None:
    """Votes that would end level one arrive while it ends: none of them falls into level two."""
    first, second = [await in_thread(person, name, "approver", "a") for name in ("first", "second")]
    await in_thread(person, "last", "approver", "b")
    execution, approval = await begin(bench, asking(levels=[{"groups": ["a"]}, {"groups": ["b"]}]))
    gate = threading.Barrier(2)
    results = await asyncio.gather(
        *(asyncio.to_thread(attempt, one, approval, "APPROVED", gate) for one in (first, second)))
    assert sorted(results) == ["AccessDeniedException", "WAITING"]
    fresh = await in_thread(Approval.objects.get, pk=approval.pk)
    assert fresh.level == 1
    assert await in_thread(Vote.objects.count) == 1
    assert (await bench.row(execution)).status == "RUNNING"


@pytest.mark.parametrize("rival", ["due", "withdrawn"])
async def test_a_decision_and_what_ends_it_otherwise(bench: Bench, rival: str) -> None:
    tanaka = await in_thread(person, "tanaka", "approver")
    admin = await in_thread(person, "root", "administrator")
    for _ in range(5):
        execution, approval = await begin(bench, asking(due=3600))
        later = datetime.now(UTC) + timedelta(hours=2)

        def end(approval: Approval = approval, later: datetime = later) -> None:
            try:
                if rival == "due":
                    clockwork.look(later)
                else:
                    withdraw(admin, approval.public_id)
            except ActionError:
                pass
            finally:
                connection.close()

        result, _ = await asyncio.gather(
            asyncio.to_thread(attempt, tanaka, approval, "APPROVED"), asyncio.to_thread(end))
        row = await bench.until(execution)
        status = (await in_thread(Approval.objects.get, pk=approval.pk)).status
        wanted = {"due": "Approval.Expired", "withdrawn": "Approval.Cancelled"}[rival]
        assert (row.status, row.error) == (("SUCCEEDED", None) if status == "APPROVED" else ("FAILED", wanted))
        assert (result == "APPROVED") == (status == "APPROVED")
        ends = await in_thread(lambda pk=approval.public_id: [
            entry.action for entry in AuditEntry.objects.filter(subject=f"approval:{pk}") if entry.action in DECIDED])
        assert ends == [f"approval.{status.lower()}"]
