"""Whether an ended run can go on under another definition of its machine, and where.

What is DONE stays as it is, whatever became of its states.  A frame that runs again does the work of its state once
more, without entering it, and what is around it goes on waiting for its children: so these states must be there, be of
the same type, and have as many branches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from designer.asl.model import Machine, Map, Parallel, State
from executions.engine.run import DONE, Frame, Run

_INNER: Final = frozenset({"Branches", "ItemProcessor", "Iterator"})


class Difference(NamedTuple):
    """`change` is added, removed or changed; `fields` are those that differ ("Branches" if there are more or fewer)."""

    state: str
    change: str
    fields: tuple[str, ...] = ()


class Place(NamedTuple):
    """A state that does its work again; `path` leads to it: the names of the containers, each with branch or item."""

    state: str
    path: tuple[str | int, ...]


class Obstacle(NamedTuple):
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where a run would go on, and what stands in the way (nothing: it can be redriven)."""

    places: tuple[Place, ...]
    obstacles: tuple[Obstacle, ...]


def differences(old: Any, new: Any) -> list[Difference]:
    """How the states of two definitions (parsed JSON) differ, by name; "" stands for the definitions as a whole."""
    before, after = dict(_states(old)), dict(_states(new))
    found = [Difference(name, "removed") for name in before if name not in after]
    for name, state in after.items():
        if name not in before:
            found.append(Difference(name, "added"))
        elif fields := _fields(before[name], state):
            found.append(Difference(name, "changed", fields))
    return found


def outlook(run: Run, old: Machine, new: Machine) -> Outlook:
    """Where an ended run under `old` goes on under `new`."""
    places: list[Place] = []
    obstacles: list[Obstacle] = []
    for frame in sorted(_again(run), key=lambda frame: frame.id):
        reason = _obstacle(run, frame, old, new)
        if reason:
            obstacles.append(Obstacle(frame.state, reason))
        if not _children(run, frame):
            places.append(Place(frame.state, _way(run, frame)))
    return Outlook(tuple(places), tuple(dict.fromkeys(obstacles)))


def _states(definition: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not isinstance(definition, Mapping):
        return
    yield "", {name: value for name, value in definition.items() if name not in ("States", *_INNER)}
    for name, state in (definition.get("States") or {}).items():
        yield name, state
        branches = state.get("Branches") or [state.get("ItemProcessor") or state.get("Iterator")]
        for branch in branches:
            yield from ((inner, value) for inner, value in _states(branch) if inner)


def _fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    found = {name for name in {*old, *new} - _INNER if old.get(name) != new.get(name)}
    for name in _INNER & {*old, *new}:
        if _frame_of(old.get(name)) != _frame_of(new.get(name)):
            found.add(name)
    return tuple(sorted(found))


def _frame_of(inner: Any) -> Any:
    """What of branches or a processor belongs to the state around them."""
    if isinstance(inner, list):
        return [_frame_of(branch) for branch in inner]
    return {name: value for name, value in inner.items() if name != "States"} if isinstance(inner, Mapping) else inner


def _again(run: Run) -> Iterator[Frame]:
    """The frames that would live again: those not done, below others not done."""
    waiting = [frame for frame in run.frames.values() if not frame.parent]
    while waiting:
        frame = waiting.pop()
        if frame.status != DONE:
            yield frame
            waiting += _children(run, frame)


def _children(run: Run, frame: Frame) -> list[Frame]:
    family = run.children.get(frame.id)
    return [] if family is None else [run.frames[number] for number in family.slots.values()]


def _obstacle(run: Run, frame: Frame, old: Machine, new: Machine) -> str:
    before, after = _state(old, frame), _state(new, frame)
    if after is None:
        return "The state is not in the new definition, or in another place."
    if before is not None and before.type != after.type:
        return f"The state was a {before.type} and is a {after.type}."
    if not _children(run, frame):
        return ""
    if isinstance(before, Parallel) and isinstance(after, Parallel) and len(before.branches) != len(after.branches):
        return f"It has {len(after.branches)} branches; {len(before.branches)} have begun."
    if isinstance(before, Map) and isinstance(after, Map) and (before.distributed is None) != (
            after.distributed is None):
        return "A Map that has begun cannot change between inline and distributed."
    return ""


def _state(machine: Machine, frame: Frame) -> State | None:
    block = machine.blocks.get(frame.path)
    return None if block is None else block.states.get(frame.state)


def _way(run: Run, frame: Frame) -> tuple[str | int, ...]:
    way: list[str | int] = []
    while frame.parent:
        parent = run.frames[frame.parent]
        way[:0] = [parent.state, frame.slot]
        frame = parent
    return tuple(way)
