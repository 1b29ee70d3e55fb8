"""Map: asl-language.md §16, history-events.md §6 (inline) and §7 (distributed)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from designer.asl.errors import QUERY_EVALUATION, StateError
from designer.asl.model import JSONATA, Map
from executions.engine import map_run
from executions.engine.map_items import item_list
from executions.engine.outcomes import Fork
from executions.engine.run import Frame
from executions.engine.view import View

if TYPE_CHECKING:
    from executions.engine.step import Step

MAX_INLINE: Final = 40


def enter(step: Step, frame: Frame, state: Map) -> Fork:
    view = View(step, frame, "items")
    data = view.of(state.input_path, frame.input)
    items = _items(step, state, view.of(state.items, data))
    wished = 0 if state.max_concurrency is None else int(state.max_concurrency(view.scope(data)))
    frame.last = step.note(frame, "MapStateStarted", frame.last, {"length": len(items)})
    most = MAX_INLINE
    if state.distributed is not None:
        map_run.start(step, frame, state.distributed, view, data, len(items), wished)
        most = map_run.MAX_CHILDREN
    return Fork(len(items), min(wished or most, most), item_list(items))


def _items(step: Step, state: Map, items: Any) -> list[Any] | dict[str, Any]:
    """The items, which an inline Map takes from an array only (§16.2)."""
    if isinstance(items, list) or (isinstance(items, dict) and state.distributed is not None):
        return items
    location = "Items" if state.language == JSONATA else None
    raise StateError(
        QUERY_EVALUATION, f"Map state input must be an array but was: {step.texts.of(items)}", location=location
    )
