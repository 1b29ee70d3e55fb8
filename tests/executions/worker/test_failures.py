"""Commits that fail, executions that cannot go on: nothing in memory changes, and the others live."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import DataError, OperationalError

from designer.errors import ActionError
from designer.models import Revision
from executions.engine.signals import Began, Replied, Stopped
from executions.integrations.kinds import Send, TaskRequest
from executions.store import Taken, Write, events, in_thread, token_state
from executions.worker import committer, stepper
from tests.executions.making import machine, new_execution, states
from tests.executions.worker.conftest import FUNCTION, Bench
from tests.executions.worker.test_recovery import CALLBACK

PASS = states("P", P={"Type": "Pass"})
TASK = states("T", T={"Type": "Task", "Resource": FUNCTION})


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Sequence[Write]], Exception | None]], None]:
    """Make commits fail: the function gives the exception for a batch, or None to let it through."""
    real = committer.commit  # type: ignore[attr-defined]

    def install(failure: Callable[[Sequence[Write]], Exception | None]) -> None:
        def commit(writes: Sequence[Write], *, again: bool = False) -> list[Taken | None]:
            error = failure(writes)
            if error is not None:
                raise error
            outcomes: list[Taken | None] = real(writes, again=again)
            return outcomes

        monkeypatch.setattr(committer, "commit", commit)

    return install


async def test_a_locked_database_is_tried_again(bench: Bench, broken: Any) -> None:
    errors = [OperationalError("database is locked")] * 3
    broken(lambda writes: errors.pop() if errors else None)
    row = await in_thread(machine, PASS)
    started = await bench.engine.start(new_execution(row))
    assert not errors
    assert (await bench.row(started.id)).status == "SUCCEEDED"


async def test_a_start_that_cannot_be_committed_is_refused_and_leaves_nothing(
    bench: Bench, broken: Any, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(committer, "PATIENCE", 0.05)
    full = [True]
    broken(lambda writes: OperationalError("database or disk is full") if full else None)
    row = await in_thread(machine, PASS)
    with pytest.raises(ActionError) as refused:
        await bench.engine.start(new_execution(row, {}, "name"))
    assert refused.value.code == "ServiceUnavailable"
    assert await in_thread(row.executions.count) == 0
    full.clear()
    assert not (await bench.engine.start(new_execution(row, {}, "name"))).existed


async def test_a_reply_that_cannot_be_committed_is_kept(
    bench: Bench, broken: Any, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(committer, "PATIENCE", 0.0)
    monkeypatch.setattr(stepper, "PAUSE_AFTER_FAILURE", 0.01)
    go = asyncio.Event()

    async def reply(request: TaskRequest, send: Send) -> None:
        await go.wait()
        assert await send(Replied(request.task.ask, "kept")) is True

    bench.integration.work = reply
    row = await in_thread(machine, TASK)
    started = await bench.engine.start(new_execution(row))
    failures = [OperationalError("disk I/O error")] * 4
    broken(lambda writes: failures.pop() if failures else None)
    go.set()
    assert (await bench.until(started.id)).output == '"kept"'
    assert not failures


async def test_an_answer_from_outside_that_cannot_be_committed_is_refused_and_can_be_repeated(
    bench: Bench, broken: Any, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(committer, "PATIENCE", 0.0)
    monkeypatch.setattr(stepper, "PAUSE_AFTER_FAILURE", 0.01)

    async def hang(request: TaskRequest, send: Send) -> None:
        await asyncio.sleep(60)

    bench.integration.work = hang
    row = await in_thread(machine, TASK)
    started = await bench.engine.start(new_execution(row))
    ask = bench.integration.requests[0].task.ask
    away = [True]
    broken(lambda writes: OperationalError("disk I/O error") if away else None)
    with pytest.raises(ActionError) as refused:
        await bench.engine.deliver(started.id, Replied(ask, 1))
    assert refused.value.code == "ServiceUnavailable"
    away.clear()
    assert await bench.engine.deliver(started.id, Replied(ask, 2)) is True
    assert (await bench.row(started.id)).output == "2"


async def test_a_write_that_the_database_refuses_does_not_harm_its_group(bench: Bench, broken: Any) -> None:
    def poison(writes: Sequence[Write]) -> Exception | None:
        refused = any(write.new and write.new.name == "poison" for write in writes)
        return DataError("value too long") if refused else None

    broken(poison)
    row = await in_thread(machine, PASS)
    names = ["a", "b", "poison", "c", "d"]
    results = await asyncio.gather(
        *(bench.engine.start(new_execution(row, {}, name)) for name in names), return_exceptions=True)
    codes = [result.code if isinstance(result, ActionError) else "" for result in results]
    assert codes == ["", "", "InternalFailure", "", ""]
    assert sorted(await in_thread(lambda: list(row.executions.values_list("name", flat=True)))) == ["a", "b", "c", "d"]


async def hang(request: TaskRequest, send: Send) -> None:
    await asyncio.sleep(60)


@pytest.fixture
def poisoned(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Names of executions whose steps raise."""
    names: set[str] = set()
    real = stepper.advance  # type: ignore[attr-defined]

    def advance(machine: Any, run: Any, signals: Any, now: int, **options: Any) -> Any:
        if run.name in names:
            raise ZeroDivisionError("bug in the core")
        return real(machine, run, signals, now, **options)

    monkeypatch.setattr(stepper, "advance", advance)
    return names


