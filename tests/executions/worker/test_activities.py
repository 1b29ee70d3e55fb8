"""Activity tasks and pollers meet."""

from __future__ import annotations

import asyncio

import pytest

from executions.worker import activities as module
from executions.worker.activities import Activities, TooManyPollersError, Waiting


def task(number: int) -> Waiting:
    return Waiting(number, 1, f"token-{number}", "{}")


async def poll(queue: Activities, wait: float = 10.0) -> asyncio.Task[Waiting | None]:
    """A worker that polls already."""
    polling = asyncio.ensure_future(queue.take("a", wait))
    await asyncio.sleep(0)
    return polling


async def test_tasks_go_out_in_the_order_they_came() -> None:
    queue = Activities()
    for number in range(3):
        queue.offer("a", task(number))
    queue.offer("b", task(9))
    assert [await queue.take("a", 0) for _ in range(4)] == [task(0), task(1), task(2), None]


async def test_who_has_waited_longest_is_served_first() -> None:
    queue = Activities()
    first, second = await poll(queue), await poll(queue)
    queue.offer("a", task(1))
    queue.offer("a", task(2))
    assert (await first, await second) == (task(1), task(2))


async def test_a_poll_that_ends_or_is_given_up_takes_no_task() -> None:
    queue = Activities()
    assert await queue.take("a", 0.001) is None
    gone = await poll(queue)
    gone.cancel()
    await asyncio.wait([gone])
    queue.offer("a", task(1))
    assert await queue.take("a", 0) == task(1)


async def test_a_poll_given_up_just_as_a_task_came_gives_it_to_the_next() -> None:
    queue = Activities()
    gone, other = await poll(queue), await poll(queue)
    queue.offer("a", task(1))
    gone.cancel()
    await asyncio.wait([gone])
    assert await other == task(1)


async def test_a_task_given_back_is_the_next() -> None:
    queue = Activities()
    queue.offer("a", task(2))
    queue.give_back("a", task(1))
    assert [await queue.take("a", 0), await queue.take("a", 0)] == [task(1), task(2)]


async def test_too_many_pollers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_POLLERS", 2)
    queue = Activities()
    polls = [await poll(queue) for _ in range(2)]
    with pytest.raises(TooManyPollersError):
        await queue.take("a", 10)
    for number, polling in enumerate(polls):
        queue.offer("a", task(number))
        assert await polling == task(number)
    assert await queue.take("a", 0.001) is None  # there is room again


async def test_nothing_is_kept_of_activities_that_are_idle() -> None:
    queue = Activities()
    await queue.take("a", 0.001)
    queue.offer("a", task(1))
    await queue.take("a", 0)
    assert not queue._tasks
    assert not queue._pollers
