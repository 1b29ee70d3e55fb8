"""What the expressions of one state visit may read: data, context object, variables, random numbers."""

from __future__ import annotations

import random
from collections import ChainMap
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from designer.asl.scope import Evaluator, Scope
from executions.engine.run import Frame

if TYPE_CHECKING:
    from executions.engine.step import Step

_COUNTS_RETRIES: Final = ("Task", "Map", "Parallel")


class View:
    """One stage of a state visit.

    `stage` names it ("arguments", "result" …), so that each stage has random numbers of its own and
    has the same ones at every replay.  `token` and `item` (Map.Item) are set where the context object
    shows them, before the first expression is evaluated.
    """

    __slots__ = ("_frame", "_scope", "_stage", "_step", "item", "token")

    def __init__(self, step: Step, frame: Frame, stage: str) -> None:
        self._step = step
        self._frame = frame
        self._stage = stage
        self._scope: Scope | None = None
        self.token: str | None = None
        self.item: dict[str, Any] | None = None

    def of(self, evaluator: Evaluator | None, data: Any) -> Any:
        """What the expression gives for `$` = data; data itself when the field is absent."""
        return data if evaluator is None else evaluator(self.scope(data))

    def scope(self, data: Any) -> Scope:
        scope = self._scope
        if scope is None:
            step, frame = self._step, self._frame
            around = _Around(step, frame, self._stage, self.token, self.item)
            scope = self._scope = Scope(data, around.context, variables(step, frame), around.random, step.now)
        else:
            scope.data = data
        return scope


class _Around:
    """What most expressions do without, made when it is asked for.

    Apart from the View, whose scope leads here: a circle would keep the whole step alive until the
    garbage collector comes by.
    """

    __slots__ = ("_context", "_frame", "_item", "_random", "_stage", "_step", "_token")

    def __init__(
        self, step: Step, frame: Frame, stage: str, token: str | None, item: dict[str, Any] | None
    ) -> None:
        self._step, self._frame, self._stage, self._token, self._item = step, frame, stage, token, item
        self._context: dict[str, Any] | None = None
        self._random: random.Random | None = None

    def context(self) -> dict[str, Any]:
        """The context object as this stage shows it."""
        if self._context is None:
            self._context = self._step.context(self._frame)
            if self._token is not None:
                self._context.setdefault("Task", {"Token": self._token})
            if self._item is not None:
                self._context["Map"] = {"Item": self._item}
        return self._context

    def random(self) -> random.Random:
        if self._random is None:
            frame = self._frame
            seed = f"{self._step.run.seed}:{frame.id}:{frame.state}:{frame.last}:{frame.retries}:{self._stage}"
            self._random = random.Random(seed)  # noqa: S311 - must be the same at every replay
        return self._random


def variables(step: Step, frame: Frame) -> Mapping[str, Any]:
    """The variables a frame sees: its own, then those of the blocks around it (§5)."""
    scopes = [frame.variables] if frame.variables else []
    while frame.parent:
        parent = step.frames.peek(frame.parent)
        if parent is None or (frame.quiet and not parent.quiet):
            break  # children of a distributed Map see no outer variables
        if parent.variables:
            scopes.append(parent.variables)
        frame = parent
    return ChainMap(*scopes) if len(scopes) > 1 else scopes[0] if scopes else {}


def context_object(step: Step, frame: Frame) -> dict[str, Any]:
    """The context object of a frame's state (asl-language.md §6)."""
    state: dict[str, Any] = {"Name": frame.state, "EnteredTime": iso(frame.entered_at)}
    if step.state_of(frame).type in _COUNTS_RETRIES:
        state["RetryCount"] = frame.retries
    run = step.run
    return {
        "Execution": _execution(step),
        "StateMachine": {"Id": run.machine_arn, "Name": run.machine_name},
        "State": state,
    }


def _execution(step: Step) -> dict[str, Any]:
    run = step.run
    told = {
        "Id": run.arn,
        "Input": run.input_value,
        "StartTime": iso(run.started_at),
        "Name": run.name,
        "RoleArn": run.role_arn,
    }
    if run.kind != "EXPRESS":  # which cannot be redriven (recorded)
        told["RedriveCount"] = step.redrives
        if step.redriven_at is not None:
            told["RedriveTime"] = iso(step.redriven_at)
    return told


def iso(ms: int) -> str:
    """ISO 8601, UTC, with milliseconds and Z."""
    return f"{datetime.fromtimestamp(ms // 1000, UTC):%Y-%m-%dT%H:%M:%S}.{ms % 1000:03d}Z"
