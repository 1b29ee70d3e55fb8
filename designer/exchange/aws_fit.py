"""What of a definition would not work on AWS as it is, and what an execution would cost there.

Rests on the quotas of Step Functions (../shared/reference/quotas.md) and its prices in us-east-1 of 2026: $0.025 for
1,000 state transitions of Standard; for Express $1.00 for 1,000,000 executions, and time besides.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from designer.asl.resources import parse_resource

TRANSITION: Final = 0.000_025  # dollars
EXPRESS_EXECUTION: Final = 0.000_001
LARGEST_DEFINITION: Final = 1_048_576
LARGEST_VALUE: Final = 262_144
LONGEST_WAIT: Final = 31_536_000
MOST_INLINE: Final = 40
OWN_SERVICES: Final = ("approval", "mail", "email", "webhook")
_NOT_FOR_EXPRESS: Final = (".sync", ".waitForTaskToken")


@dataclass(frozen=True, slots=True)
class Finding:
    """`blocks`: AWS would refuse it or fail; else it has to be there first, or behaves otherwise.

    `code` says what it is, `subject` about what; the words are the page's.
    """

    code: str
    pointer: str
    state: str
    blocks: bool
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """State transitions of the shortest way to an end and of the longest without a repetition; dollars for each.

    `per_item`: transitions for each further item of the Maps, which are counted with one item.
    """

    least: int
    most: int
    per_item: int
    least_dollars: float
    most_dollars: float
    loops: bool


def findings(definition: dict[str, Any], kind: str) -> list[Finding]:
    """In the order of the definition."""
    found = []
    if len(json.dumps(definition, ensure_ascii=False)) > LARGEST_DEFINITION:
        found.append(Finding("DEFINITION_TOO_LARGE", "", "", blocks=True))
    for pointer, name, state in _states(definition, ""):
        found += _of_state(pointer, name, state, kind)
    return found


def _states(block: Any, pointer: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    states = block.get("States") if isinstance(block, dict) else None
    for name, state in (states.items() if isinstance(states, dict) else ()):
        if isinstance(state, dict):
            here = f"{pointer}/States/{name.replace('~', '~0').replace('/', '~1')}"
            yield here, name, state
            for path, inner in _inner(state):
                yield from _states(inner, here + path)


def _inner(state: dict[str, Any]) -> list[tuple[str, Any]]:
    branches = state.get("Branches")
    found = [(f"/Branches/{number}", one) for number, one in enumerate(branches if isinstance(branches, list) else [])]
    return found + [(f"/{key}", state[key]) for key in ("ItemProcessor", "Iterator") if key in state][:1]


def _of_state(pointer: str, name: str, state: dict[str, Any], kind: str) -> Iterator[Finding]:
    if len(name) > 80:
        yield Finding("NAME_TOO_LONG", pointer, name, blocks=True)
    if len(json.dumps(state.get("Result"), ensure_ascii=False).encode()) > LARGEST_VALUE:
        yield Finding("VALUE_TOO_LARGE", f"{pointer}/Result", name, blocks=True)
    for field in ("Seconds", "TimeoutSeconds", "HeartbeatSeconds"):
        if isinstance(state.get(field), int) and state[field] > LONGEST_WAIT:
            yield Finding("LONGER_THAN_A_YEAR", f"{pointer}/{field}", name, blocks=True, subject=field)
    if state.get("Type") == "Map":
        yield from _of_map(pointer, name, state, kind)
    if state.get("Type") == "Task":
        yield from _of_task(pointer, name, state, kind)


def _of_map(pointer: str, name: str, state: dict[str, Any], kind: str) -> Iterator[Finding]:
    config = state.get("ItemProcessor", {}).get("ProcessorConfig", {}) if isinstance(state.get("ItemProcessor"), dict) \
        else {}
    distributed = isinstance(config, dict) and config.get("Mode") == "DISTRIBUTED"
    if distributed and kind == "EXPRESS":
        yield Finding("DISTRIBUTED_IN_EXPRESS", pointer, name, blocks=True)
    at_once = state.get("MaxConcurrency")
    if not distributed and isinstance(at_once, int) and at_once > MOST_INLINE:
        yield Finding("MORE_AT_ONCE_THAN_INLINE", f"{pointer}/MaxConcurrency", name, blocks=False, subject=str(at_once))


def _of_task(pointer: str, name: str, state: dict[str, Any], kind: str) -> Iterator[Finding]:
    arn = state.get("Resource")
    resource = parse_resource(arn) if isinstance(arn, str) else None
    place = f"{pointer}/Resource"
    if resource is None:
        return
    if resource.kind == "service" and resource.service in OWN_SERVICES:
        yield Finding("OWN_RESOURCE", place, name, blocks=True, subject=str(arn))
    elif resource.kind in ("lambda", "activity"):
        yield Finding("MUST_BE_THERE", place, name, blocks=False, subject=str(arn))
    if kind == "EXPRESS" and (resource.kind == "activity" or any(end in str(arn) for end in _NOT_FOR_EXPRESS)):
        yield Finding("NOT_IN_EXPRESS", place, name, blocks=True, subject=str(arn))
    sent = state.get("Parameters", state.get("Arguments"))
    endpoint = sent.get("ApiEndpoint") if isinstance(sent, dict) else None
    if isinstance(endpoint, str) and not endpoint.startswith(("https://", "{%", "$")):
        yield Finding("NOT_HTTPS", f"{pointer}/Parameters/ApiEndpoint", name, blocks=True, subject=endpoint)


def cost(definition: dict[str, Any], kind: str) -> Cost:
    """An estimate: states entered, without retries, each Map with one item."""
    ways = _Ways()
    least, most = ways.of_block(definition)
    if kind == "EXPRESS":
        return Cost(least, most, ways.per_item, EXPRESS_EXECUTION, EXPRESS_EXECUTION, ways.loops)
    return Cost(least, most, ways.per_item, least * TRANSITION, most * TRANSITION, ways.loops)


class _Ways:
    """Least and most states entered from a state to an end; a way back is left out and noted."""

    def __init__(self) -> None:
        self.loops = False
        self.per_item = 0

    def of_block(self, block: Any) -> tuple[int, int]:
        states = block.get("States") if isinstance(block, dict) else None
        if not isinstance(states, dict):
            return 0, 0
        known: dict[str, tuple[int, int]] = {}
        order = self._order(states, block.get("StartAt"))
        for name in order:  # those that follow stand before
            own = self._own(states[name])
            ahead = [known[one] for one in _targets(states[name]) if one in known]
            ends = not ahead or states[name].get("End") is True
            least = 0 if ends else min(way[0] for way in ahead)
            known[name] = (own[0] + least, own[1] + max((way[1] for way in ahead), default=0))
        return known.get(str(block.get("StartAt")), (0, 0))

    def _own(self, state: dict[str, Any]) -> tuple[int, int]:
        inner = [self.of_block(one) for _, one in _inner(state)]
        if state.get("Type") == "Map" and inner:
            self.per_item += inner[0][1]
        return 1 + sum(one[0] for one in inner), 1 + sum(one[1] for one in inner)

    def _order(self, states: dict[str, Any], start: Any) -> list[str]:
        """The states that can be reached, each after those it leads to; without recursion."""
        done: list[str] = []
        open_, closed = set[str](), set[str]()
        waiting = [(str(start), False)]
        while waiting:
            name, left = waiting.pop()
            if left:
                closed.add(name)
                done.append(name)
            elif name in open_:
                self.loops = self.loops or name not in closed
            elif isinstance(states.get(name), dict):
                open_.add(name)
                waiting.append((name, True))
                waiting += [(one, False) for one in _targets(states[name])]
        return done


def _targets(state: dict[str, Any]) -> list[str]:
    listed = [entry.get("Next") for key in ("Choices", "Catch") for entry in state.get(key) or ()
              if isinstance(entry, dict)]
    return [one for one in (state.get("Next"), state.get("Default"), *listed) if isinstance(one, str)]
