"""What the iterations of a Map that has forked are made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from designer.asl.model import Map
from executions.engine.run import Frame
from executions.engine.view import View

if TYPE_CHECKING:
    from executions.engine.step import Step


def item_list(items: list[Any] | dict[str, Any]) -> Any:
    """What the frame keeps: an array as it is, an object as its keys and values."""
    return {"keys": list(items), "values": list(items.values())} if isinstance(items, dict) else items


def item_count(frame: Frame) -> int:
    return len(frame.work["keys"]) if isinstance(frame.work, dict) else len(frame.work)


def item_input(step: Step, frame: Frame, state: Map, slot: int) -> Any:
    """What iteration number `slot` gets.  ItemSelector may fail here, long after the Map has begun."""
    items = frame.work
    if isinstance(items, dict):
        key, part = items["keys"][slot], items["values"][slot]
        value: Any = {"Key": key, "Value": part}
        item = {"Index": slot, "Key": key, "Value": part}
    else:
        value = items[slot]
        item = {"Index": slot, "Value": value}
    if state.item_selector is None:
        return value
    view = View(step, frame, f"item{slot}")
    view.item = item
    return view.of(state.item_selector, view.of(state.input_path, frame.input))
