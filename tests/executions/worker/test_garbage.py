"""What the engine holds goes by reference counting; the collector looks at everything only now and then."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections import Counter
from typing import Any

import pytest

from designer.asl.compiler import compile_definition
from executions.engine.memory import Memory, new_run, refuses, replies
from executions.engine.run import Frame, Run
from executions.engine.step import Step
from executions.store import Write, in_thread
from executions.worker import garbage
from executions.worker.slot import Flight, Slot
from tests.engine.machines import catch, each, machine, parallel, retry, task
from tests.executions import making
from tests.executions.worker.conftest import FUNCTION, Bench

ENDS = {"Type": "Pass"}
KINDS = (Run, Frame, Step, Slot, Flight, Write)


def test_an_execution_leaves_no_cycles() -> None:
    work = task(Retry=[retry(MaxAttempts=1)], Catch=[catch(Next="End")])
    branches = [("A", task())], [("W", {"Type": "Wait", "Seconds": 1})]
    compiled = compile_definition(machine(
        ("M", each(("T", work), ("End", ENDS))), ("P", parallel(*branches)),
        ("Bad", {"Type": "Pass", "InputPath": "$.missing"})))
    answers: list[Any] = [lambda started: replies(started, 1), lambda started: refuses(started, "E")]
    for first in (True, False):
        gc.collect()
        for count in range(50):
            Memory(compiled, new_run("[1,2,3]"), answers[count % 2]).run()
        assert first or gc.collect() < 50, "an execution leaves cycles"


async def test_executions_are_forgotten_when_they_end(bench: Bench) -> None:
    row = await in_thread(making.machine, making.states("T", T={"Type": "Task", "Resource": FUNCTION}))
    counts: list[Counter[str]] = []
    for _ in range(2):
        bench.integration.requests.clear()
        gc.collect()
        for _ in range(30):
            await bench.until((await bench.engine.start(making.new_execution(row))).id)
        counts.append(Counter(type(found).__name__ for found in gc.get_objects() if type(found) in KINDS))
    kept = counts[1] - counts[0]
    assert max(kept.values(), default=0) < 10, kept  # those of the last moment may still be on their way out


@pytest.mark.parametrize("short", [True, False])
async def test_the_collector_is_taken_over_and_given_back(monkeypatch: pytest.MonkeyPatch, short: bool) -> None:
    before = gc.get_threshold()
    collected: list[int] = []
    monkeypatch.setattr(garbage, "LOOK_SECONDS", 0.001)
    monkeypatch.setattr(garbage, "ROOM", 0)
    monkeypatch.setattr(garbage, "FEW", 10)
    monkeypatch.setattr(garbage, "SHORT", 60.0 if short else -1.0)

    def collect() -> int:
        collected.append(1)
        return 0

    monkeypatch.setattr(gc, "collect", collect)
    blocks = [100]
    monkeypatch.setattr(sys, "getallocatedblocks", lambda: blocks[0])
    collector = asyncio.create_task(garbage.collect_seldom())
    await asyncio.sleep(0.02)
    assert gc.get_threshold() == garbage.THRESHOLDS
    assert len(collected) == 1  # the first; nothing has grown since
    blocks[0] = 111 if short else 151
    while len(collected) < 2:
        await asyncio.sleep(0.001)
    await asyncio.sleep(0.02)
    assert len(collected) == 2
    blocks[0] += 9 if short else 70
    await asyncio.sleep(0.02)
    assert len(collected) == 2  # it has not grown enough
    collector.cancel()
    await asyncio.wait([collector])
    assert gc.get_threshold() == before
