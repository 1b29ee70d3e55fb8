"""What must be asked of the world again after a restart."""

from __future__ import annotations

from designer.asl.model import Machine, Task
from executions.engine.effects import Effect, SetTimer, start_task
from executions.engine.run import LIVE, Frame, Run


def resume(machine: Machine, run: Run) -> list[Effect]:
    """The open tasks and timers of a run that has been loaded again, in the order of their asks.

    Timers that came due meanwhile are among them, with a due time in the past.  When
    `run.header.ready` is not empty, send Continue as well.
    """
    if run.ended:
        return []
    effects: list[Effect] = []
    if run.header.deadline is not None:
        effects.append(SetTimer(0, "execution", run.header.deadline))
    for ask in sorted(run.by_ask):
        frame = run.frames[run.by_ask[ask]]
        if frame.status == LIVE:
            effects += _again(machine, frame)
    return effects


def _again(machine: Machine, frame: Frame) -> list[Effect]:
    ask = frame.ask
    if ask is None:
        return []
    effects: list[Effect] = []
    state = machine.blocks[frame.path].states[frame.state]
    if ask.kind == "task" and isinstance(state, Task):
        effects.append(start_task(state, ask))
    timers = (("wake", ask.wake), ("timeout", ask.timeout), ("heartbeat", ask.heartbeat))
    effects += [SetTimer(ask.id, timer, due) for timer, due in timers if due is not None]
    return effects