async def test_an_execution_that_cannot_go_on_ends_with_its_history_and_the_reason(
    bench: Bench, poisoned: set[str],
) -> None:
    bench.integration.work = hang
    row = await in_thread(machine, CALLBACK)
    poison = await bench.engine.start(new_execution(row, {}, "poison"))
    ask, token = bench.integration.requests[0].task.ask, bench.integration.requests[0].task.token
    poisoned.add("poison")
    with pytest.raises(ActionError, match="ZeroDivisionError: bug in the core") as refused:
        await bench.engine.deliver(poison.id, Replied(ask, 1))
    assert refused.value.code == "InternalFailure"
    ended = await bench.until(poison.id)
    assert (ended.status, ended.error) == ("FAILED", "States.Runtime")
    assert "quarantined" in str(ended.cause)
    assert "ZeroDivisionError: bug in the core" in str(ended.cause)
    history = await in_thread(events, poison.id)
    assert [event["type"] for event in history][-2:] == ["TaskScheduled", "ExecutionFailed"]
    assert history[-1]["executionFailedEventDetails"] == {"error": ended.error, "cause": ended.cause}
    state = await in_thread(token_state, token or "")
    assert state is not None
    assert state.status == "CANCELLED"
    assert not await bench.engine.deliver(poison.id, Replied(ask, 1))
    other = await bench.engine.start(new_execution(await in_thread(machine, PASS)))
    assert (await bench.until(other.id)).status == "SUCCEEDED"


async def test_an_execution_that_cannot_even_begin_is_started_and_shown(bench: Bench, poisoned: set[str]) -> None:
    poisoned.add("poison")
    started = await bench.engine.start(new_execution(await in_thread(machine, PASS), {}, "poison"))
    assert (await bench.row(started.id)).status == "FAILED"
    assert await bench.history(started.id) == ["ExecutionStarted", "ExecutionFailed"]


async def test_a_step_that_the_database_refuses_ends_the_execution(bench: Bench, broken: Any) -> None:
    bench.integration.work = hang
    started = await bench.engine.start(new_execution(await in_thread(machine, TASK)))
    broken(lambda writes: DataError("value too long") if writes[0].ending and writes[0].ending.output else None)
    with pytest.raises(ActionError, match="DataError: value too long"):
        await bench.engine.deliver(started.id, Replied(bench.integration.requests[0].task.ask, 1))
    assert "DataError: value too long" in str((await bench.until(started.id)).cause)


async def test_an_execution_that_cannot_even_be_ended_stands_still_until_it_is_stopped(
    bench: Bench, broken: Any,
) -> None:
    bench.integration.work = hang
    started = await bench.engine.start(new_execution(await in_thread(machine, TASK)))
    refusals = [DataError("value too long")] * 4  # each write is tried twice
    broken(lambda writes: refusals.pop() if refusals else None)
    ask = bench.integration.requests[0].task.ask
    for _ in range(2):
        with pytest.raises(ActionError, match="DataError"):
            await bench.engine.deliver(started.id, Replied(ask, 1))
        while refusals or bench.engine._stepper._flights:
            await asyncio.sleep(0.005)
    assert (await bench.row(started.id)).status == "RUNNING"
    assert await bench.engine.deliver(started.id, Stopped()) is True  # the way out without a restart
    assert (await bench.row(started.id)).status == "ABORTED"


async def test_what_was_committed_and_cannot_be_taken_over_is_read_back_and_ended(
    bench: Bench, monkeypatch: pytest.MonkeyPatch,
) -> None:
    bench.integration.work = hang
    limited = states("T", T={"Type": "Task", "Resource": FUNCTION, "TimeoutSeconds": 600})
    started = await bench.engine.start(new_execution(await in_thread(machine, limited)))
    real, failures = bench.engine._stepper.effects.carry_out, [ZeroDivisionError("bug in the worker")]

    def carry_out(slot: Any, effect: Any) -> None:
        if failures:
            raise failures.pop()
        real(slot, effect)

    monkeypatch.setattr(bench.engine._stepper.effects, "carry_out", carry_out)
    with pytest.raises(ActionError, match="ZeroDivisionError: bug in the worker"):
        await bench.engine.deliver(started.id, Began(bench.integration.requests[0].task.ask))
    assert "bug in the worker" in str((await bench.until(started.id)).cause)
    ids = [event["id"] for event in await in_thread(events, started.id)]
    assert ids == list(range(1, len(ids) + 1))


async def test_a_definition_that_no_longer_compiles_can_be_stopped(bench: Bench) -> None:
    bench.integration.work = hang
    row = await in_thread(machine, TASK)
    started = await bench.engine.start(new_execution(row))
    await in_thread(lambda: Revision.objects.filter(machine=row).update(definition="{}"))
    await bench.restart()
    assert (await bench.row(started.id)).status == "RUNNING"  # an older version may still bring it on
    assert await bench.engine.deliver(started.id, Stopped()) is True
    assert (await bench.row(started.id)).status == "ABORTED"
