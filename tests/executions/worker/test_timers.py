"""One heap, one asyncio timer, and a clock that never goes back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from executions.worker import timers as module
from executions.worker.clock import Clock
from executions.worker.timers import Key, Timers


class Loop:
    """The part of an event loop that Timers uses; `advance` makes time pass."""

    def __init__(self) -> None:
        self.now_ms = 1_000
        self.armed: list[tuple[float, Callable[[], None]]] = []

    def now(self) -> int:
        return self.now_ms

    def call_later(self, seconds: float, call: Callable[[], None]) -> Handle:
        entry = (self.now_ms + seconds * 1000, call)
        self.armed.append(entry)
        return Handle(lambda: self.armed.remove(entry))

    def advance(self, milliseconds: int) -> None:
        self.now_ms += milliseconds
        while ready := [entry for entry in self.armed if entry[0] <= self.now_ms]:
            self.armed.remove(ready[0])
            ready[0][1]()


class Handle:
    def __init__(self, cancel: Callable[[], None]) -> None:
        self.cancel = cancel


@pytest.fixture
def loop() -> Loop:
    return Loop()


@pytest.fixture
def fired() -> list[Key]:
    return []


@pytest.fixture
def timers(loop: Any, fired: list[Key]) -> Timers:
    return Timers(loop, loop, fired.extend)


A, B, C = Key(1, 1, "wake"), Key(1, 2, "timeout"), Key(2, 1, "wake")


def test_timers_fire_in_their_order_and_once(timers: Timers, loop: Loop, fired: list[Key]) -> None:
    timers.set(A, 1_300)
    timers.set(B, 1_100)
    timers.set(C, 1_200)
    loop.advance(99)
    assert fired == []
    loop.advance(1)
    assert fired == [B]
    loop.advance(10_000)
    assert fired == [B, C, A]
    loop.advance(100_000)
    assert (fired, len(timers), loop.armed) == ([B, C, A], 0, [])


def test_one_asyncio_timer_is_enough(timers: Timers, loop: Loop) -> None:
    for number in range(100):
        timers.set(Key(1, number, "wake"), 9_000 - number)
    assert len(loop.armed) == 1


@pytest.mark.parametrize("later", [1_050, 1_500])
def test_a_timer_set_again_fires_at_the_new_time_only(
    timers: Timers, loop: Loop, fired: list[Key], later: int,
) -> None:
    timers.set(A, 1_100)
    timers.set(A, later)
    loop.advance(later - 1_001)
    assert fired == []
    loop.advance(1)
    assert fired == [A]
    loop.advance(1_000)
    assert fired == [A]


def test_what_was_cancelled_does_not_fire(timers: Timers, loop: Loop, fired: list[Key]) -> None:
    for name in ("wake", "timeout", "heartbeat"):
        timers.set(Key(1, 1, name), 1_100)
    timers.set(C, 1_100)
    timers.set(Key(1, 0, "execution"), 1_100)
    timers.cancel(1, 1)
    timers.drop(Key(1, 0, "execution"))
    loop.advance(1_000)
    assert fired == [C]


def test_what_is_long_due_fires_at_once(timers: Timers, loop: Loop, fired: list[Key]) -> None:
    timers.set(A, 0)
    loop.advance(0)
    assert fired == [A]


def test_a_jump_of_the_clock_is_noticed(timers: Timers, loop: Loop, fired: list[Key]) -> None:
    timers.set(A, 3_600_000)
    assert loop.armed[0][0] - loop.now_ms == module.LONGEST_SLEEP * 1000


def test_heartbeats_do_not_fill_the_heap(timers: Timers, loop: Loop) -> None:
    for beat in range(5_000):
        timers.set(A, 10_000 + beat)
    assert len(timers._heap) <= module.SLACK + 4
    loop.advance(100_000)
    assert len(timers) == 0


def test_the_clock_follows_jumps_forward_and_never_goes_back() -> None:
    wall, monotonic = [1_000_000], [0]
    clock = Clock(lambda: wall[0] * 1_000_000, lambda: monotonic[0] * 1_000_000)

    def passes(milliseconds: int, jump: int = 0) -> int:
        wall[0] += milliseconds + jump
        monotonic[0] += milliseconds
        return clock.now()

    assert clock.now() == 1_000_000
    assert passes(10) == 1_000_010
    assert passes(10, jump=-5_000) == 1_000_020  # set back: it runs on
    assert passes(10) == 1_000_030
    assert passes(10, jump=60_000) == 1_055_040  # set forward: it follows


async def test_with_a_real_loop() -> None:
    done = asyncio.Event()
    clock = Clock()
    timers = Timers(asyncio.get_running_loop(), clock, lambda keys: done.set())
    due = clock.now() + 20
    timers.set(A, due)
    await done.wait()
    assert clock.now() >= due
    timers.stop()
