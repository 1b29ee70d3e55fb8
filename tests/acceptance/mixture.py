"""Executions of every kind for the kill test, and the people and workers who answer them.

Everything here goes on by itself over crashes of the server: a call that fails is made again later.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import BotoCoreError

from tests.support import rest
from tests.support.server import Server

ROLE: Final = "arn:aws:iam::000000000000:role/test"
FUNCTION: Final = "arn:aws:lambda:us-east-1:000000000000:function:mark"
ACTIVITY: Final = "arn:aws:states:us-east-1:000000000000:activity:press"
# What a call can end with when the server dies under it.
BROKEN: Final = (BotoCoreError, OSError)

# Each call leaves one line; O_APPEND keeps the lines of concurrent workers apart.
SOURCE: Final = """
import os

def handler(event, context):
    line = f"{event['name']} {event['step']}\\n".encode()
    file = os.open(os.environ["MARKS"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        os.write(file, line)
    finally:
        os.close(file)
    return event["step"]
"""


def _mark(step: str, **more: Any) -> dict[str, Any]:
    parameters = {"name.$": "$$.Execution.Name", "step": step}
    retry = [{"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 1, "MaxAttempts": 3}]
    return {"Type": "Task", "Resource": FUNCTION, "Parameters": parameters, "ResultPath": f"$.{step}",
            "Retry": retry} | more


def _item() -> dict[str, Any]:
    return {"StartAt": "Pause", "States": {
        "Pause": {"Type": "Wait", "Seconds": 1, "Next": "Mark"},
        "Mark": {"Type": "Task", "Resource": FUNCTION, "End": True,
                 "Parameters": {"name.$": "$$.Execution.Name", "step.$": "States.Format('item-{}', $)"}}}}


def _again(seconds: int) -> list[dict[str, Any]]:
    return [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": seconds, "MaxAttempts": 50, "BackoffRate": 1.0}]


DEFINITIONS: Final[dict[str, dict[str, Any]]] = {
    "chain": {"StartAt": "A", "States": {
        "A": _mark("a", Next="Between"), "Between": {"Type": "Wait", "Seconds": 1, "Next": "B"},
        "B": _mark("b", Next="C"), "C": _mark("c", End=True)}},
    "wait": {"StartAt": "Wait", "States": {
        "Wait": {"Type": "Wait", "SecondsPath": "$.seconds", "Next": "After"},
        "After": {"Type": "Pass", "Result": True, "ResultPath": "$.waited", "End": True}}},
    "map": {"StartAt": "Items", "States": {
        "Items": {"Type": "Map", "MaxConcurrency": 3, "ItemsPath": "$.items", "End": True,
                  "ItemProcessor": _item() | {"ProcessorConfig": {"Mode": "INLINE"}}}}},
    # A task whose worker never hears of it (the server died while it answered) is given to another.
    "activity": {"StartAt": "Press", "States": {
        "Press": {"Type": "Task", "Resource": ACTIVITY, "HeartbeatSeconds": 4, "Retry": _again(1), "End": True}}},
    "approval": {"StartAt": "Ask", "States": {
        "Ask": {"Type": "Task", "Resource": "arn:aws:states:::approval:request",
                "Parameters": {"title.$": "$$.Execution.Name", "allowRequester": True},
                "ResultSelector": {"decision.$": "$.decision"}, "End": True}}},
    "branches": {"StartAt": "Both", "States": {
        "Both": {"Type": "Parallel", "End": True, "Branches": [
            {"StartAt": "L", "States": {"L": _mark("left", End=True)}},
            {"StartAt": "R", "States": {"R": {"Type": "Wait", "Seconds": 2, "End": True}}}]}}},
}
# Its input, of more than 256 KiB, lies aside.
DEFINITIONS["large"] = {"StartAt": "A", "States": {
    "A": _mark("a", Next="Between"), "Between": {"Type": "Wait", "Seconds": 1, "Next": "Last"},
    "Last": {"Type": "Pass", "End": True}}}
DEFINITIONS["express"] = DEFINITIONS["chain"]
KINDS: Final = tuple(DEFINITIONS)
LONG: Final = ("wait", "activity", "approval")  # those that stay open for some rounds


def input_of(kind: str, dice: random.Random) -> dict[str, Any]:
    if kind == "wait":
        return {"seconds": dice.randint(5, 40)}
    if kind == "large":
        return {"text": dice.choice("abc") * 280_000}
    return {"items": [1, 2, 3, 4]} if kind == "map" else {}


_CHAINED: Final = {"a": "a", "b": "b", "c": "c"}


def output_of(kind: str, given: dict[str, Any]) -> Any:
    """What an execution must come to."""
    return {
        "large": {**given, "a": "a"}, "chain": _CHAINED, "express": _CHAINED, "wait": {**given, "waited": True},
        "map": ["item-1", "item-2", "item-3", "item-4"], "activity": "pressed", "approval": {"decision": "APPROVED"},
        "branches": [{"left": "left"}, {}],
    }[kind]


def marks_of(kind: str) -> set[str]:
    """The side effects that an execution must have had."""
    return {"large": {"a"}, "chain": {"a", "b", "c"}, "express": {"a", "b", "c"}, "branches": {"left"},
            "map": {"item-1", "item-2", "item-3", "item-4"}}.get(kind, set())


class Mixture:
    """Starts executions and remembers which of them the server has acknowledged."""

    def __init__(self, server: Server, marks: Path) -> None:
        self.server = server
        self.marks = marks
        self.acknowledged: dict[str, tuple[str, dict[str, Any]]] = {}  # ARN -> kind, input
        self.client = server.client()
        self._arns: dict[str, str] = {}

    def prepare(self) -> None:
        body = {"source": SOURCE, "environment": {"MARKS": str(self.marks)}, "timeout": 30}
        rest.call(self.server.url, "PUT", "functions/mark/", body)
        rest.call(self.server.url, "PATCH", "limits/", {"offload_bytes": 1024 * 1024})
        self.client.create_activity(name="press")
        for kind, definition in DEFINITIONS.items():
            created = self.client.create_state_machine(
                name=kind, definition=json.dumps(definition), roleArn=ROLE,
                type="EXPRESS" if kind == "express" else "STANDARD")
            self._arns[kind] = created["stateMachineArn"]

    def start(self, kind: str, name: str, given: dict[str, Any]) -> None:
        """Start one; what the server did not answer for may exist or not."""
        try:
            started = self.client.start_execution(
                stateMachineArn=self._arns[kind], name=name, input=json.dumps(given))
        except BROKEN:
            return
        self.acknowledged[started["executionArn"]] = (kind, given)

    def start_many(
        self, pool: ThreadPoolExecutor, kinds: list[str], round: int, dice: random.Random,
    ) -> list[Future[None]]:
        return [pool.submit(self.start, kind, f"{kind}-{round}-{number}", input_of(kind, dice))
                for number, kind in enumerate(kinds)]


class Helpers:
    """Activity workers and an approver; `pace` is the pause between two answers in seconds."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.pace = 0.3
        self.errors: list[BaseException] = []
        self._ended = threading.Event()
        works = (self._press, self._press, self._approve)
        self._threads = [threading.Thread(target=self._keep_on, args=(work,), daemon=True) for work in works]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(90)

    def _keep_on(self, work: Callable[[], None]) -> None:
        while not self._ended.wait(self.pace):
            try:
                work()
            except BROKEN:
                time.sleep(0.05)  # the server is down
            except BaseException as error:  # an answer that is no crash: the test fails
                self.errors.append(error)
                raise

    def _press(self) -> None:
        client = self.server.client()
        task = client.get_activity_task(activityArn=ACTIVITY, workerName="w")
        while task.get("taskToken") and not self._ended.is_set():
            try:
                client.send_task_success(taskToken=task["taskToken"], output='"pressed"')
                return
            except client.exceptions.TaskTimedOut:
                return  # answered before, and the answer was lost; or the heartbeat was missed
            except BROKEN:
                time.sleep(0.05)

    def _approve(self) -> None:
        for row in rest.call(self.server.url, "GET", "approvals/?limit=3"):
            try:
                rest.call(self.server.url, "POST", f"approvals/{row['id']}/decide/", {"decision": "APPROVED"})
            except rest.Refused as refused:
                if "ApprovalAlreadyDecided" not in str(refused.body):
                    raise


