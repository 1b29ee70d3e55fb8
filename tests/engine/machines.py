"""Small pieces that example programs are made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from executions.engine.effects import StartTask
from executions.engine.memory import Answer, replies
from executions.engine.signals import Signal

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:work"
ACTIVITY = "arn:aws:states:us-east-1:123456789012:activity:work"
CALLBACK = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
INVOKE = "arn:aws:states:::lambda:invoke"


def machine(*states: tuple[str, dict[str, Any]], **fields: Any) -> dict[str, Any]:
    """A definition of states one after another: ("A", {"Type": "Pass"}), … the last one ends it."""
    named = {}
    for (name, state), after in zip(states, [*states[1:], None], strict=True):
        ends = state["Type"] in ("Choice", "Succeed", "Fail") or "Next" in state or "End" in state
        step = {} if ends else {"End": True} if after is None else {"Next": after[0]}
        named[name] = state | step
    return {"StartAt": states[0][0], "States": named} | fields


def task(resource: str = FUNCTION, **fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": resource} | fields


def each(*states: tuple[str, dict[str, Any]], **fields: Any) -> dict[str, Any]:
    """An inline Map over the state's input."""
    return {"Type": "Map", "ItemProcessor": machine(*states)} | fields


def parallel(*branches: list[tuple[str, dict[str, Any]]], **fields: Any) -> dict[str, Any]:
    return {"Type": "Parallel", "Branches": [machine(*branch) for branch in branches]} | fields


def retry(*errors: str, **fields: Any) -> dict[str, Any]:
    return {"ErrorEquals": list(errors or ("States.ALL",))} | fields


catch = retry


def script(*signals_of_each_try: Any) -> Answer:
    """A task that does something else at each try: functions of the StartTask, in order."""
    tries = iter(signals_of_each_try)

    def answer(started: StartTask) -> Iterable[tuple[int, Signal]]:
        script: Iterable[tuple[int, Signal]] = next(tries)(started)
        return script

    return answer


def echo(started: StartTask) -> Iterable[tuple[int, Signal]]:
    """A task that answers its payload."""
    return replies(started, started.payload)
