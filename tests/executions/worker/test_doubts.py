"""Commits of which nobody knows whether they happened, and what one bad row or execution must not stop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from django.db import DataError, InterfaceError, OperationalError, connection

from designer.errors import ActionError
from executions.engine.effects import StartTask
from executions.engine.signals import Began, Refused, Replied, Stopped, dump_signal
from executions.integrations.kinds import Send, TaskRequest
from executions.models import Execution, Frame, Signal, TaskToken
from executions.store import Taken, Write, close_threads, events, in_thread
from executions.worker import committer, holding, stepper, tasks
from executions.worker.committer import Away, Poison
from tests.executions.making import activity, committed, machine, new_execution, states
from tests.executions.worker.conftest import FUNCTION, Bench
from tests.support.statements import each_statement

PASS = states("P", P={"Type": "Pass"})
TASK = states("T", T={"Type": "Task", "Resource": FUNCTION})
BROKEN = "server closed the connection unexpectedly"
Real = Callable[[Sequence[Write], bool], list[Taken | None]]


async def hang(request: TaskRequest, send: Send) -> None:
    await asyncio.sleep(60)


@pytest.fixture
def commits(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Callable[[Real, Sequence[Write], bool], Any]]]:
    """What the next commits do instead of committing; nothing else is left when the test ends."""
    real = committer.commit  # type: ignore[attr-defined]
    instead: list[Callable[[Real, Sequence[Write], bool], Any]] = []

    def commit(writes: Sequence[Write], *, again: bool = False) -> Any:
        def go_on(writes: Sequence[Write], again: bool) -> list[Taken | None]:
            outcomes: list[Taken | None] = real(writes, again=again)
            return outcomes

        return instead.pop(0)(go_on, writes, again) if instead else go_on(writes, again)

    monkeypatch.setattr(committer, "commit", commit)
    monkeypatch.setattr(committer, "PATIENCE", 0.0)
    monkeypatch.setattr(stepper, "PAUSE_AFTER_FAILURE", 0.01)
    yield instead
    assert not instead


def done_but_lost(real: Real, writes: Sequence[Write], again: bool) -> Any:
    real(writes, again)
    raise OperationalError(BROKEN)


def away(real: Real, writes: Sequence[Write], again: bool) -> Any:
    raise OperationalError(BROKEN)


async def test_a_start_that_was_committed_although_nobody_heard_goes_on(bench: Bench, commits: Any) -> None:
    row = await in_thread(machine, TASK)
    commits += [done_but_lost, away]
    new = new_execution(row, {"n": 1}, "name")
    with pytest.raises(ActionError) as refused:
        await bench.engine.start(new)
    assert refused.value.code == "ServiceUnavailable"
    again = await bench.engine.start(new)  # as a client does; the database knows the first
    assert again.existed
    assert (await bench.until(again.id)).output == '{"n":1}'
    ids = [event["id"] for event in await in_thread(events, again.id)]
    assert ids == list(range(1, len(ids) + 1))


async def test_a_step_that_was_committed_although_nobody_heard_is_not_taken_again(bench: Bench, commits: Any) -> None:
    bench.integration.work = hang
    row = await in_thread(machine, states("T", T={
        "Type": "Task", "Resource": FUNCTION, "Next": "U"}, U={"Type": "Task", "Resource": FUNCTION}))
    started = await bench.engine.start(new_execution(row))
    first = bench.integration.requests[0].task.ask
    commits += [done_but_lost, away]
    with pytest.raises(ActionError):
        await bench.engine.deliver(started.id, Replied(first, "one"))
    while len(bench.integration.requests) < 2:  # the effects of the step that was thought lost
        await asyncio.sleep(0.005)
    assert await bench.engine.deliver(started.id, Replied(first, "two")) is False
    assert await bench.engine.deliver(started.id, Replied(bench.integration.requests[1].task.ask, "end")) is True
    assert (await bench.row(started.id)).output == '"end"'
    outputs = [event["lambdaFunctionSucceededEventDetails"]["output"]
               for event in await in_thread(events, started.id) if event["type"] == "LambdaFunctionSucceeded"]
    assert outputs == ['"one"', '"end"']


@pytest.mark.parametrize("error", [InterfaceError("connection already closed"), ValueError("what is this?")])
async def test_no_error_ends_the_commit_thread(bench: Bench, commits: Any, error: Exception) -> None:
    def fail(real: Real, writes: Sequence[Write], again: bool) -> Any:
        raise error

    row = await in_thread(machine, PASS)
    commits += [away, fail]
    with pytest.raises(ActionError):
        await bench.engine.start(new_execution(row))
    started = await bench.engine.start(new_execution(row))
    assert (await bench.until(started.id)).status == "SUCCEEDED"


async def test_the_last_try_tells_who_is_refused_from_who_is_not(
    commits: Any, monkeypatch: pytest.MonkeyPatch,
) -> None:
    def be_patient(real: Real, writes: Sequence[Write], again: bool) -> Any:
        monkeypatch.setattr(committer, "PATIENCE", 15.0)  # with the last tries; that of the batch is at an end
        raise OperationalError(BROKEN)

    def refuse(real: Real, writes: Sequence[Write], again: bool) -> Any:
        raise DataError("value too long")

    commits += [be_patient, refuse, lambda real, writes, again: [None], away]
    writes = [Write(number) for number in range(3)]
    outcomes = await committed(writes)
    assert [type(outcome) for outcome in outcomes] == [Poison, type(None), Away]


async def test_where_every_try_takes_long_not_all_are_tried(commits: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def slow(real: Real, writes: Sequence[Write], again: bool) -> Any:
        tried.append(len(writes))
        time.sleep(0.02)
        raise OperationalError("database is locked")

    commits += [slow, slow]
    outcomes = await committed([Write(number) for number in range(1000)])
    assert {type(outcome) for outcome in outcomes} == {Away}
    assert tried == [1000, 1]


async def test_effects_that_fail_stop_only_their_own_execution(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    row = await in_thread(machine, TASK)
    real = bench.engine._stepper.effects.carry_out

    def carry_out(slot: Any, effect: Any) -> None:
        if slot.run.name == "bad" and isinstance(effect, StartTask):
            raise RuntimeError("bug in an effect")
        real(slot, effect)

    monkeypatch.setattr(bench.engine._stepper.effects, "carry_out", carry_out)
    bad, *others = await asyncio.gather(
        *(bench.engine.start(new_execution(row, {}, name)) for name in ("bad", "a", "b")))
    for other in others:
        assert (await bench.until(other.id)).status == "SUCCEEDED"
    monkeypatch.undo()
    ended = await bench.until(bad.id)
    assert (ended.status, ended.error) == ("FAILED", "States.Runtime")
    assert "bug in an effect" in str(ended.cause)


async def test_an_activity_task_that_could_not_be_noted_as_begun_is_still_to_be_had(bench: Bench, commits: Any) -> None:
    arn = await in_thread(activity)
    row = await in_thread(machine, states("T", T={"Type": "Task", "Resource": arn}))
    await bench.engine.start(new_execution(row, {"n": 1}))
    commits += [away, away]
    with pytest.raises(ActionError) as refused:
        await bench.engine.get_activity_task(arn, "w", 10)
    assert refused.value.code == "ServiceUnavailable"
    task = await bench.engine.get_activity_task(arn, "w", 10)
    assert task is not None
    assert task.input == '{"n":1}'


async def test_a_poller_gets_the_next_task_when_an_execution_cannot_go_on(
    bench: Bench, monkeypatch: pytest.MonkeyPatch,
) -> None:
    arn = await in_thread(activity)
    row = await in_thread(machine, states("T", T={"Type": "Task", "Resource": arn}))
    poison = await bench.engine.start(new_execution(row, {"n": 1}))
    await bench.engine.start(new_execution(row, {"n": 2}))
    real = stepper.advance  # type: ignore[attr-defined]

    def advance(machine: Any, run: Any, *rest: Any, **options: Any) -> Any:
        if run.id == poison.id:
            raise ZeroDivisionError
        return real(machine, run, *rest, **options)

    monkeypatch.setattr(stepper, "advance", advance)
    task = await bench.engine.get_activity_task(arn, "w", 10)
    assert task is not None
    assert task.input == '{"n":2}'


async def test_activity_tasks_nobody_waits_for_leave_the_queue(bench: Bench) -> None:
    arn = await in_thread(activity)
    row = await in_thread(machine, states("T", T={"Type": "Task", "Resource": arn}))
    ids = [(await bench.engine.start(new_execution(row, {"n": n}))).id for n in range(3)]
    activities = bench.engine._stepper.activities
    while sum(map(len, activities._tasks.values())) < 3:
        await asyncio.sleep(0.005)
    for id in ids:
        await bench.engine.deliver(id, Stopped())
    assert not activities._tasks
    assert not activities._queued


async def test_the_token_tells_of_the_answer_that_counted(bench: Bench) -> None:
    bench.integration.work = hang
    callback = "arn:aws:states:::lambda:invoke.waitForTaskToken"
    row = await in_thread(machine, states("T", T={"Type": "Task", "Resource": callback, "Parameters": {}}))
    started = await bench.engine.start(new_execution(row))
    ask = bench.integration.requests[0].task.ask
    first, second = await asyncio.gather(
        bench.engine.deliver(started.id, Replied(ask, 1)), bench.engine.deliver(started.id, Refused(ask, "E")))
    assert (first, second) == (True, False)
    assert await in_thread(lambda: TaskToken.objects.get(execution_id=started.id).status) == "SUCCEEDED"


async def test_what_came_for_an_execution_that_cannot_be_read_back_is_kept(bench: Bench) -> None:
    bench.integration.work = hang
    row = await in_thread(machine, TASK)
    started = await bench.engine.start(new_execution(row))
    ask = bench.integration.requests[0].task.ask
    frames = Frame.objects.filter(execution_id=started.id, frame_id=1)
    data = await in_thread(lambda: frames.get().data)
    await bench.engine.close()
    await in_thread(frames.update, data='{"of": "another version"}')
    await in_thread(Signal.objects.create, execution_id=started.id, body=dump_signal(Replied(ask, "decided")))
    await bench.open()
    await bench.engine.wake(started.id)
    await bench.engine.close()
    await in_thread(frames.update, data=data)
    await bench.open()
    assert (await bench.until(started.id)).output == '"decided"'


async def test_a_signal_that_cannot_be_read_keeps_nobody_else_from_going_on(bench: Bench) -> None:
    bench.integration.work = hang
    row = await in_thread(machine, TASK)
    bad, fine = [(await bench.engine.start(new_execution(row))).id for _ in range(2)]
    ask = bench.integration.requests[0].task.ask
    await bench.engine.close()
    await in_thread(Signal.objects.create, execution_id=bad, body={"kind": "Unheard"})
    await in_thread(Signal.objects.create, execution_id=fine, body=dump_signal(Replied(ask, "decided")))
    await bench.open()
    assert (await bench.until(fine)).output == '"decided"'
    assert (await bench.row(bad)).status == "RUNNING"


async def test_a_machine_that_does_not_compile_keeps_nobody_else_from_going_on(
    bench: Bench, monkeypatch: pytest.MonkeyPatch,
) -> None:
    bench.integration.work = hang
    bad, fine = [await in_thread(machine, TASK) for _ in range(2)]
    ids = [(await bench.engine.start(new_execution(row))).id for row in (bad, fine)]
    await bench.engine.close()
    await in_thread(bad.revisions.update, definition='{"States": 1}')
    bench.integration.work = None
    await bench.open()
    assert (await bench.until(ids[1])).status == "SUCCEEDED"
    assert (await bench.row(ids[0])).status == "RUNNING"


async def test_an_engine_that_ends_refuses_instead_of_hanging(bench: Bench) -> None:
    bench.integration.work = hang
    row = await in_thread(machine, TASK)
    started = await bench.engine.start(new_execution(row))
    engine = bench.engine
    await engine.close()
    for asked in (engine.start(new_execution(row)), engine.deliver(started.id, Stopped())):
        with pytest.raises(ActionError) as refused:
            await asked
        assert refused.value.code == "ServiceUnavailable"
    await bench.open()


@pytest.mark.parametrize("kind", ["STANDARD", "EXPRESS"])
@pytest.mark.parametrize("error", [OperationalError("disk I/O error"), DataError("refused")])
async def test_executions_end_alike_whatever_statement_fails(
    bench: Bench, commits: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, kind: str,
) -> None:
    """Every statement of the commits of one execution fails once; a refused one (poison) goes on after a restart."""
    monkeypatch.setattr(committer, "PATIENCE", 15.0)
    monkeypatch.setattr(committer, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(holding, "CHECKPOINT", 0.01)
    definition = states("M", M={
        "Type": "Map", "ItemsPath": "$.items", "Next": "W", "ItemProcessor": TASK}, W={"Type": "Wait", "Seconds": 0})
    row = await in_thread(machine, definition, kind=kind)
    index = 0
    while True:
        failures = [error]
        monkeypatch.setattr(committer, "commit", _failing_at(index, failures))
        started = await _started(bench, new_execution(row, {"items": [1, 2, 3]}, f"x{index}"))
        await asyncio.sleep(0.01)
        while (found := await bench.row(started)).status == "RUNNING":
            slot = bench.engine._stepper.slots.get(started)
            if slot is not None and slot.failure is not None:
                await bench.restart()
            await asyncio.sleep(0.005)
        assert (found.status, found.output) == ("SUCCEEDED", "[1,2,3]")
        ids = [event["id"] for event in await in_thread(events, started)]
        assert ids == list(range(1, len(ids) + 1))
        if failures:
            break
        index += 1
    assert index >= 8
    assert await in_thread(Execution.objects.count) == index + 1


async def _started(bench: Bench, new: Any) -> int:
    while True:
        try:
            return (await bench.engine.start(new)).id
        except ActionError:
            assert not await in_thread(Execution.objects.filter(arn=new.arn).exists)


def _failing_at(index: int, failures: list[Exception]) -> Callable[..., list[Taken | None]]:
    """A commit whose statement number `index`, counted over all commits, fails."""
    from executions.store import commit

    asked = 0

    def ask(statement: str) -> None:
        nonlocal asked
        asked += 1
        if failures and asked > index:
            raise failures.pop()

    def failing(writes: Sequence[Write], *, again: bool = False) -> list[Taken | None]:
        with each_statement(ask):
            return commit(writes, again=again)

    return failing


@pytest.mark.parametrize("error", [
    OperationalError("server closed the connection unexpectedly"), InterfaceError("connection already closed"),
    ActionError("ServiceUnavailable", "The database cannot be written to; try again later.")])
async def test_a_database_that_is_away_fails_no_task(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, error: Exception,
) -> None:
    monkeypatch.setattr(tasks, "PAUSE", 0.01)
    errors = [error]

    async def work(request: TaskRequest, send: Send) -> None:
        await send(Began(request.task.ask))
        if errors:
            raise errors.pop()
        send(Replied(request.task.ask, "done"))

    bench.integration.work = work
    started = await bench.engine.start(new_execution(await in_thread(machine, TASK)))
    assert (await bench.until(started.id)).output == '"done"'
    assert [request.task.begun for request in bench.integration.requests] == [False, True]
    assert (await bench.history(started.id)).count("LambdaFunctionStarted") == 1


async def test_a_thread_replaces_its_broken_connection(transactional_db: None) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("There is no server that could end a connection to SQLite.")
    await asyncio.gather(*(in_thread(_break_the_connection) for _ in range(20)), return_exceptions=True)
    assert await asyncio.gather(*(in_thread(Execution.objects.count) for _ in range(20))) == [0] * 20
    await asyncio.to_thread(close_threads)


def _break_the_connection() -> None:
    connection.ensure_connection()
    assert connection.connection is not None
    connection.connection.close()
    with connection.wrap_database_errors:
        connection.connection.cursor()
