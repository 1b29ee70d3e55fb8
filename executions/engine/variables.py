"""How much an execution may keep in variables: 256 KiB an Assign, 10 MiB in all (quotas.md section 2).

What all variables take is not counted anew at every assignment: the header keeps a number that only grows,
by what is assigned, and only when it is over the limit are the variables themselves counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from designer.asl.errors import DATA_LIMIT, MAX_PAYLOAD_BYTES, StateError
from designer.asl.jsontext import dumps
from designer.asl.model import State
from executions.engine.run import Frame

if TYPE_CHECKING:
    from executions.engine.step import Step

MAX_STORED: Final = 10 * 1024 * 1024  # bytes of JSON text, all frames together


def stored(step: Step, frame: Frame, state: State, assigned: Mapping[str, Any], texts: Mapping[str, str]) -> int:
    """The new bound, when `frame` assigns these values (`texts`: as JSON).  States.DataLimitExceeded."""
    size = sum(map(len, texts.values()))
    if size > MAX_PAYLOAD_BYTES:
        raise _exceeded(
            f"The variables assigned by the state '{state.name}' are larger than {MAX_PAYLOAD_BYTES} bytes.")
    bound = step.stored + size
    if bound <= MAX_STORED // 4:  # a character has at most four bytes
        return bound
    counted = _counted(step, frame, assigned)
    if counted > MAX_STORED:
        raise _exceeded(f"With those assigned by the state '{state.name}', the variables of the execution are larger "
                        f"than {MAX_STORED} bytes.")
    return counted


def _exceeded(cause: str) -> StateError:
    return StateError(DATA_LIMIT, cause, prefixed=False)


def _counted(step: Step, assigning: Frame, assigned: Mapping[str, Any]) -> int:
    frames = (step.frames.peek(number) for number in step.frames.numbers())
    kept = [frame.variables for frame in frames if frame is not None and frame.id != assigning.id]
    kept.append({**assigning.variables, **assigned})
    return sum(len(dumps(value).encode("utf-8", "surrogatepass")) for values in kept for value in values.values())
