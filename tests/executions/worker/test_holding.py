"""Asynchronous Express executions run in memory between checkpoints; nothing that was acknowledged is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from django.db import DataError, OperationalError

from designer.asl.jsontext import loads
from executions.engine.signals import Replied
from executions.integrations.kinds import Send, TaskRequest
from executions.models import Frame, HistorySegment
from executions.store import Write, events, in_thread
from executions.store.writes import FrameRow, HistoryRow
from executions.worker import committer, holding, stepper
from tests.executions.making import machine, new_execution, states
from tests.executions.worker.conftest import FUNCTION, Bench
from tests.executions.worker.test_express import express
from tests.executions.worker.test_failures import broken

__all__ = ["broken"]


def chain(*names: str) -> dict[str, Any]:
    """Tasks one after another."""
    tasks = {name: {"Type": "Task", "Resource": FUNCTION, "ResultPath": None} for name in names}
    for name, following in pairwise(names):
        tasks[name]["Next"] = following
    return states(names[0], **tasks)


class Counting:
    """Answers tasks by and by, and hangs at the state named in `hang`."""

    def __init__(self, hang: str = "") -> None:
        self.hang, self.calls = hang, list[str]()

    async def __call__(self, request: TaskRequest, send: Send) -> None:
        self.calls.append(request.task.state)
        await asyncio.sleep(0.01)
        if request.task.state == self.hang:
            await asyncio.sleep(60)
        send(Replied(request.task.ask, 1))

    async def reached(self, state: str) -> None:
        while state not in self.calls:
            await asyncio.sleep(0.005)


def segments(execution: int) -> list[tuple[int, int]]:
    return list(HistorySegment.objects.filter(execution=execution).order_by("first_id")
                .values_list("first_id", "last_id"))


async def whole(execution: int) -> list[str]:
    """The types of the events, whose ids have no gap."""
    found = await in_thread(events, execution)
    assert [event["id"] for event in found] == list(range(1, len(found) + 1))
    return [event["type"] for event in found]


async def test_all_between_its_first_step_and_its_end_is_one_commit(bench: Bench) -> None:
    bench.integration.work = Counting()
    started = await bench.engine.start(await express(chain("A", "B", "C", "D"), {"n": 1}))
    assert await in_thread(segments, started.id) == [(1, 3)]  # durable before the answer
    row = await bench.until(started.id)
    assert (row.status, row.output) == ("SUCCEEDED", '{"n":1}')
    assert len(await in_thread(segments, started.id)) == 2
    assert (await whole(started.id)).count("TaskStateExited") == 4
    assert await in_thread(Frame.objects.count) == 0


async def test_standard_ones_commit_each_step(bench: Bench) -> None:
    started = await bench.engine.start(new_execution(await in_thread(machine, chain("A", "B", "C"))))
    await bench.until(started.id)
    assert len(await in_thread(segments, started.id)) > 3


async def test_one_that_goes_on_for_longer_is_shown_and_durable_after_a_moment(
    bench: Bench, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(holding, "CHECKPOINT", 0.05)
    work = bench.integration.work = Counting(hang="C")
    started = await bench.engine.start(await express(chain("A", "B", "C"), {"n": 1}))
    while (await in_thread(segments, started.id))[-1][1] < 13:
        await asyncio.sleep(0.005)
    assert (await whole(started.id)).count("TaskStateExited") == 2
    monkeypatch.setattr(holding.Holding, "stop", lambda self: [])
    work.hang = ""
    await bench.restart()
    assert (await bench.until(started.id)).output == '{"n":1}'
    assert work.calls == ["A", "B", "C", "C"]
    assert (await whole(started.id)).count("TaskStateExited") == 3


async def test_after_a_crash_it_does_again_what_was_held(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    work = bench.integration.work = Counting(hang="C")
    started = await bench.engine.start(await express(chain("A", "B", "C")))
    await work.reached("C")
    monkeypatch.setattr(holding.Holding, "stop", lambda self: [])
    work.hang = ""
    await bench.restart()
    await bench.until(started.id)
    assert work.calls == ["A", "B", "C", "A", "B", "C"]
    assert (await whole(started.id)).count("TaskStateExited") == 3


async def test_a_server_that_ends_in_order_loses_nothing_of_it(bench: Bench) -> None:
    work = bench.integration.work = Counting(hang="C")
    started = await bench.engine.start(await express(chain("A", "B", "C")))
    await work.reached("C")
    work.hang = ""
    await bench.restart()
    await bench.until(started.id)
    assert work.calls == ["A", "B", "C", "C"]
    assert (await whole(started.id)).count("TaskStateExited") == 3


async def test_a_checkpoint_that_cannot_be_committed_is_tried_again(
    bench: Bench, broken: Any, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(holding, "CHECKPOINT", 0.02)
    monkeypatch.setattr(committer, "PATIENCE", 0.0)
    monkeypatch.setattr(stepper, "PAUSE_AFTER_FAILURE", 0.01)
    bench.integration.work = Counting()
    started = await bench.engine.start(await express(chain(*"ABCDEFGH")))
    failures = [OperationalError("database or disk is full")] * 6
    broken(lambda writes: failures.pop() if failures else None)
    await bench.until(started.id)
    assert not failures
    assert (await whole(started.id)).count("TaskStateExited") == 8


async def test_what_the_database_refuses_ends_it_from_what_is_durable(bench: Bench, broken: Any) -> None:
    bench.integration.work = Counting()
    started = await bench.engine.start(await express(chain("A", "B")))
    broken(lambda writes: DataError("never") if any(write.ending and write.ending.status == "SUCCEEDED"
                                                    for write in writes) else None)
    row = await bench.until(started.id)
    assert (row.status, row.error) == ("FAILED", "States.Runtime")
    assert (await whole(started.id))[-1] == "ExecutionFailed"


async def test_one_that_cannot_go_on_ends_with_what_it_held(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    work = bench.integration.work = Counting(hang="B")
    started = await bench.engine.start(await express(chain("A", "B")))
    await work.reached("B")
    monkeypatch.setattr(stepper, "advance", lambda *_, **__: 1 / 0)
    slot = bench.engine._stepper.slots[started.id]
    bench.engine._stepper._send(started.id, Replied(next(iter(slot.run.by_ask)), 1))
    row = await bench.until(started.id)
    assert "ZeroDivisionError" in str(row.cause)
    assert (await whole(started.id)).count("TaskStateExited") == 1


def test_steps_are_joined() -> None:
    def frame(number: int, data: str) -> FrameRow:
        return FrameRow(7, number, 0, "live", None, data)

    history: Callable[[int, str], HistoryRow] = lambda first, text: HistoryRow(7, first, first + 1, text)  # noqa: E731
    found = holding.joined([
        Write(7, frames=[frame(0, "h"), frame(1, "a"), frame(2, "x")], history=history(3, '[{"id":3},{"id":4}]')),
        Write(7, frames=[frame(1, "b")], removed=[2, 9]),
        Write(7, frames=[frame(9, "again")], removed=[1], history=history(5, '[{"id":5},{"id":6}]')),
    ])
    assert {row.frame_id: row.data for row in found.frames} == {0: "h", 9: "again"}
    assert found.removed == [1, 2]
    assert found.history is not None
    assert (found.history.first_id, found.history.last_id) == (3, 6)
    assert [event["id"] for event in loads(found.history.events)] == [3, 4, 5, 6]
