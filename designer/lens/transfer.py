"""The state types: from the data before a state to the ways on from it (asl-language.md §3, §4, §10–19).

Each rule is the counterpart of one in executions/engine/states and flow.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol

from designer.asl.compile_map import is_distributed
from designer.asl.model import Resource
from designer.asl.report import Steps, pointer_of
from designer.asl.resources import parse_resource
from designer.lens import branching
from designer.lens.jsonata import value as jsonata_value
from designer.lens.lattice import items_of, join, join_all
from designer.lens.merging import merge
from designer.lens.notes import Notes
from designer.lens.shapes import (
    ANY_OBJECT,
    DECLARED,
    NEVER,
    NUMBER,
    TEXT,
    UNKNOWN,
    Array,
    Field,
    Shape,
    array_of,
    exactly,
    record,
)
from designer.lens.views import Variables, View, with_field
from designer.lens.visits import Call, Known, Out, Visit

_NO_RESOURCE: Final = Resource("", "")


class Lens(Protocol):
    """What the rules ask of the whole."""

    notes: Notes

    def block(self, block: Any, steps: Steps, given: Shape, visit: Visit, variables: Variables) -> Ends:
        """The outputs of an inner list of states."""

    def result(self, call: Call) -> Known:
        """What is known of a task's result."""

    def spend(self, steps: int) -> None:
        """Count work; raises when it is too much."""


class Ends:
    """What a list of states ends with; `ghost` where no data that was given comes to its end."""

    __slots__ = ("ghost", "real")

    def __init__(self, real: Shape, ghost: Shape) -> None:
        self.real, self.ghost = real, ghost

    @property
    def shape(self) -> Shape:
        return self.ghost if self.real.is_never else self.real


# ---- Pass, Wait, Succeed, Fail -------------------------------------------------------------------


def _pass(lens: Lens, visit: Visit) -> list[Out]:
    if visit.is_jsonata:
        return _plain(visit, visit.raw)
    data = visit.effective()
    if "Result" in visit.state:
        result = exactly(visit.state["Result"])
    else:
        result = visit.arguments(visit.view(data))
    visit.told["result"] = result
    variables = visit.assigned(visit.state.get("Assign"), visit.view(result, "result"), visit.at("Assign"))
    return visit.ways(visit.cut_output(_merged(visit, visit.raw, result)), variables)


def _merged(visit: Visit, raw: Shape, result: Shape) -> Shape:
    if "ResultPath" not in visit.state:
        return result
    return merge(visit.state["ResultPath"], raw, result, visit.notes, visit.at("ResultPath"))


def _plain(visit: Visit, data: Shape) -> list[Out]:
    """The way on of a state without a result of its own."""
    output, variables = _left(visit, data, visit.state, visit.steps)
    return visit.ways(output, variables)


def _left(visit: Visit, data: Shape, fields: Any, steps: Steps) -> tuple[Shape, Variables]:
    view = visit.view(visit.raw if visit.is_jsonata else data)
    variables = visit.assigned(fields.get("Assign"), view, (*steps, "Assign"))
    if not visit.is_jsonata:
        return visit.cut_output(data), variables
    output = jsonata_value(fields["Output"], view, (*steps, "Output")) if "Output" in fields else visit.raw
    return output, variables


def _wait(lens: Lens, visit: Visit) -> list[Out]:
    data = visit.effective()
    view = visit.view(data)
    branching.expect_seconds(visit, visit.of_kind("Seconds", view, ("number", "string"), "a whole number"), "Seconds")
    branching.expect_timestamp(visit, visit.of_kind("Timestamp", view, ("string",), "a timestamp"))
    return _plain(visit, data)


def _succeed(lens: Lens, visit: Visit) -> list[Out]:
    return _plain(visit, visit.effective())


def _fail(lens: Lens, visit: Visit) -> list[Out]:
    view = visit.view(visit.raw)
    for name in ("Error", "Cause"):
        visit.of_kind(name, view, ("string",), "a text")
    return []


# ---- Task ----------------------------------------------------------------------------------------


