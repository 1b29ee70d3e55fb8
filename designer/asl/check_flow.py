"""Rules over a whole list of states: names, ends, reachability, scopes of variables (§1, §5, §22)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from designer.asl.fixes import removing
from designer.asl.placeholders import Placeholder
from designer.asl.report import Report, Steps
from designer.asl.templates import SUFFIX

TARGET: Final = "MISSING_TRANSITION_TARGET"
MAX_NAME: Final = 80


def check_names(report: Report, steps: Steps, states: dict[str, Any], seen: dict[str, Steps]) -> None:
    """Names are 1–80 characters and unique over the whole definition; `seen` gathers them."""
    for name in states:
        here = (*steps, name)
        if not name:
            report.error(here, "State name cannot be empty", "INVALID_STATE_NAME", hint="Give the state a name.")
        elif len(name) > MAX_NAME:
            report.error(here, f"State name exceeds {MAX_NAME} characters: {name}", "INVALID_STATE_NAME",
                         hint=f"Shorten the name to {MAX_NAME} characters.")
        if seen.setdefault(name, here) != here:
            report.error(here, f"Duplicate State name: {name}", "DUPLICATE_STATE_NAME",
                         hint="Names are unique over the whole definition; rename one of the two.")


class Flow:
    """Which states of one block lead where."""

    def __init__(self, start: str, states: dict[str, Any]) -> None:
        self.targets = {name: [target for target in targets(state) if target in states]
                        for name, state in states.items()}
        self.reached = self.from_state(start)
        self.ending = _closure({name for name, state in states.items() if _is_end(state)}, _reversed(self.targets))

    def from_state(self, name: str) -> frozenset[str]:
        """The state and all that can come after it."""
        return _closure({name}, self.targets)


def _closure(start: Iterable[str], ways: dict[str, list[str]]) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(ways[name])
    return frozenset(found)


def _reversed(ways: dict[str, list[str]]) -> dict[str, list[str]]:
    back: dict[str, list[str]] = {name: [] for name in ways}
    for name, goals in ways.items():
        for goal in goals:
            back[goal].append(name)
    return back


def check_flow(report: Report, steps: Steps, block: dict[str, Any], states: dict[str, Any]) -> Flow | None:
    """There is an end, and every state can be reached from StartAt.  None where the flow is not known."""
    if not any(_is_end(state) for state in states.values()):
        report.error(steps, "Workflow has no terminal state", "MISSING_END_STATE", nowhere=True,
                     hint="Give one state \"End\": true, or add a Succeed or Fail state.")
        return None
    start = block.get("StartAt")
    if not isinstance(start, str) or start not in states or _has_open_targets(states):
        return None
    flow = Flow(start, states)
    for name in states:
        if name not in flow.reached:
            here = (*steps, "States", name)
            report.error(here, f'State "{name}" is not reachable.', TARGET,
                         hint="Point a Next, Default or Catch at it, or remove it.",
                         fix=removing(here, f"Remove the state {name}"))
    return flow


def _is_end(state: Any) -> bool:
    if not isinstance(state, dict):
        return isinstance(state, Placeholder)
    kind, end = state.get("Type"), state.get("End")
    return kind in ("Succeed", "Fail") or end is True or isinstance(kind, Placeholder) or isinstance(end, Placeholder)


def _has_open_targets(states: dict[str, Any]) -> bool:
    """Whether a placeholder stands where a state's name will be: then nobody knows what can be reached."""
    return any(isinstance(state, Placeholder) or any(isinstance(target, Placeholder) for target in targets(state))
               for state in states.values())


def targets(state: Any) -> Iterator[str]:
    """The names a state may go to."""
    if not isinstance(state, dict):
        return
    for name in (state.get("Next"), state.get("Default")):
        if isinstance(name, str):
            yield name
    for entries in (state.get("Choices"), state.get("Catch")):
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and isinstance(entry.get("Next"), str):
                yield entry["Next"]


# ---- variables -----------------------------------------------------------------------------------


def blocks(definition: Any) -> Iterator[tuple[Steps, dict[str, Any]]]:
    """The states of the machine and of each block inside, with the place of their `States`; no recursion."""
    waiting: list[tuple[Steps, Any]] = [((), definition)]
    while waiting:
        steps, block = waiting.pop(0)
        states = block.get("States") if isinstance(block, dict) else None
        if not isinstance(states, dict):
            continue
        yield (*steps, "States"), states
        for name, state in states.items():
            if isinstance(state, dict):
                waiting += _inner((*steps, "States", name), state)


def _inner(steps: Steps, state: dict[str, Any]) -> Iterator[tuple[Steps, Any]]:
    branches = state.get("Branches")
    for number, branch in enumerate(branches if isinstance(branches, list) else ()):
        yield (*steps, "Branches", number), branch
    for field in ("ItemProcessor", "Iterator"):
        yield (*steps, field), state.get(field)


def assignments(steps: Steps, states: dict[str, Any]) -> Iterator[tuple[Steps, str]]:
    """Each variable that the states of one block assign, with its place."""
    for name, state in states.items():
        if not isinstance(state, dict):
            continue
        here = (*steps, name)
        yield from _names(here, state)
        for field in ("Choices", "Catch"):
            entries = state.get(field)
            for number, entry in enumerate(entries if isinstance(entries, list) else ()):
                if isinstance(entry, dict):
                    yield from _names((*here, field, number), entry)


def _names(steps: Steps, holder: dict[str, Any]) -> Iterator[tuple[Steps, str]]:
    assign = holder.get("Assign")
    for key in assign if isinstance(assign, dict) else ():
        yield (*steps, "Assign", key), key.removesuffix(SUFFIX)


class Known:
    """The variables of a block and of those around it, as the blocks inside see them."""

    def __init__(self, outer: frozenset[str], assigned: Iterable[tuple[str, bool, str]] = ()) -> None:
        """`assigned`: (state, whether one of its catchers does it, variable)."""
        places: dict[str, set[str]] = {}  # of each variable: the state that catches, "" for all else
        for state, is_caught, name in assigned:
            places.setdefault(name, set()).add(state if is_caught else "")
        self._all = outer.union(places)
        self._only_caught: dict[str, set[str]] = {}
        for name, found in places.items():
            if len(found) == 1 and name not in outer:
                self._only_caught.setdefault(next(iter(found)), set()).add(name)

    def inside(self, state: str) -> frozenset[str]:
        """Those that a block of the state may not assign: not what only its own catchers do, after it (recorded)."""
        own = self._only_caught.get(state) if state else None
        return self._all - own if own else self._all


def check_scopes(report: Report, steps: Steps, states: dict[str, Any], outer: frozenset[str]) -> Known:
    """An inner scope may not assign an outer variable.  Gives the names known inside this block."""
    assigned = []
    for here, name in assignments(steps, states):
        state, field = here[len(steps):len(steps) + 2]
        assigned.append((str(state), field == "Catch", name))
        if name in outer:
            report.error(here, f"The variable '{name}' is already assigned in an outer scope",
                         hint="Use another name here, and hand the value out by the state's output.")
    return Known(outer, assigned)
