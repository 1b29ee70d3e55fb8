"""One file a state type: how it is entered, and for those that wait, how it is left.

`ENTER` finds the function for a state's type; it gives Done, Fail, Fork or an Ask, or raises StateError.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from executions.engine.outcomes import Done, Fail, Fork
from executions.engine.run import Ask
from executions.engine.states import choice, fail, map, parallel, passing, succeed, task, wait

Outcome = Done | Fail | Fork | Ask

# (step, frame, state of that type) -> Outcome
ENTER: Final[dict[str, Callable[[Any, Any, Any], Outcome]]] = {
    "Pass": passing.enter,
    "Choice": choice.enter,
    "Wait": wait.enter,
    "Task": task.enter,
    "Parallel": parallel.enter,
    "Map": map.enter,
    "Succeed": succeed.enter,
    "Fail": fail.enter,
}