def _task(lens: Lens, visit: Visit) -> list[Out]:
    text = visit.state.get("Resource")
    resource = (parse_resource(text) if isinstance(text, str) else None) or _NO_RESOURCE
    outer = visit.context
    if resource.waits_for_token:
        visit.context = with_field(outer, "Task", record({"Token": Field(TEXT)}))
    view = visit.view(visit.effective())
    arguments = visit.arguments(view)
    visit.told["arguments"] = arguments
    for name in ("TimeoutSeconds", "HeartbeatSeconds"):
        shape = visit.of_kind(name, view, ("number", "string"), "a positive whole number")
        branching.expect_seconds(visit, shape, name, least=1)
    if "Credentials" in visit.state:
        visit.payload("Credentials", visit.state["Credentials"], view)
    visit.context = outer
    visit.call = Call(pointer_of(visit.steps), resource, arguments)
    known = lens.result(visit.call)
    visit.origin = known.origin
    return _leave_work(visit, known.shape)


def _leave_work(visit: Visit, result: Shape, *, is_sure: bool = True) -> list[Out]:
    """From a result to the ways on; `is_sure` False when the work always fails."""
    caught = _caught(visit)  # also where it surely fails for good: something else may have failed before
    visit.told["result"] = result
    output, variables = _output(visit, result)
    ways = visit.ways(output, variables)
    if not is_sure:
        ways = [way._replace(is_ghost=True) for way in ways]
    return [*ways, *caught]


def _output(visit: Visit, result: Shape) -> tuple[Shape, Variables]:
    state = visit.state
    if visit.is_jsonata:
        view = View(visit.raw, visit.variables, visit.context, visit.notes, result)
        variables = visit.assigned(state.get("Assign"), view, visit.at("Assign"))
        return jsonata_value(state["Output"], view, visit.at("Output")) if "Output" in state else result, variables
    view = visit.view(result, "result")
    variables = visit.assigned(state.get("Assign"), view, visit.at("Assign"))
    if "ResultSelector" in state:
        result = visit.payload("ResultSelector", state["ResultSelector"], view)
    return visit.cut_output(_merged(visit, visit.raw, result)), variables


def _caught(visit: Visit) -> list[Out]:
    """The ways on by catchers: that the work may fail is always possible."""
    error = record({"Error": Field(TEXT, DECLARED), "Cause": Field(TEXT, DECLARED)})
    catchers = visit.state.get("Catch")
    ways = []
    for number, catcher in enumerate(catchers if isinstance(catchers, list) else []):
        if isinstance(catcher, dict) and isinstance(catcher.get("Next"), str):
            with visit.notes.perhaps():
                data, variables = _catch(visit, catcher, error, visit.at("Catch", number))
            ways.append(Out(catcher["Next"], data, variables, visit.is_ghost, is_caught=True))
    return ways


def _catch(visit: Visit, catcher: Any, error: Shape, steps: Steps) -> tuple[Shape, Variables]:
    if visit.is_jsonata:
        view = View(visit.raw, visit.variables, visit.context, visit.notes, error_output=error)
        variables = visit.assigned(catcher.get("Assign"), view, (*steps, "Assign"))
        return jsonata_value(catcher["Output"], view, (*steps, "Output")) if "Output" in catcher else error, variables
    view = visit.view(error, "result")
    variables = visit.assigned(catcher.get("Assign"), view, (*steps, "Assign"))
    if "ResultPath" not in catcher:
        return error, variables
    return merge(catcher["ResultPath"], visit.raw, error, visit.notes, (*steps, "ResultPath")), variables


# ---- Parallel, Map -------------------------------------------------------------------------------


def _parallel(lens: Lens, visit: Visit) -> list[Out]:
    view = visit.view(visit.effective())
    handed = visit.arguments(view)
    visit.told["arguments"] = handed
    branches = visit.state.get("Branches")
    ends = [lens.block(branch, visit.at("Branches", number), handed, visit, visit.variables)
            for number, branch in enumerate(branches if isinstance(branches, list) else [])]
    result = Shape(array=Array(tuple(end.shape for end in ends), NEVER, len(ends)))
    return _leave_work(visit, result, is_sure=not any(end.real.is_never for end in ends))


