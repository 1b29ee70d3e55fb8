"""The last step of an execution that the interpreter cannot bring on: it raised, where it must never raise."""

from __future__ import annotations

from typing import Final

from designer.asl.errors import RUNTIME
from designer.asl.model import Machine
from executions.engine import ending, receive
from executions.engine.run import Run
from executions.engine.step import Step

CAUSE: Final = (
    "The execution was quarantined: the engine cannot go on with it ({}). "
    "What it did until then is in its history; the server's log has the details."
)


def quarantine(machine: Machine, run: Run, now_ms: int, reason: str) -> Step:
    """End `run` as FAILED with States.Runtime and a cause that names the quarantine and the `reason`.

    Looks at no state, so that what made the interpreter raise cannot do so again.
    """
    step = Step(machine, run, now_ms)
    if not run.ended:
        if step.log.next == 1:
            receive.note_start(step)
        ending.failed(step, step.log.next - 1, RUNTIME, CAUSE.format(reason))
    return step
