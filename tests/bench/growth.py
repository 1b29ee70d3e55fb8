"""Does the cost of a unit of work stay the same when there is more of it?

The server's CPU time for a unit, at growing sizes; the dearest of the larger sizes may cost 1.5 times the smallest.
The best of a few runs counts: what else the machine does only ever makes a run dearer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from tests.bench.client import Client
from tests.bench.connections import fire
from tests.bench.interpreter import chain, fan, loop

MOST: Final = 1.5
RUNS: Final = 3
STARTS: Final = 20
PASS: Final[dict[str, Any]] = chain(1)


def growths(client: Client) -> Iterator[tuple[str, dict[int, float]]]:
    """For each kind of growth: size → µs of CPU for a unit."""
    yield "executions in the database", dict(_executions(client))
    yield "chain, states", {size: _run(client, chain(size), size, 10_000 // size) for size in (100, 1_000, 10_000)}
    yield "Map, items", {size: _run(client, fan(size), size, 4_000 // size) for size in (100, 1_000, 4_000)}
    yield "history, events read", {size: _read(client, size) for size in (1_000, 5_000, 24_900)}


def worst(costs: dict[int, float]) -> float:
    """How many times the smallest size's cost the larger ones cost at most."""
    first, *larger = costs.values()
    return max(larger) / first


def _best(client: Client, work: Callable[[], object], units: int) -> float:
    costs = []
    for _ in range(RUNS):
        begun = client.cpu()
        work()
        costs.append(client.cpu() - begun)
    return min(costs) / units * 1e6


def _run(client: Client, definition: dict[str, Any], units: int, times: int) -> float:
    """Of a state or an item, with the start of its execution."""
    machine = client.create(definition)
    client.run(machine)
    return _best(client, lambda: client.run(machine, times), units * times)


def _read(client: Client, events: int) -> float:
    """Of an event; pages of 1,000."""
    arn = client.run(client.create(loop((events - 10) // 4)))[0]

    def read() -> None:
        page = client.call("GetExecutionHistory", executionArn=arn, maxResults=1000)
        while token := page.get("nextToken"):
            page = client.call("GetExecutionHistory", executionArn=arn, maxResults=1000, nextToken=token)

    return _best(client, read, events)


def _executions(client: Client) -> Iterator[tuple[int, float]]:
    """Of starting, seeing through, listing and describing one more."""
    machine = client.create(PASS)
    there = 0
    for size in (1, 100, 10_000):
        fire(client.url, "StartExecution", {"stateMachineArn": machine}, size - there)
        client.wait(machine)
        there = size
        yield size, _best(client, lambda: client.run(machine, STARTS), STARTS)
        there += RUNS * STARTS
