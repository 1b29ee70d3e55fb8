"""Random definitions that always come to an end, and whose outputs tell in which order they were joined."""

from __future__ import annotations

import itertools
import random
from typing import Any, Final

from tests.engine.machines import ACTIVITY, CALLBACK, FUNCTION

JOB: Final = "arn:aws:states:::states:startExecution.sync"
ERRORS: Final = ("E1", "E2", "States.Timeout")
NAMES: Final = (*ERRORS, "States.TaskFailed")
State = dict[str, Any]


class Author:
    """Writes one definition.  Every state adds to its input under a key of its own, so nothing gets lost."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.room = dice.randint(1, 10)  # states that may still be written
        self._numbers = itertools.count()

    def write(self) -> State:
        machine = self.block(0)
        if self.dice.random() < 0.1:
            machine["TimeoutSeconds"] = self.dice.randint(1, 20)
        return machine

    def block(self, depth: int, first: State | None = None) -> State:
        states: list[State] = [] if first is None else [first]
        for _ in range(self.dice.randint(1, 3)):
            if self.room > 0:
                self.room -= 1
                states.append(self._state(depth))
        ends_badly = self.dice.random() < 0.08
        states.append({"Type": "Fail", "Error": "E1", "Cause": "meant"} if ends_badly else {"Type": "Pass"})
        return self._chained(states)

    def _chained(self, states: list[State]) -> State:
        names = [f"{state['Type']}{next(self._numbers)}" for state in states]
        for state, after in zip(states, [*names[1:], None], strict=True):
            for catcher in state.get("Catch", ()):
                catcher["Next"] = names[-1]
            if after is not None:
                state["Next"] = after
            elif state["Type"] != "Fail":
                state["End"] = True
        return {"StartAt": names[0], "States": dict(zip(names, states, strict=True))}

    def _state(self, depth: int) -> State:
        kinds = [self._pass, self._wait, self._task, self._task, self._task]
        if depth < 3 and self.room > 0:
            kinds += [self._parallel, self._map] * 2
        return self.dice.choice(kinds)(depth)

    def _pass(self, depth: int) -> State:
        if self.dice.random() < 0.05:
            return {"Type": "Pass", "InputPath": "$.missing"}
        state: State = {"Type": "Pass", "Result": 1, "ResultPath": "$.passed"}
        return state | ({"Assign": {f"v{depth}.$": "$.items"}} if self.dice.random() < 0.3 else {})

    def _wait(self, depth: int) -> State:
        return {"Type": "Wait", "Seconds": self.dice.randint(0, 5)}

    def _task(self, depth: int) -> State:
        resource = self.dice.choice((FUNCTION, FUNCTION, ACTIVITY, CALLBACK, JOB))
        state: State = {"Type": "Task", "Resource": resource, "ResultPath": "$.result"}
        if resource == CALLBACK:
            state["Parameters"] = {"token.$": "$$.Task.Token"}
        if resource == ACTIVITY or self.dice.random() < 0.4:  # a worker that dies is noticed only so
            state["TimeoutSeconds"] = self.dice.randint(2, 8)
        if resource in (ACTIVITY, CALLBACK) and self.dice.random() < 0.4:
            state["HeartbeatSeconds"] = self.dice.randint(1, state.get("TimeoutSeconds", 4) - 1)
        return state | self._handlers()

    def _parallel(self, depth: int) -> State:
        branches = [self.block(depth + 1, {"Type": "Pass", "Result": slot, "ResultPath": "$.branch"})
                    for slot in range(self.dice.randint(1, 3))]
        return {"Type": "Parallel", "Branches": branches, "ResultPath": "$.joined"} | self._handlers()

    def _map(self, depth: int) -> State:
        items = list(range(self.dice.randint(0, 4)))
        state: State = {
            "Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": self.dice.randint(0, 3), "ResultPath": "$.mapped",
            "ItemSelector": {"slot.$": "$$.Map.Item.Index", "items": items}, "ItemProcessor": self.block(depth + 1)}
        if self.dice.random() < 0.25:
            state["ItemProcessor"]["ProcessorConfig"] = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
            state["ToleratedFailureCount"] = self.dice.randint(0, 2)
        return state | self._handlers()

    def _handlers(self) -> State:
        handlers: State = {}
        if self.dice.random() < 0.5:
            handlers["Retry"] = [self._retrier() for _ in range(self.dice.randint(1, 2))]
        if self.dice.random() < 0.4:
            handlers["Catch"] = [{"ErrorEquals": self._errors(), "ResultPath": "$.caught"}]
        return handlers

    def _errors(self) -> list[str]:
        return ["States.ALL"] if self.dice.random() < 0.5 else self.dice.sample(NAMES, self.dice.randint(1, 2))

    def _retrier(self) -> State:
        retrier: State = {"ErrorEquals": self._errors(), "MaxAttempts": self.dice.randint(0, 3)}
        if self.dice.random() < 0.6:
            retrier |= {"IntervalSeconds": self.dice.randint(1, 3), "BackoffRate": self.dice.choice((1.0, 1.5, 2.0))}
        if self.dice.random() < 0.2:
            retrier["MaxDelaySeconds"] = self.dice.randint(4, 5)
        if self.dice.random() < 0.2:
            retrier["JitterStrategy"] = "FULL"
        return retrier


def states_of(block: State) -> dict[str, State]:
    """All states of a definition by their names, which are unique."""
    found: dict[str, State] = {}
    for name, state in block["States"].items():
        found[name] = state
        inner = [*state.get("Branches", ()), *([state["ItemProcessor"]] if "ItemProcessor" in state else ())]
        for part in inner:
            found |= states_of(part)
    return found
