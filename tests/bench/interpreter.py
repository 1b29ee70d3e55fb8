"""How fast the interpreter alone is: python -m tests.bench.interpreter [--profile]

Transitions a second (one state entered and left; a Map's iterations too) with events written as dicts
and payloads encoded; no store, no tasks.
"""

from __future__ import annotations

import cProfile
import pstats
import sys
import time
from collections.abc import Callable
from typing import Any

from designer.asl.compiler import compile_definition
from executions.engine.memory import Memory, new_run, replies

ROUNDS = 5
INPUT = '{"order":"A-1001","items":[{"sku":"X1","count":2}],"total":129.5,"customer":{"name":"山田太郎","tier":"gold"}}'


def chain(length: int) -> dict[str, Any]:
    """Pass states one after another."""
    states: dict[str, Any] = {f"S{n}": {"Type": "Pass", "Next": f"S{n + 1}"} for n in range(length - 1)}
    states[f"S{length - 1}"] = {"Type": "Pass", "End": True}
    return {"StartAt": "S0", "States": states}


def loop(times: int) -> dict[str, Any]:
    """A counter and a Choice: a new payload each time round."""
    count = {"count.$": "States.MathAdd($.count, 1)"}
    again = {"Variable": "$.count", "NumericLessThan": times, "Next": "Add"}
    return {"StartAt": "Zero", "States": {
        "Zero": {"Type": "Pass", "Result": {"count": 0}, "Next": "Add"},
        "Add": {"Type": "Pass", "Parameters": count, "Next": "Again?"},
        "Again?": {"Type": "Choice", "Choices": [again], "Default": "End"},
        "End": {"Type": "Succeed"},
    }}  # fmt: skip


def fan(items: int) -> dict[str, Any]:
    """A Map of two Pass states an item."""
    body = {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "End": True}}
    return {"StartAt": "Items", "States": {
        "Items": {"Type": "Pass", "Result": [{"n": n} for n in range(items)], "Next": "Each"},
        "Each": {"Type": "Map", "ItemProcessor": {"StartAt": "A", "States": body}, "End": True},
    }}  # fmt: skip


def tasks(length: int) -> dict[str, Any]:
    """Tasks one after another; a step for each answer."""
    resource = "arn:aws:lambda:us-east-1:123456789012:function:f"
    task = {"Type": "Task", "Resource": resource}
    states: dict[str, Any] = {f"S{n}": task | {"Next": f"S{n + 1}"} for n in range(length)}
    return {"StartAt": "S0", "States": states | {f"S{length}": {"Type": "Pass", "End": True}}}


CASES: dict[str, Callable[[], tuple[dict[str, Any], int]]] = {
    "10,000 Pass states": lambda: (chain(10_000), 10_000),
    "Choice loop, 5,000 rounds": lambda: (loop(5_000), 10_002),
    "Map of 1,000 items": lambda: (fan(1_000), 2_002),
    "2,000 tasks, a step each": lambda: (tasks(2_000), 2_001),
}


def measure(definition: dict[str, Any]) -> float:
    """The best time in seconds of a few runs."""
    machine, best = compile_definition(definition), float("inf")
    for _ in range(ROUNDS):
        execution = Memory(machine, new_run(INPUT), lambda task: replies(task, task.payload))
        start = time.perf_counter()
        execution.run()
        best = min(best, time.perf_counter() - start)
        if execution.status != "SUCCEEDED":
            raise SystemExit(f"ended {execution.status}: {execution.finish}")
    return best


def main() -> None:
    for title, make in CASES.items():
        definition, transitions = make()
        if "--profile" in sys.argv:
            profile = cProfile.Profile()
            profile.runcall(measure, definition)
            pstats.Stats(profile).sort_stats("tottime").print_stats(14)
        else:
            seconds = measure(definition)
            print(f"{title:28} {transitions / seconds:10,.0f} transitions/s {seconds / transitions * 1e6:6.2f} µs each")


if __name__ == "__main__":
    main()
