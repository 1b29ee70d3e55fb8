"""One visit of a state by the lens: what comes in, what the rules need to know, and what goes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from designer.asl import jsonata as asl_jsonata
from designer.asl.errors import ALL, RUNTIME, TASK_FAILED
from designer.asl.model import JSONATA, Resource
from designer.asl.report import Steps
from designer.lens.jsonata import value as jsonata_value
from designer.lens.notes import TYPE, Notes
from designer.lens.shapes import EMPTY_OBJECT, UNKNOWN, Shape
from designer.lens.templates import expression, template
from designer.lens.views import Variables, View


class Known(NamedTuple):
    """The shape of a task's result, and where it is known from ("" when nobody knows it)."""

    shape: Shape = UNKNOWN
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A task whose result is asked for: its state's JSON pointer, resource and arguments."""

    pointer: str
    resource: Resource
    arguments: Shape


# Who knows results: Known with no origin where it does not.
Results = Callable[[Call], Known]


class Out(NamedTuple):
    """A way on: the state it leads to (None: the end of the list), with this data.

    `is_ghost`: the data that was given does not go this way, because of an error or of its values.
    `is_caught`: by a catcher."""

    target: str | None
    data: Shape
    variables: Variables
    is_ghost: bool = False
    is_caught: bool = False


@dataclass(slots=True)
class Visit:
    """`raw` is the state's input.  What the rules find is noted in `told`, by stage: input, arguments, result."""

    name: str
    state: Mapping[str, Any]
    steps: Steps
    language: str
    raw: Shape
    variables: Variables
    context: Shape
    notes: Notes
    is_ghost: bool
    is_guarded: bool
    is_tolerated: bool = False
    told: dict[str, Shape] = field(default_factory=dict)
    origin: str = ""
    call: Call | None = None

    @property
    def is_jsonata(self) -> bool:
        return self.language == JSONATA

    def at(self, *steps: str | int) -> Steps:
        return (*self.steps, *steps)

    def view(self, data: Shape, stage: str = "input") -> View:
        return View(data, self.variables, self.context, self.notes, stage=stage)

    # ---- fields ----------------------------------------------------------------------------------

    def effective(self) -> Shape:
        """The effective input."""
        data = self._cut("InputPath", self.raw, "input")
        self.told["input"] = data
        return data

    def cut_output(self, data: Shape) -> Shape:
        return self._cut("OutputPath", data, "output")

    def _cut(self, name: str, data: Shape, stage: str) -> Shape:
        if self.is_jsonata or name not in self.state:
            return data
        text = self.state[name]
        if text is None:
            return EMPTY_OBJECT
        return self.view(data, stage).path(text, self.at(name)) if isinstance(text, str) else UNKNOWN

    def arguments(self, view: View) -> Shape:
        """Parameters or Arguments; the effective input where there are none."""
        name = "Arguments" if self.is_jsonata else "Parameters"
        return self.payload(name, self.state[name], view) if name in self.state else view.data

    def payload(self, name: str, value: Any, view: View, steps: Steps = ()) -> Shape:
        """A template in JSONPath, JSON with expressions in JSONata."""
        place = steps or self.at(name)
        return jsonata_value(value, view, place) if self.is_jsonata else template(value, view, place)

    def of_kind(self, name: str, view: View, kinds: tuple[str, ...], wanted: str) -> Shape:
        """What a field of the state gives (`namePath` in JSONPath), which must be of one of these kinds."""
        if self.is_jsonata and asl_jsonata.is_expression(self.state.get(name)):
            shape = jsonata_value(self.state[name], view, self.at(name))
            place = self.at(name)
        elif isinstance(self.state.get(f"{name}Path"), str):
            place = self.at(f"{name}Path")
            text = self.state[f"{name}Path"]
            shape = expression(text, view, place) if self.state.get("Type") == "Fail" else view.path(text, place)
        else:
            return UNKNOWN
        self.expect(shape, place, kinds, wanted)
        return shape

    def expect(self, shape: Shape, place: Steps, kinds: tuple[str, ...], wanted: str) -> None:
        if shape.is_never or set(shape.kinds) & set(kinds):
            return
        self.notes.fails(place, TYPE, f"{place[-1]} needs {wanted}, but it is of the kind {', '.join(shape.kinds)}",
                         hint=f"Lead it to {wanted}, or have a state before make one of it.", error=self.error)

    @property
    def error(self) -> str:
        return "States.QueryEvaluationError" if self.is_jsonata else RUNTIME

    def assigned(self, assign: Any, view: View, steps: Steps) -> Variables:
        """The variables after an Assign."""
        if not isinstance(assign, dict):
            return self.variables
        shape = jsonata_value(assign, view, steps) if self.is_jsonata else template(assign, view, steps)
        fields = {} if shape.object is None else shape.object.fields
        return {**self.variables, **fields}

    # ---- ways on ---------------------------------------------------------------------------------

    def ways(self, data: Shape, variables: Variables) -> list[Out]:
        """The way on by Next or End."""
        target = self.state.get("Next")
        return [self.out(target if isinstance(target, str) else None, data, variables)]

    def out(self, target: str | None, data: Shape, variables: Variables, *, is_ghost: bool = False) -> Out:
        return Out(target, data, variables, self.is_ghost or is_ghost or self.notes.failure is not None)

    def is_caught(self) -> bool:
        """Whether what goes wrong here, but for runtime errors, is caught."""
        if self.is_guarded:
            return True
        catchers = self.state.get("Catch")
        names = [name for catcher in catchers if isinstance(catcher, dict)
                 for name in catcher.get("ErrorEquals") or ()] if isinstance(catchers, list) else []
        return any(name in (ALL, TASK_FAILED) or str(name).startswith("States.") for name in names)

    def with_context(self, context: Shape) -> Visit:
        return replace(self, context=context)


