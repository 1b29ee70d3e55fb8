"""Clocks that jump by an hour, a day, a year: no timer is lost, none fires twice, and none waits for the clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from executions.store import ids
from executions.worker.clock import Clock
from executions.worker.timers import LONGEST_SLEEP, Key, Timers

MS = 1_000_000
START = 1_700_000_000_000
HOUR, DAY, YEAR = 3_600_000, 86_400_000, 31_536_000_000
JUMPS = [sign * size for size in (HOUR, DAY, YEAR) for sign in (1, -1)]


class Call:
    """What call_later gives back."""

    def __init__(self, at: int, callback: Callable[[], None]) -> None:
        self.at, self.callback, self.cancelled = at, callback, False

    def cancel(self) -> None:
        self.cancelled = True


class World:
    """A loop whose time the test turns on by hand; `wall` can be set at will."""

    def __init__(self) -> None:
        self.steady, self.wall = 0, START  # ms
        self.calls: list[Call] = []
        self.fired: list[tuple[int, Key]] = []
        self.clock = Clock(lambda: self.wall * MS, lambda: self.steady * MS)
        loop: Any = self
        self.timers = Timers(loop, self.clock, lambda keys: self.fired.extend((self.steady, key) for key in keys))

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Call:
        self.calls.append(Call(self.steady + round(seconds * 1000), callback))
        return self.calls[-1]

    def sleep(self, ms: int) -> None:
        """True time passes; the wall clock goes with it."""
        end = self.steady + ms
        while due := [call for call in self.calls if call.at <= end and not call.cancelled]:
            first = min(due, key=lambda call: call.at)
            self.calls.remove(first)
            self._turn_to(max(self.steady, first.at))
            first.callback()
        self._turn_to(end)

    def _turn_to(self, steady: int) -> None:
        self.wall += steady - self.steady
        self.steady = steady


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize("jump", JUMPS)
def test_the_clock_never_goes_back_and_follows_forward(world: World, jump: int) -> None:
    before = world.clock.now()
    world.wall += jump
    world.sleep(10)
    assert world.clock.now() == before + 10 + max(jump, 0)


@pytest.mark.parametrize("jump", JUMPS)
def test_a_timer_fires_once_whatever_the_clock_does(world: World, jump: int) -> None:
    key, far = Key(1, 2, "wake"), Key(1, 3, "wake")
    world.timers.set(key, world.clock.now() + 30_000)
    world.timers.set(far, world.clock.now() + 3 * YEAR)
    world.sleep(5_000)
    world.wall += jump
    world.sleep(60_000)
    world.wall -= jump
    world.sleep(60_000)
    assert [found for _, found in world.fired] == [key]
    assert len(world.timers) == 1


@pytest.mark.parametrize("jump", [-HOUR, -DAY, -YEAR])
def test_a_clock_that_is_set_back_delays_no_timer(world: World, jump: int) -> None:
    key = Key(1, 2, "wake")
    world.timers.set(key, world.clock.now() + 30_000)
    world.sleep(5_000)
    world.wall += jump
    world.sleep(60_000)
    assert world.fired == [(30_000, key)]


@pytest.mark.parametrize("jump", [HOUR, DAY, YEAR])
def test_what_came_due_in_a_jump_forward_is_noticed_soon(world: World, jump: int) -> None:
    key = Key(1, 2, "wake")
    world.timers.set(key, world.clock.now() + HOUR)
    world.sleep(5_000)
    world.wall += jump
    world.sleep(int(LONGEST_SLEEP * 1000))
    assert [found for _, found in world.fired] == [key]


def test_a_timer_set_anew_or_cancelled_fires_only_as_set_last(world: World) -> None:
    moved, dropped = Key(1, 1, "heartbeat"), Key(1, 2, "timeout")
    for due in range(1_000, 30_000, 1_000):
        world.timers.set(moved, START + due)
    world.timers.set(dropped, START + 500)
    world.timers.cancel(1, 2)
    world.sleep(60_000)
    assert world.fired == [(29_000, moved)]


def test_stale_entries_do_not_pile_up(world: World) -> None:
    for beat in range(20_000):
        world.timers.set(Key(1, 1, "heartbeat"), START + 60_000 + beat)
    assert len(world.timers._heap) < 2_000


@pytest.mark.parametrize("jump", JUMPS)
def test_ids_rise_also_when_the_clock_goes_back(monkeypatch: pytest.MonkeyPatch, jump: int) -> None:
    now = [START * MS]
    monkeypatch.setattr(time, "time_ns", lambda: now[0])
    monkeypatch.setattr(ids, "_last", 0)
    first = [ids.new_id() for _ in range(1000)]
    now[0] += jump * MS
    made = first + [ids.new_id() for _ in range(1000)]
    assert made == sorted(set(made))
    assert made[-1] < 1 << 63
