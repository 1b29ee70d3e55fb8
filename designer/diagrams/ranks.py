"""Which rank a node stands in, which edges lead back, and which way is the main one.

A node stands right below the last of what leads to it, so that a branch begins where it leaves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from designer.diagrams.graph import END, START, Block

_WEIGHTS: Final = {"start": 8, "next": 6, "choice": 3, "default": 2, "end": 2, "catch": 1}
_MAIN: Final = 40  # keeps the main way straight
_KEPT: Final = 2


@dataclass(frozen=True, slots=True)
class Ranks:
    """For each edge: whether it closes a loop, and how straight dot should keep it (0 = dot need not know
    it, for a nearer edge shares its way); for each node its rank."""

    back: tuple[bool, ...]
    weight: tuple[int, ...]
    rank: tuple[int, ...]


def rank_block(block: Block) -> Ranks:
    """Ranks of a block's nodes and what follows from them for its edges."""
    back = _back_edges(block)
    leaving: dict[str, list[int]] = defaultdict(list)
    for number, edge in enumerate(block.edges):
        if not back[number]:
            leaving[edge.source].append(number)
    order = _topological(block, leaving)
    rank = {node.id: 0 for node in block.nodes}
    if START in rank:
        rank.update({node.id: 1 for node in block.nodes if node.id != START})
    for node_id in order:
        for number in leaving[node_id]:
            target = block.edges[number].target
            rank[target] = max(rank[target], rank[node_id] + 1)
    if END in rank:
        rank[END] = max(rank.values()) if _alone_at_bottom(rank) else max(rank.values()) + 1
    main = _main_way(block, leaving, order)
    known = main | _nearest_of_each_kind(block, rank, back)
    weight = tuple((_WEIGHTS[edge.kind] + (_MAIN if number in main else 0)) * (number in known)
                   for number, edge in enumerate(block.edges))
    return Ranks(tuple(back), weight, tuple(rank[node.id] for node in block.nodes))


def _nearest_of_each_kind(block: Block, rank: dict[str, int], back: list[bool]) -> set[int]:
    """Of the edges of one kind into one state, the two that come from nearest: a hundred long catch edges
    into one state take dot minutes, and share one lane in the end."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, edge in enumerate(block.edges):
        if not back[number]:
            groups[edge.target, edge.kind].append(number)
    nearest: set[int] = set()
    for numbers in groups.values():
        numbers.sort(key=lambda number: -rank[block.edges[number].source])
        nearest.update(numbers[:_KEPT])
    return nearest


def _alone_at_bottom(rank: dict[str, int]) -> bool:
    bottom = max(rank.values())
    return [node_id for node_id, value in rank.items() if value == bottom] == [END]


def _back_edges(block: Block) -> list[bool]:
    """For each edge, whether it closes a loop: it leads to a state on the way from the start to its source."""
    leaving: dict[str, list[int]] = defaultdict(list)
    for number, edge in enumerate(block.edges):
        leaving[edge.source].append(number)
    back = [False] * len(block.edges)
    state: dict[str, int] = {}  # 1 = on the way, 2 = done
    for root in _roots(block):
        if root in state:
            continue
        state[root] = 1
        way: list[tuple[str, Iterator[int]]] = [(root, iter(leaving[root]))]
        while way:
            at, rest = way[-1]
            step = next(rest, None)
            if step is None:
                state[at] = 2
                way.pop()
                continue
            target = block.edges[step].target
            if state.get(target) == 1:
                back[step] = True
            elif target not in state:
                state[target] = 1
                way.append((target, iter(leaving[target])))
    return back


def _roots(block: Block) -> list[str]:
    first = [START] if block.nodes and block.nodes[0].id == START else [block.start] if block.start else []
    return [*first, *(node.id for node in block.nodes)]


def _topological(block: Block, leaving: dict[str, list[int]]) -> list[str]:
    """The nodes so that every forward edge leads to a later one."""
    entering = {node.id: 0 for node in block.nodes}
    for numbers in leaving.values():
        for number in numbers:
            entering[block.edges[number].target] += 1
    ready = [node_id for node_id, count in entering.items() if count == 0]
    order = []
    while ready:
        node_id = ready.pop()
        order.append(node_id)
        for number in leaving[node_id]:
            target = block.edges[number].target
            entering[target] -= 1
            if entering[target] == 0:
                ready.append(target)
    return order


def _main_way(block: Block, leaving: dict[str, list[int]], order: list[str]) -> set[int]:
    """The edges of the longest way down from the start (errors caught lead off it)."""
    depth: dict[str, int] = defaultdict(int)
    for node_id in reversed(order):
        for number in leaving[node_id]:
            edge = block.edges[number]
            if edge.kind != "catch":
                depth[node_id] = max(depth[node_id], depth[edge.target] + 1)
    main: set[int] = set()
    at = _roots(block)[0] if block.nodes else ""
    while True:
        steps = [number for number in leaving[at] if block.edges[number].kind != "catch"]
        if not steps:
            return main
        best = max(steps, key=lambda number: depth[block.edges[number].target])
        main.add(best)
        at = block.edges[best].target
