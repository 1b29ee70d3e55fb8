"""Ended executions are removed in time, in small steps; what runs is left alone, until it has run for a year."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError

from designer.models import StateMachine
from executions.actions import limits
from executions.actions.limits import Limits
from executions.integrations.kinds import Send, TaskRequest
from executions.models import Execution, Frame, HistorySegment, Invocation, Retention, TaskToken
from executions.store import in_thread, retention
from executions.worker import housekeeping
from tests.executions.making import machine, new_execution, states
from tests.executions.worker.conftest import Bench
from tests.executions.worker.test_recovery import CALLBACK

PASS = states("P", P={"Type": "Pass"})
FAIL = states("F", F={"Type": "Fail"})
WAIT = states("W", W={"Type": "Wait", "Seconds": 3600})
DAY = 24 * 3600 * 1000


@pytest.fixture(autouse=True)
def usual() -> Iterator[None]:
    yield
    limits._current = Limits()


async def aged(bench: Bench, row: StateMachine, days: float) -> int:
    """An execution as if it had been started, and had ended unless it runs, so many days ago."""
    started = await bench.engine.start(new_execution(row))
    at = started.started_at - int(days * DAY)

    def age() -> None:
        Execution.objects.filter(pk=started.id).update(started_at=at)
        Execution.objects.filter(pk=started.id).exclude(status="RUNNING").update(stopped_at=at)

    await in_thread(age)
    return started.id


async def left() -> set[int]:
    return set(await in_thread(lambda: list(Execution.objects.values_list("pk", flat=True))))


async def test_each_machine_keeps_its_executions_for_its_time(bench: Bench) -> None:
    usual, short, ever = [await in_thread(machine, PASS) for _ in range(3)]
    await in_thread(Retention.objects.create, machine=short, days=7)
    await in_thread(Retention.objects.create, machine=ever, days=0)
    keep = {await aged(bench, usual, 89), await aged(bench, short, 6), await aged(bench, ever, 9999)}
    keep.add(await aged(bench, await in_thread(machine, WAIT), 100))
    for row, days in ((usual, 91), (short, 8)):
        await aged(bench, row, days)
    assert await bench.engine.housekeeping.remove_the_ended() == 2
    assert await left() == keep
    assert set(await in_thread(lambda: list(HistorySegment.objects.values_list("execution", flat=True)))) == keep


async def test_express_executions_are_kept_for_hours_and_only_the_newest(bench: Bench) -> None:
    limits._current = Limits(express_history_hours=2, express_history_executions=3)
    row, standard = await in_thread(machine, PASS, kind="EXPRESS"), await in_thread(machine, PASS)
    await aged(bench, row, 3 / 24)
    ids = [await aged(bench, row, 1 / 24) for _ in range(5)]
    kept = await aged(bench, standard, 1)
    assert await bench.engine.housekeeping.remove_the_ended() == 3
    assert await left() == {*ids[2:], kept}


async def test_what_an_execution_leaves_behind_goes_in_small_steps(
    bench: Bench, monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def hang(request: TaskRequest, send: Send) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(retention, "ROWS", 2)
    monkeypatch.setattr(housekeeping, "PAUSE", 0.0)
    bench.integration.work = hang
    definition = states("P", P={"Type": "Parallel", "Branches": [CALLBACK] * 3 + [FAIL]})
    id = await aged(bench, await in_thread(machine, definition), 91)
    segments = [HistorySegment(execution_id=id, first_id=n, last_id=n, events="[]") for n in range(100, 105)]
    await in_thread(HistorySegment.objects.bulk_create, segments)
    steps: list[bool] = []
    real = retention.remove_some

    def remove_some(ids: Any) -> bool:
        steps.append(real(ids))
        return steps[-1]

    monkeypatch.setattr(retention, "remove_some", remove_some)
    assert await bench.engine.housekeeping.remove_the_ended() == 1
    assert len(steps) >= 3 + 2
    for model in (Execution, HistorySegment, Frame, TaskToken, Invocation):
        assert await in_thread(model._default_manager.count) == 0, model


async def test_a_busy_database_is_waited_for(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    await aged(bench, await in_thread(machine, PASS), 91)
    failures: list[Exception] = [OperationalError("database is locked")]
    real = retention.remove_some

    def remove_some(ids: Any) -> bool:
        if failures:
            raise failures.pop()
        return real(ids)

    monkeypatch.setattr(retention, "remove_some", remove_some)
    assert await bench.engine.housekeeping.remove_the_ended() == 1
    assert await left() == set()


async def test_executions_run_while_others_are_removed(bench: Bench) -> None:
    row = await in_thread(machine, PASS)
    for _ in range(60):
        await aged(bench, row, 91)
    removing = asyncio.ensure_future(bench.engine.housekeeping.remove_the_ended())
    news = [await bench.engine.start(new_execution(row)) for _ in range(20)]
    assert await removing == 60
    assert await left() == {new.id for new in news}


async def test_an_execution_of_a_years_age_ends(bench: Bench) -> None:
    row = await in_thread(machine, WAIT)
    young, old = [await bench.engine.start(new_execution(row)) for _ in range(2)]
    bench.engine._stepper.slots[old.id].run.started_at -= 365 * DAY
    bench.engine.housekeeping.end_the_old()
    assert (await bench.until(old.id)).status == "TIMED_OUT"
    assert (await bench.row(young.id)).status == "RUNNING"
