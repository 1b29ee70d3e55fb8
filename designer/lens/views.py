"""What the expressions of one state may read, as shapes: the transfer counterpart of asl/scope.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from designer.asl.path_syntax import Path, PathSyntaxError
from designer.asl.paths import parse_path
from designer.asl.report import Steps
from designer.lens.finding import GONE, Found, find
from designer.lens.lattice import join, widen
from designer.lens.notes import Notes
from designer.lens.shapes import (
    DECLARED,
    NEVER,
    NULL,
    NUMBER,
    SOMETIMES,
    TEXT,
    TIMESTAMP_TEXT,
    UNKNOWN,
    Field,
    Shape,
    object_of,
    record,
)

# Variables: name -> shape and how sure it is that the variable was assigned.
Variables = Mapping[str, Field]
UNSEEN: Final = Found(NEVER, GONE)


@dataclass(frozen=True, slots=True)
class View:
    """`data` is `$` (in JSONata `$states.input`); `result` and `error_output` are NEVER where there are none."""

    data: Shape
    variables: Variables
    context: Shape
    notes: Notes
    result: Shape = NEVER
    error_output: Shape = NEVER
    stage: str = "input"

    def of(self, data: Shape, stage: str = "") -> View:
        """`stage` says what `$` is now: the state's "input", its "result" or its "output"."""
        return replace(self, data=data, stage=stage or self.stage)

    def path(self, text: str, steps: Steps, *, null_past_end: bool = False) -> Shape:
        """What a path gives; tells of paths that lead nowhere.  UNKNOWN for a text that is no path."""
        try:
            path = parse_path(text)
        except PathSyntaxError:
            return UNKNOWN
        found = self.look(path)
        if null_past_end and found.past_end and path.root == "$":
            found = replace(found, shape=join(found.shape, NULL), sure=min(found.sure, DECLARED))
        self.notes.read(steps, path, found, self.stage)
        return UNKNOWN if found.sure == GONE else found.shape

    def look(self, path: Path) -> Found:
        """What a path finds, with nothing told."""
        if path.root == "$":
            return find(path, self.data)
        if path.root == "$$":
            return find(path, self.context)
        variable = self.variables.get(path.root)
        if variable is None:
            return UNSEEN
        found = find(path, variable.shape)
        return replace(found, sure=max(found.sure, variable.presence)) if variable.presence else found


# ---- variables where ways meet -------------------------------------------------------------------


def join_variables(one: Variables, other: Variables, visits: int = 0) -> Variables:
    if one is other:
        return one
    joined: dict[str, Field] = {}
    for name in (*one, *(name for name in other if name not in one)):
        here, there = one.get(name), other.get(name)
        if here is not None and there is not None:
            joined[name] = Field(widen(here.shape, there.shape, visits), max(here.presence, there.presence))
        elif (known := here or there) is not None:
            joined[name] = Field(known.shape, SOMETIMES)
    return joined


# ---- the context object --------------------------------------------------------------------------

_OPTIONAL: Final = {"RedriveCount": Field(NUMBER, DECLARED), "RedriveTime": Field(TIMESTAMP_TEXT, DECLARED)}


def context_of(given: Shape) -> Shape:
    """The context object (asl-language.md §6) of an execution with this input."""
    execution = {"Id": Field(TEXT), "Input": Field(given), "StartTime": Field(TIMESTAMP_TEXT), "Name": Field(TEXT),
                 "RoleArn": Field(TEXT)}
    state = {"Name": Field(TEXT), "EnteredTime": Field(TIMESTAMP_TEXT), "RetryCount": Field(NUMBER, DECLARED)}
    return object_of(Execution=record(execution | _OPTIONAL), StateMachine=object_of(Id=TEXT, Name=TEXT),
                     State=record(state))


def with_field(context: Shape, name: str, shape: Shape) -> Shape:
    """The context object with one more field (Task, Map)."""
    fields = {} if context.object is None else dict(context.object.fields)
    return record(fields | {name: Field(shape)})
