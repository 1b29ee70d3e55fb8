"""Rounds go on after one that fails, and end with the server."""

from __future__ import annotations

import asyncio
import threading

import pytest

from executions import rounds
from executions.rounds import Rounds


async def test_a_round_that_fails_harms_no_later_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "AFTER_FAILURE", 0.0)
    done: list[str] = []
    enough = threading.Event()

    def work() -> float:
        done.append(threading.current_thread().name)
        if len(done) == 1:
            raise ValueError("the first one")
        if len(done) == 3:
            enough.set()
        return 0.0

    going = Rounds("tests", work)
    going.start()
    assert await asyncio.to_thread(enough.wait, 10)
    await going.close()
    count = len(done)
    await asyncio.sleep(0.01)
    assert len(done) == count
    assert all(name.startswith("tests") for name in done)
