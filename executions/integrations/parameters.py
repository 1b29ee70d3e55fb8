"""Reading a task's parameters: what is wrong with them is said as AWS says it, and ends the execution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from designer.asl.errors import RUNTIME
from designer.asl.jsontext import dumps
from executions.integrations.kinds import TaskError

MAX_SHOWN: Final = 4_000  # characters of the parameters that a message repeats


def lowered(parameters: Any, fields: tuple[str, ...]) -> Any:
    """AWS writes parameters in PascalCase; our own tasks take both: `Title` is `title`."""
    if not isinstance(parameters, Mapping):
        return parameters
    known = {field[0].upper() + field[1:]: field for field in fields}
    return {known.get(name, name): value for name, value in parameters.items()}


class Parameters:
    """The fields of a service task.  Every reader raises TaskError("States.Runtime") that names the field."""

    def __init__(self, payload: Any, fields: tuple[str, ...], *, whole: Any = None, path: str = "") -> None:
        """`fields` are the names allowed; `path` is where this object lies in the parameters ("approvers.")."""
        self._whole = payload if whole is None else whole
        self._path = path
        if not isinstance(payload, dict):
            raise self.refusal(f"{self.name('')} must be a JSON object" if path else
                               "The parameters must be a JSON object")
        self.values: Mapping[str, Any] = payload
        for name in payload:
            if name not in fields:
                raise self.refusal(f"The field \"{path}{name}\" is not supported; "
                                   f"the fields are {', '.join(fields)}")

    @property
    def whole(self) -> Any:
        """All parameters, as a message repeats them."""
        return self._whole

    def name(self, field: str) -> str:
        """A field as a message shows it."""
        return f'The field "{(self._path + field).rstrip(".")}"'

    def refusal(self, problem: str) -> TaskError:
        shown = dumps(self._whole)
        if len(shown) > MAX_SHOWN:
            shown = shown[:MAX_SHOWN] + "…"
        return TaskError(RUNTIME, f"The Parameters '{shown}' could not be used to start the Task: [{problem}]")

    def text(self, field: str, *, required: bool = False, longest: int | None = None) -> str | None:
        value = self.values.get(field)
        if value is None:
            if required:
                raise self.refusal(f"{self.name(field)} is required but was missing")
            return None
        if not isinstance(value, str):
            raise self.refusal(f"{self.name(field)} must be a string")
        if required and not value.strip():
            raise self.refusal(f"{self.name(field)} must not be empty")
        if longest is not None and len(value) > longest:
            raise self.refusal(f"{self.name(field)} must not be longer than {longest} characters")
        return value

    def one_of(self, field: str, allowed: tuple[str, ...]) -> str:
        """One of `allowed`; the first when the field is absent."""
        value = self.text(field)
        if value is None:
            return allowed[0]
        if value not in allowed:
            raise self.refusal(f"{self.name(field)} must be one of {', '.join(allowed)}")
        return value

    def texts(self, field: str) -> list[str]:
        """An array of strings, [] when absent; duplicates are taken once."""
        value = self.values.get(field)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.refusal(f"{self.name(field)} must be an array of strings")
        return list(dict.fromkeys(value))
