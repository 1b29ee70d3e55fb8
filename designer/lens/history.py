"""How data came to a state: the ways back, and where on them a field got lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from designer.asl.report import Steps, pointer_of
from designer.lens.flow import Seen
from designer.lens.shapes import Shape
from designer.lens.visits import Out

_WORK = ("Task", "Parallel", "Map")


@dataclass(frozen=True, slots=True)
class Edge:
    """A transition: the state it comes from, and the object that decides on the data (the state or a catcher)."""

    source: Steps
    fields: Mapping[str, Any]
    steps: Steps
    out: Out

    @property
    def replaces(self) -> bool:
        """Whether a result takes the place of all data here, which a ResultPath would keep."""
        fields = self.fields
        if "ResultPath" in fields or "OutputPath" in fields or "Output" in fields or "ErrorEquals" in fields:
            return "ErrorEquals" in fields and "ResultPath" not in fields and "Output" not in fields
        kind = fields.get("Type")
        return kind in _WORK or (kind == "Pass" and ("Result" in fields or "Parameters" in fields))


class History:
    """`states` are those the lens saw, by pointer."""

    def __init__(self, states: Mapping[str, Seen]) -> None:
        self.states = states
        self._before: dict[Steps, list[Edge]] = {}
        self._after: dict[Steps, list[Steps]] = {}
        self._replacing: set[Steps] = set()
        for seen in states.values():
            for edge in _edges(seen):
                target = (*seen.visit.steps[:-1], str(edge.out.target))
                self._before.setdefault(target, []).append(edge)
                self._after.setdefault(edge.source, []).append(target)
                if edge.replaces and not edge.out.is_caught:
                    self._replacing.add(edge.source)

    def edges_to(self, state: Steps) -> list[Edge]:
        return self._before.get(state, [])

    def seen(self, state: Steps) -> Seen | None:
        return self.states.get(pointer_of(state))

    def losers(self, state: Steps, name: str) -> list[Edge]:
        """The transitions on the ways to `state` that replace all data, back to where the field is known; [] when it
        is known nowhere before."""
        found: list[Edge] = []
        was_known = False
        waiting, done = [state], {state}
        while waiting:
            for edge in self.edges_to(waiting.pop()):
                if edge.replaces:
                    found.append(edge)
                elif _knows(edge.out.data, name):
                    continue
                before = self.seen(edge.source)
                if before is not None and _knows(before.before, name):
                    was_known = True
                elif edge.source not in done:
                    done.add(edge.source)
                    waiting.append(edge.source)
        return found[::-1] if was_known else []

    def after(self, source: Steps) -> Iterator[Steps]:
        """The states that what `source` hands on comes to; each way ends with a state whose result replaces it."""
        waiting, done = [source], {source}
        while waiting:
            state = waiting.pop()
            if state != source and state in self._replacing:
                continue
            for target in self._after.get(state, ()):
                if target not in done:
                    done.add(target)
                    yield target
                    waiting.append(target)


def _knows(shape: Shape, name: str) -> bool:
    field = None if shape.object is None else shape.object.fields.get(name)
    return field is not None and not field.is_guess


def _edges(seen: Seen) -> Iterator[Edge]:
    visit = seen.visit
    catchers = visit.state.get("Catch")
    numbers = [number for number, catcher in enumerate(catchers if isinstance(catchers, list) else [])
               if isinstance(catcher, dict) and isinstance(catcher.get("Next"), str)]
    caught = iter(numbers)
    for out in seen.ways:
        if out.is_caught:
            number = next(caught)
            yield Edge(visit.steps, catchers[number], (*visit.steps, "Catch", number), out)  # type: ignore[index]
        elif out.target is not None:
            yield Edge(visit.steps, visit.state, visit.steps, out)
