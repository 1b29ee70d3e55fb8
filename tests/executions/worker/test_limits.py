"""Limits on starts and state transitions."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from designer.errors import ActionError
from executions.actions import limits
from executions.actions.limits import Limits
from executions.engine.signals import Stopped
from executions.models import Execution, OperationalLimit
from executions.store import in_thread
from executions.worker.buckets import Bucket, Pace
from tests.executions.making import machine, new_execution, states
from tests.executions.worker.conftest import Bench

PASS = states("P", P={"Type": "Pass"})
WAIT = states("W", W={"Type": "Wait", "Seconds": 3600})
DAY = 24 * 3600 * 1000


@pytest.fixture(autouse=True)
def usual() -> Iterator[None]:
    yield
    limits._current = Limits()


def limit(**changes: int) -> None:
    limits._current = Limits(**changes)


def test_a_bucket_fills_with_time_up_to_its_size() -> None:
    now = [0.0]
    bucket = Bucket(10, 3, lambda: now[0])
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    assert bucket.wait() == pytest.approx(0.1)
    now[0] += 0.1
    assert [bucket.take() for _ in range(2)] == [True, False]
    now[0] += 1000
    assert bucket.level() == 3
    bucket.spend(13)
    assert bucket.wait() == pytest.approx(1.1)


def test_a_bucket_without_a_size_holds_a_second() -> None:
    assert Bucket(7, 0).level() == 7


async def test_more_starts_than_the_bucket_has_are_refused(bench: Bench) -> None:
    limit(start_rate=1, start_burst=3)
    row, express = await in_thread(machine, PASS), await in_thread(machine, PASS, kind="EXPRESS")
    starts = [bench.engine.start(new_execution(row)) for _ in range(5)]
    results = await asyncio.gather(*starts, return_exceptions=True)
    refused = [result for result in results if isinstance(result, ActionError)]
    assert [error.code for error in refused] == ["ThrottlingException"] * 2
    await bench.engine.start(new_execution(express))  # they have a bucket of their own
    limit()
    await bench.engine.start(new_execution(row))


async def test_no_more_than_so_many_run_at_once(bench: Bench) -> None:
    limit(open_executions=2)
    row = await in_thread(machine, WAIT)
    first = await bench.engine.start(new_execution(row, {}, "first"))
    await bench.engine.start(new_execution(row))
    with pytest.raises(ActionError) as refused:
        await bench.engine.start(new_execution(row))
    assert refused.value.code == "ExecutionLimitExceeded"
    assert (await bench.engine.start(new_execution(row, {}, "first"))).existed
    await bench.engine.deliver(first.id, Stopped())
    await bench.engine.start(new_execution(row))


async def test_transitions_wait_while_the_bucket_is_empty(bench: Bench) -> None:
    limit(transition_rate=200, transition_burst=10)
    chain: dict[str, Any] = {f"S{n}": {"Type": "Pass", "Next": f"S{n + 1}"} for n in range(59)}
    row = await in_thread(machine, states("S0", **chain, S59={"Type": "Pass"}))
    ended = await bench.until((await bench.engine.start(new_execution(row))).id)
    assert ended.status == "SUCCEEDED"
    assert ended.stopped_at is not None
    assert ended.stopped_at - ended.started_at >= 200  # 50 that were not there at first, 200 a second


async def test_what_is_held_back_is_counted_and_comes_again(bench: Bench) -> None:
    limit(transition_rate=1000, transition_burst=1)
    await bench.engine.start(new_execution(await in_thread(machine, WAIT)))
    slot = next(iter(bench.engine._stepper.slots.values()))
    again: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    pace = Pace(asyncio.get_running_loop(), again.set_result)
    assert not pace.holds(slot)
    assert pace.budget(400) == 1
    assert pace._bucket is not None
    pace._bucket.spend(20)
    assert pace.holds(slot)
    assert (pace.throttled, slot.queued) == (1, True)
    assert await again is slot
    assert not slot.queued


async def test_express_executions_and_stops_are_not_slowed_for_long(bench: Bench) -> None:
    limit(transition_rate=20, transition_burst=1)
    express, waiting = await in_thread(machine, PASS, kind="EXPRESS"), await in_thread(machine, WAIT)
    started = await bench.engine.start(new_execution(waiting))
    assert (await bench.until((await bench.engine.start(new_execution(express))).id)).status == "SUCCEEDED"
    assert await bench.engine.deliver(started.id, Stopped())


async def test_limits_are_read_at_the_start(bench: Bench) -> None:
    await in_thread(OperationalLimit.objects.create, name="start_rate", value=5)
    await in_thread(OperationalLimit.objects.create, name="of-another-version", value=5)
    await bench.restart()
    assert limits.limits() == Limits(start_rate=5)


async def test_the_name_of_an_execution_that_ended_long_ago_is_free_again(bench: Bench) -> None:
    row = await in_thread(machine, PASS)
    old = await bench.engine.start(new_execution(row, {}, "name"))
    waiting = await in_thread(machine, WAIT, kind="STANDARD")
    running = await bench.engine.start(new_execution(waiting, {}, "running"))
    await in_thread(lambda: Execution.objects.update(started_at=old.started_at - 91 * DAY))
    with pytest.raises(ActionError, match="Execution Already Exists"):
        await bench.engine.start(new_execution(row, {}, "name"))
    await in_thread(lambda: Execution.objects.filter(pk=old.id).update(stopped_at=old.started_at - 91 * DAY))
    new = await bench.engine.start(new_execution(row, {}, "name"))
    assert new.id != old.id
    assert (await bench.row(new.id)).arn == old.arn
    assert (await bench.row(old.id)).arn == f"{old.arn}#{old.id}"
    assert (await bench.engine.start(new_execution(waiting, {}, "running"))).id == running.id
