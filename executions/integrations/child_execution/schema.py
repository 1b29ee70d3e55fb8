"""The parameters of `arn:aws:states:::states:startExecution`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from designer.asl.jsontext import dumps
from executions.integrations.parameters import Parameters

FIELDS: Final = ("StateMachineArn", "Input", "Name", "TraceHeader")


@dataclass(frozen=True, slots=True)
class Child:
    """The execution to start.  `input` is JSON text."""

    machine_arn: str
    input: str
    name: str | None
    trace_header: str | None


def read(parameters: Any) -> Child:
    """TaskError("States.Runtime") names the field that is wrong."""
    given = Parameters(parameters, FIELDS)
    return Child(given.text("StateMachineArn", required=True) or "", _input(given.values.get("Input")),
                 given.text("Name"), given.text("TraceHeader"))


def _input(value: Any) -> str:
    """A string is used as it is; null is no input at all (recorded); anything else is written as JSON."""
    if value is None:
        return "{}"
    return value if isinstance(value, str) else dumps(value)
