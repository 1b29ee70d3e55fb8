"""Functions: how long a warm call takes in a workflow, and how many a second."""

from __future__ import annotations

import json
import statistics
import time
from typing import Any, Final

from tests.support import rest
from tests.support.server import Server

NAME: Final = "bench"
SOURCE: Final = "def handler(event, context):\n    return event\n"
CHAIN: Final = 100  # calls one after the other
AT_ONCE: Final = 30  # executions of a Map each
ITEMS: Final = 40
ROLE: Final = "arn:aws:iam::000000000000:role/bench"
ARN: Final = f"arn:aws:lambda:us-east-1:000000000000:function:{NAME}"


def measure(server: Server) -> dict[str, float]:
    """{"warm_p50_ms": from scheduled to succeeded, by the history's clock, "calls_per_s": over all at once}."""
    rest.call(server.url, "PUT", f"functions/{NAME}/", {"source": SOURCE})
    client = server.client()
    return {"warm_p50_ms": _warm(client), "calls_per_s": _rate(client)}


def _machine(client: Any, name: str, definition: dict[str, Any]) -> str:
    made: str = client.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE)[
        "stateMachineArn"]
    return made


def _task(**rest_of: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": ARN, **rest_of}


def _warm(client: Any) -> float:
    states = {f"S{number}": _task(Next=f"S{number + 1}") for number in range(CHAIN)}
    states[f"S{CHAIN}"] = {"Type": "Succeed"}
    machine = _machine(client, "bench-functions-chain", {"StartAt": "S0", "States": states})
    for _ in range(2):  # the first warms up
        arn = client.start_execution(stateMachineArn=machine, input='{"a": 1}')["executionArn"]
        _wait(client, arn)
    events = client.get_execution_history(executionArn=arn, maxResults=1000)["events"]
    began, took = 0.0, []
    for event in events:
        if event["type"] == "LambdaFunctionScheduled":
            began = event["timestamp"].timestamp()
        elif event["type"] == "LambdaFunctionSucceeded":
            took.append((event["timestamp"].timestamp() - began) * 1e3)
    return statistics.median(took)


def _rate(client: Any) -> float:
    definition = {"StartAt": "Each", "States": {"Each": {
        "Type": "Map", "ItemsPath": "$", "MaxConcurrency": ITEMS, "End": True,
        "ItemProcessor": {"StartAt": "Call", "States": {"Call": _task(End=True)}}}}}
    machine = _machine(client, "bench-functions-map", definition)
    given = json.dumps(list(range(ITEMS)))
    _wait(client, client.start_execution(stateMachineArn=machine, input=given)["executionArn"])
    begun = time.perf_counter()
    started = [client.start_execution(stateMachineArn=machine, input=given)["executionArn"] for _ in range(AT_ONCE)]
    for arn in started:
        _wait(client, arn)
    return AT_ONCE * ITEMS / (time.perf_counter() - begun)


def _wait(client: Any, arn: str) -> None:
    while (found := client.describe_execution(executionArn=arn))["status"] == "RUNNING":
        time.sleep(0.01)
    assert found["status"] == "SUCCEEDED", found
