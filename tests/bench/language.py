"""Cost of the language room: checking and compiling a definition of 500 states, evaluating expressions.

    python -m tests.bench.language

CPU time of this process, the best of several rounds; the promises are 100 ms to check and 50 ms to compile, and 150 ms
for the data lens over 200 states.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from designer.asl.checker import check
from designer.asl.compiler import compile_definition
from designer.asl.paths import compile_path
from designer.asl.scope import Scope
from designer.asl.templates import compile_template
from designer.lens.lens import look
from designer.lens.shapes import exactly

ARN = "arn:aws:lambda:us-east-1:000000000000:function:f"


def definition(states: int) -> dict[str, Any]:
    """A chain in which every fifth state branches, retries or shapes its data."""
    def state(number: int) -> dict[str, Any]:
        following = f"S{number + 1}"
        kind = number % 5
        if kind == 0:
            rule = {"And": [{"Variable": "$.a.b", "IsPresent": True}, {"Variable": "$.a.b", "NumericLessThan": number}],
                    "Next": following}
            return {"Type": "Choice", "Choices": [rule], "Default": following}
        if kind == 1:
            return {"Type": "Pass", "Parameters": {"x.$": "$.a.b", "y.$": "States.Format('{}-{}', $.a.b, 'k')"},
                    "ResultPath": "$.c", "Next": following}
        retry = [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 2}]
        return {"Type": "Task", "Resource": ARN, "Parameters": {"v.$": "$.a"}, "ResultPath": f"$.r{number}",
                "Retry": retry, "Next": following}

    body = {f"S{number}": state(number) for number in range(states - 1)}
    return {"StartAt": "S0", "States": body | {f"S{states - 1}": {"Type": "Succeed"}}}


SAMPLE = {"order": {"id": 7, "name": "a"}, "items": [{"sku": str(number), "count": number} for number in range(20)]}


def flowing(states: int) -> dict[str, Any]:
    """A chain through which data flows: every state adds to it, tests it, goes over a list in it or may fail."""
    body: dict[str, Any] = {}
    for number in range(0, states - 1, 6):  # a Map counts as two
        names = [f"S{number + step}" for step in range(6)]
        take = {"StartAt": f"M{number}", "States": {
            f"M{number}": {"Type": "Pass", "Parameters": {"sku.$": "$.sku"}, "End": True}}}
        body |= {
            names[0]: {"Type": "Task", "Resource": ARN, "ResultPath": f"$.r{number}", "Next": names[1],
                       "Parameters": {"id.$": "States.Format('{}-{}', $.order.id, $.order.name)"},
                       "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "End"}]},
            names[1]: {"Type": "Choice", "Default": names[3], "Choices": [{"Next": names[2], "And": [
                {"Variable": "$.order.id", "NumericGreaterThan": 3}, {"Variable": "$.order.name", "IsString": True}]}]},
            names[2]: {"Type": "Pass", "Parameters": {"order.$": "$.order", "items.$": "$.items", "n": number},
                       "Next": names[3]},
            names[3]: {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": take, "ResultPath": "$.skus",
                       "Next": names[4]},
            names[4]: {"Type": "Pass", "Result": {"done": True}, "ResultPath": "$.state",
                       "Next": f"S{number + 6}" if number + 6 < states - 1 else "End"},
        }
    return {"StartAt": "S0", "States": body | {"End": {"Type": "Succeed"}}}


def best(work: Callable[[], object], rounds: int = 7) -> float:
    """Seconds of CPU for one call."""
    figures = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        figures.append(time.process_time() - begun)
    return min(figures)


def each(work: Callable[[], object], times: int = 20_000) -> float:
    def many() -> None:
        for _ in range(times):
            work()
    return best(many, 3) / times


def main() -> None:
    data = definition(500)
    text = json.dumps(data)
    scope = Scope({"a": {"b": 7}}, dict, {}, lambda: None)  # type: ignore[arg-type,return-value]
    path, template = compile_path("$.a.b"), compile_template({"x.$": "$.a.b", "y": [1, {"z.$": "$.a"}]})
    print(f"check of 500 states     {best(lambda: check(text)) * 1e3:8.1f} ms   (at most 100)")
    print(f"compile of 500 states   {best(lambda: compile_definition(data)) * 1e3:8.1f} ms   (at most 50)")
    machine, given = flowing(200), exactly(SAMPLE)
    seen = len(look(machine, given).states)
    print(f"lens over {seen} states    {best(lambda: look(machine, given)) * 1e3:8.1f} ms   (at most 150)")
    print(f"path $.a.b              {each(lambda: path(scope)) * 1e9:8.0f} ns")
    print(f"payload template        {each(lambda: template(scope)) * 1e9:8.0f} ns")


if __name__ == "__main__":
    main()
