"""The lens over a whole machine: look(definition, sample) → the data at every state, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from designer.asl.compile_map import is_distributed
from designer.asl.model import JSONPATH
from designer.asl.problems import Problem
from designer.asl.report import Steps, pointer_of
from designer.asl.source import Source
from designer.lens import faults, flow
from designer.lens.notes import Notes
from designer.lens.shapes import UNKNOWN, Shape
from designer.lens.transfer import Ends
from designer.lens.views import Variables, context_of
from designer.lens.visits import Call, Known, Results, Visit

MAX_WORK: Final = 60_000  # visits of states, those with many fields counted more: some seconds


@dataclass(slots=True)
class Look:
    """What the lens saw.  `states` by the JSON pointers of the states that data comes to, ghosts too."""

    output: Shape
    states: dict[str, flow.Seen] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def nobody_knows(call: Call) -> Known:
    return Known()


def look(definition: Any, given: Shape = UNKNOWN, results: Results = nobody_knows, *,
         source: Source | None = None) -> Look:
    """Shapes and problems of a parsed definition for an input of the shape `given`; never raises for bad definitions.

    What is no definition, or is far too large, has no states; what is wrong with its form the checker tells.  `source`
    gives the problems their lines and columns.
    """
    if not isinstance(definition, dict):
        return Look(UNKNOWN)
    lens = _Lens(definition, results)
    try:
        output = lens.whole(given)
    except (TooMuchError, RecursionError):
        return Look(UNKNOWN)
    found = Look(output, lens.states)
    found.problems = faults.problems(definition, lens.notes, lens.states, source)
    return found


class TooMuchError(Exception):
    """The machine is too large, or its ways are too many, to be looked at while somebody types."""


class _Lens:
    def __init__(self, definition: dict[str, Any], results: Results) -> None:
        self.definition = definition
        self.notes = Notes()
        self.states: dict[str, flow.Seen] = {}
        self._results = results
        self._left = MAX_WORK
        self._ends: dict[str, tuple[Any, Ends]] = {}

    def whole(self, given: Shape) -> Shape:
        block = self._read(self.definition, (), context_of(given))
        if block is None:
            return UNKNOWN
        self.notes.active = True
        ends, seen = flow.run(self, block, given, {})
        self._keep(seen)
        return ends.shape

    def result(self, call: Call) -> Known:
        return self._results(call)

    def spend(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            raise TooMuchError

    def block(self, block: Any, steps: Steps, given: Shape, visit: Visit, variables: Variables) -> Ends:
        """The outputs of an inner list.  A Map over nothing is looked at as if there were something."""
        read = self._read(block, steps, visit.context)
        if read is None:
            return Ends(UNKNOWN, UNKNOWN)
        read.is_ghost = visit.is_ghost or given.is_never or self.notes.failure is not None
        read.is_guarded = visit.is_caught()
        read.is_tolerated = visit.is_tolerated or is_distributed(block)
        given = UNKNOWN if given.is_never else given
        pointer, key = pointer_of(steps), (given, variables, visit.context, read.is_ghost)
        cached = self._ends.get(pointer)
        if cached is not None and not self.notes.active and cached[0] == key:
            return cached[1]
        ends = self._inside(read, given, variables)
        self._ends[pointer] = (key, ends)
        return ends

    def _inside(self, block: flow.Block, given: Shape, variables: Variables) -> Ends:
        notes = self.notes
        kept = (notes.state, notes.is_ghost, notes.is_guarded, notes.failure)
        ends, seen = flow.run(self, block, given, variables)
        notes.state, notes.is_ghost, notes.is_guarded, notes.failure = kept
        if notes.active:
            self._keep(seen)
        if block.is_ghost:
            return Ends(ends.shape, ends.shape)
        return ends

    def _keep(self, seen: dict[str, flow.Seen]) -> None:
        for found in seen.values():
            self.states[pointer_of(found.visit.steps)] = found

    def _read(self, block: Any, steps: Steps, context: Shape) -> flow.Block | None:
        states = block.get("States") if isinstance(block, dict) else None
        if not isinstance(states, dict) or not isinstance(block.get("StartAt"), str):
            return None
        usable = {name: state for name, state in states.items() if isinstance(state, dict)}
        language = self.definition.get("QueryLanguage", JSONPATH)
        return flow.Block(usable, block["StartAt"], steps, str(language), context, self.notes, is_ghost=False,
                          is_guarded=False)


