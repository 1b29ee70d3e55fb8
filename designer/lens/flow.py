"""A list of states: shapes flow along the transitions until nothing changes any more.

First the ways that the given data can go; then, from where it surely fails or is never sent, the other ways, as
ghosts: what is found there is a warning, since the data does not come there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from designer.asl.model import JSONATA, JSONPATH
from designer.asl.report import Steps
from designer.lens.lattice import join, widen
from designer.lens.notes import Notes
from designer.lens.shapes import NEVER, UNKNOWN, Shape
from designer.lens.transfer import TRANSFER, Ends, Lens
from designer.lens.views import Variables, join_variables
from designer.lens.visits import Out, Visit

MAX_SIZE: Final = 20_000  # of what is handed on; nothing is known of larger data


@dataclass(slots=True)
class Entry:
    """What comes to a state."""

    data: Shape
    variables: Variables
    visits: int = 0


@dataclass(slots=True)
class Seen:
    """What the lens found at one state; `after` is what it hands on (not by a catcher)."""

    visit: Visit
    before: Shape
    after: Shape
    ways: list[Out]

    @property
    def is_ghost(self) -> bool:
        return self.visit.is_ghost


@dataclass(slots=True)
class Block:
    """The states at `steps`, with what is around them."""

    states: Mapping[str, Any]
    start: str
    steps: Steps
    language: str
    context: Shape
    notes: Notes
    is_ghost: bool
    is_guarded: bool
    is_tolerated: bool = False
    real: dict[str, Entry] = field(default_factory=dict)
    ghosts: dict[str, Entry] = field(default_factory=dict)
    outs: dict[str, list[Out]] = field(default_factory=dict)


def run(lens: Lens, block: Block, given: Shape, variables: Variables) -> tuple[Ends, dict[str, Seen]]:
    """The outputs of the list, and what is found at each state when the notes are active."""
    active, block.notes.active = block.notes.active, False
    try:
        _spread(lens, block, block.real, {block.start: Entry(given, variables)}, is_ghost=block.is_ghost)
        _spread(lens, block, block.ghosts, _lost(block), is_ghost=True)
    finally:
        block.notes.active = active
    seen = _tell(lens, block) if active else {}
    return Ends(_end(block, block.real), _end(block, block.ghosts, real=block.real)), seen


def _lost(block: Block) -> dict[str, Entry]:
    """Where ghosts begin: states that only ways for no data lead to."""
    starts: dict[str, Entry] = {}
    for name in block.real:
        for out in block.outs[name]:
            if out.is_ghost and out.target in block.states and out.target not in block.real:
                _arrive(starts, out, widening=False)
    return starts


def _spread(lens: Lens, block: Block, entries: dict[str, Entry], starts: dict[str, Entry], *, is_ghost: bool) -> None:
    starts = {name: entry for name, entry in starts.items() if name in block.states}
    waiting = deque(starts)
    entries.update(starts)
    queued = set(waiting)
    while waiting:
        name = waiting.popleft()
        queued.discard(name)
        entry = entries[name]
        entry.visits += 1
        visit = _visit(block, name, entry, is_ghost=is_ghost)
        block.outs[name] = _transfer(lens, visit)
        for out in block.outs[name]:
            if out.target not in block.states or (out.is_ghost and not is_ghost):
                continue
            if is_ghost and out.target in block.real and entries is not block.real:
                continue  # the data that is given comes there, too, and says more
            if _arrive(entries, out) and out.target not in queued:
                waiting.append(str(out.target))
                queued.add(str(out.target))


def _arrive(entries: dict[str, Entry], out: Out, *, widening: bool = True) -> bool:
    """Whether a state gets data that it did not get before."""
    target = str(out.target)
    if out.data.size > MAX_SIZE or any(known.shape.size > MAX_SIZE for known in out.variables.values()):
        out = out._replace(data=_small(out.data), variables={
            name: replace(known, shape=_small(known.shape)) for name, known in out.variables.items()})
    entry = entries.get(target)
    if entry is None:
        entries[target] = Entry(out.data, out.variables)
        return True
    visits = entry.visits if widening else 0
    data = widen(entry.data, out.data, visits)
    variables = join_variables(entry.variables, out.variables, visits)
    if data == entry.data and variables == entry.variables:
        return False
    entry.data, entry.variables = data, variables
    return True


def _small(shape: Shape) -> Shape:
    return UNKNOWN if shape.size > MAX_SIZE else shape


def _visit(block: Block, name: str, entry: Entry, *, is_ghost: bool) -> Visit:
    state = block.states[name]
    language = state.get("QueryLanguage", block.language)
    language = language if language in (JSONPATH, JSONATA) else JSONPATH
    return Visit(name, state, (*block.steps, "States", name), language, entry.data, entry.variables, block.context,
                 block.notes, is_ghost, block.is_guarded, block.is_tolerated)


def _transfer(lens: Lens, visit: Visit) -> list[Out]:
    lens.spend(1 + (len(visit.raw.object.fields) // 10 if visit.raw.object else 0))
    visit.notes.begin(visit.steps, is_ghost=visit.is_ghost or visit.is_tolerated, is_guarded=visit.is_caught())
    rule = TRANSFER.get(str(visit.state.get("Type")))
    return [] if rule is None else rule(lens, visit)


def _tell(lens: Lens, block: Block) -> dict[str, Seen]:
    """Once more over every state, now that its data is known, telling what is wrong."""
    seen: dict[str, Seen] = {}
    for name in block.states:
        entry = block.real.get(name) or block.ghosts.get(name)
        if entry is None:
            continue
        visit = _visit(block, name, entry, is_ghost=block.is_ghost or name not in block.real)
        ways = _transfer(lens, visit)
        after = NEVER
        for way in ways:
            after = after if way.is_caught else join(after, way.data)
        seen[name] = Seen(visit, entry.data, after, ways)
    return seen


def _end(block: Block, entries: dict[str, Entry], real: dict[str, Entry] | None = None) -> Shape:
    """What comes to the end of the list; ghosts come there also by ghost ways of real states."""
    end = NEVER
    for name in (*entries, *(real or ())):
        for out in block.outs.get(name, ()):
            if out.target is None and (real is not None or not out.is_ghost or block.is_ghost):
                end = join(end, out.data)
    return end