def _map(lens: Lens, visit: Visit) -> list[Out]:
    field = "Iterator" if "Iterator" in visit.state else "ItemProcessor"
    processor = visit.state.get(field)
    wide = is_distributed(processor)
    view = visit.view(visit.effective())
    item, least, key = _items(visit, view, wide)
    child = _selected(visit, view, item, key, is_sure=least > 0)
    visit.told["arguments"] = child
    _counts(visit, view)
    ends = lens.block(processor, visit.at(field), child, visit, {} if wide else visit.variables)
    if "ResultWriter" in visit.state:
        return _leave_work(visit, ANY_OBJECT)
    fails = ends.real.is_never and least > 0 and not wide
    some = 0 if wide else least
    return _leave_work(visit, array_of(NEVER if item.is_never else ends.shape, 0 if item.is_never else some),
                       is_sure=not fails)


def _items(visit: Visit, view: View, wide: bool) -> tuple[Shape, int, bool]:
    """(what an item may be, how many there are at least, whether items may have keys)."""
    if "ItemReader" in visit.state:
        return UNKNOWN, 0, False
    kinds = ("array", "object") if wide else ("array",)
    wanted = "an array or object" if wide else "an array"
    name = "Items" if visit.is_jsonata else "ItemsPath"
    if name in visit.state:
        shape = _items_of(visit, view, name)
        place = visit.at(name)
    else:
        shape, place = view.data, visit.steps
    if not shape.is_never and not set(shape.kinds) & set(kinds):
        branching.no_array(visit, shape, place, wanted)
        return UNKNOWN, 0, False
    if shape.unknown:
        return UNKNOWN, 0, wide
    items = NEVER if shape.array is None else items_of(shape.array)
    least = 0 if shape.array is None else shape.array.least
    if wide and shape.object is not None:
        members = join_all((*(field.shape for field in shape.object.fields.values()), shape.object.rest))
        pair = record({"Key": Field(TEXT), "Value": Field(members)})
        return join(items, pair), 0, True
    return items, least, False


def _items_of(visit: Visit, view: View, name: str) -> Shape:
    if visit.is_jsonata:
        return jsonata_value(visit.state[name], view, visit.at(name))
    text = visit.state[name]
    return view.path(text, visit.at(name)) if isinstance(text, str) else UNKNOWN


def _selected(visit: Visit, view: View, item: Shape, key: bool, *, is_sure: bool) -> Shape:
    """What an iteration gets."""
    name = "ItemSelector" if visit.is_jsonata or "ItemSelector" in visit.state else "Parameters"
    if name in visit.state:
        fields = {"Index": Field(NUMBER), "Value": Field(UNKNOWN if key else item)}
        fields |= {"Key": Field(TEXT, DECLARED)} if key else {}
        context = with_field(visit.context, "Map", record({"Item": Field(record(fields))}))
        inner = View(view.data, view.variables, context, visit.notes)
        with visit.notes.perhaps(is_unsure=not is_sure):
            selected = visit.payload(name, visit.state[name], inner)
        item = selected
    if "ItemBatcher" in visit.state:
        return record({"Items": Field(array_of(item, 1)), "BatchInput": Field(UNKNOWN, DECLARED)})
    return item


def _counts(visit: Visit, view: View) -> None:
    for name in ("MaxConcurrency", "ToleratedFailureCount"):
        branching.expect_seconds(visit, visit.of_kind(name, view, ("number", "string"), "a whole number"), name)
    share = visit.of_kind("ToleratedFailurePercentage", view, ("number", "string"), "a number")
    branching.expect_percentage(visit, share)


TRANSFER: Final[dict[str, Callable[[Lens, Visit], list[Out]]]] = {
    "Pass": _pass, "Wait": _wait, "Succeed": _succeed, "Fail": _fail, "Task": _task, "Parallel": _parallel,
    "Map": _map, "Choice": branching.choice,
}
