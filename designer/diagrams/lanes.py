"""Where edges leave and enter nodes, and the lane an edge takes past the ranks between.

An edge over several ranks takes one free lane: the target's column, else the source's, else the
nearest free one.  The ends slide along the node, so that an offset under 56 px becomes a straight edge.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from designer.diagrams.geometry import Box, Route

SLIDE: Final = 56  # an edge with less offset than this is straight
REACH: Final = 48  # how far from the middle an edge leaves that goes elsewhere
CLEAR: Final = 14  # a lane's distance from nodes and from other lanes
PORT_GAP: Final = 28
_CLOSE: Final = 14  # ports may come this near to make an edge straight
_INSET: Final = 24
_TRUNK: Final = 3  # this many equal edges into one state become one trunk


def bundle(routes: Sequence[Route]) -> None:
    """Let edges of one kind and label that lead into the same state share their last part."""
    groups: dict[tuple[int, str, str], list[Route]] = defaultdict(list)
    for route in routes:
        groups[id(route.target), route.edge.kind, route.pill.text if route.pill else ""].append(route)
    for members in groups.values():
        if len(members) >= _TRUNK:
            members.sort(key=lambda route: route.source.rank)
            for route in members[1:]:
                route.trunk, route.pill = members[0], None


def choose_lanes(routes: Sequence[Route], ranks: Sequence[Sequence[Box]]) -> None:
    """Set the lane of every route that passes a rank; short ways choose first."""
    heads = [route for route in routes if route.trunk is None and route.long]
    taken: list[tuple[float, int, int]] = []
    for head in sorted(heads, key=lambda route: route.target.rank - route.source.rank):
        first, last = head.source.rank + 1, head.target.rank - 1
        blocked = [(box.left - CLEAR, box.right + CLEAR) for rank in ranks[first:last + 1] for box in rank]
        blocked += [(x - CLEAR, x + CLEAR) for x, low, high in taken if low <= last and high >= first]
        head.lane = _free([head.target.cx, head.source.cx], blocked)
        taken.append((head.lane, first, last))
    for route in routes:
        if route.trunk is not None and route.long:
            route.lane = route.trunk.lane


def _free(wishes: Sequence[float], blocked: Sequence[tuple[float, float]]) -> float:
    """The first wish that nothing blocks, else the free place nearest to the wishes."""
    for wish in wishes:
        if not any(low < wish < high for low, high in blocked):
            return wish
    edges = [edge for interval in blocked for edge in interval]
    free = [edge for edge in edges if not any(low < edge < high for low, high in blocked)]
    return min(free, key=lambda x: sum(abs(x - wish) for wish in wishes))


def set_ports(routes: Sequence[Route]) -> None:
    """Choose where each forward route leaves (`out_x`) and enters (`in_x`)."""
    entering: dict[Box, list[Route]] = defaultdict(list)
    leaving: dict[Box, list[Route]] = defaultdict(list)
    for route in routes:
        leaving[route.source].append(route)
        if route.trunk is None:
            entering[route.target].append(route)
    for box, heads in entering.items():
        wishes = [head.source.cx if head.lane is None else head.lane for head in heads]
        single = len(heads) == 1 and heads[0].lane is None
        for head, x in zip(heads, [box.cx] if single else _spread(box, wishes), strict=True):
            head.in_x = x
    for route in routes:
        route.in_x = route.head.in_x
    for box, members in leaving.items():
        wishes = [route.in_x if route.lane is None else route.lane for route in members]
        for route, x in zip(members, _spread(box, wishes), strict=True):
            route.out_x = x
    _straighten(routes, leaving, entering)


def _inner(box: Box) -> tuple[float, float]:
    inset = min(_INSET, box.w / 2 - 12)
    return box.left + inset, box.right - inset


def _spread(box: Box, wishes: Sequence[float]) -> list[float]:
    """A place on the box's edge for each wish, in the wishes' order from left to right."""
    low, high = _inner(box)
    order = sorted(range(len(wishes)), key=lambda index: wishes[index])
    near = [abs(wishes[index] - box.cx) < SLIDE for index in order]
    places = [_one_place(box, wishes[index], alone=len(wishes) == 1) for index in order]
    gap = min(PORT_GAP, (high - low) / max(1, len(places) - 1))
    anchor = min(range(len(order)), key=lambda at: (not near[at], abs(wishes[order[at]] - box.cx)))
    for at in range(anchor + 1, len(places)):
        places[at] = max(places[at], places[at - 1] + gap)
    for at in range(anchor - 1, -1, -1):
        places[at] = min(places[at], places[at + 1] - gap)
    shift = max(0.0, low - places[0]) - max(0.0, places[-1] - high)
    answer = [0.0] * len(wishes)
    for at, index in enumerate(order):
        answer[index] = round(min(max(places[at] + shift, low), high), 1)
    return answer


def _one_place(box: Box, wish: float, *, alone: bool) -> float:
    low, high = _inner(box)
    if abs(wish - box.cx) < SLIDE:
        return min(max(wish, low), high)
    if alone:
        return box.cx
    return box.cx + (REACH if wish > box.cx else -REACH)


def _straighten(routes: Sequence[Route], leaving: dict[Box, list[Route]], entering: dict[Box, list[Route]]) -> None:
    """Slide an end where a short offset remains and its neighbours leave room."""
    for route in routes:
        if route.lane is not None or not 0.5 < abs(route.in_x - route.out_x) < SLIDE:
            continue
        others_in = [other.in_x for other in entering[route.target] if other is not route.head]
        others_out = [other.out_x for other in leaving[route.source] if other is not route]
        if route.trunk is None and _may_stand(route.target, route.out_x, others_in) and not _is_trunk(route, routes):
            route.in_x = route.out_x
        elif _may_stand(route.source, route.in_x, others_out):
            route.out_x = route.in_x


def _is_trunk(route: Route, routes: Sequence[Route]) -> bool:
    return any(other.trunk is route for other in routes)


def _may_stand(box: Box, x: float, others: Sequence[float]) -> bool:
    low, high = _inner(box)
    return low <= x <= high and all(abs(x - other) >= _CLOSE for other in others)
