"""Orthogonal edges: ranks are spaced by what runs between them, then every route gets its points.

Forward edges leave below and enter above; back edges run 34 px outside the widest node and enter
from the side.  Corners are square here; whoever draws rounds them (radius 9).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from designer.diagrams.gaps import Gap, Hop
from designer.diagrams.geometry import Box, Pill, Placed, Point, Route
from designer.diagrams.graph import Block, Edge
from designer.diagrams.lanes import bundle, choose_lanes, set_ports
from designer.diagrams.sizes import EMPTY_BRANCH, LABEL_HEIGHT, label_of

OUTSIDE: Final = 34
_LANE: Final = 14
_CONTACT: Final = 12
_HEADER_MIDDLE: Final = 24


def route_block(block: Block, boxes: Sequence[Box], edges: Sequence[tuple[Edge, bool]]) -> Placed:
    """Place the boxes of a block vertically and route its edges; `edges` come with "is a back edge"."""
    if not boxes:
        return Placed(block, [], [], *EMPTY_BRANCH)
    return _Routing(block, boxes, edges).run()


class _Routing:
    def __init__(self, block: Block, boxes: Sequence[Box], edges: Sequence[tuple[Edge, bool]]) -> None:
        self.block, self.boxes = block, list(boxes)
        by_id = {box.node.id: box for box in boxes}
        self.routes = [_route(edge, by_id, back=back) for edge, back in edges]
        self.forward = [route for route in self.routes if not route.back]
        self.backward = [route for route in self.routes if route.back]
        self.ranks: list[list[Box]] = [[] for _ in range(max(box.rank for box in boxes) + 1)]
        for box in boxes:
            self.ranks[box.rank].append(box)
        self.gaps: dict[int, Gap] = {rank: Gap() for rank in range(-1, len(self.ranks))}
        self.hops: dict[Route, list[tuple[int, Hop]]] = defaultdict(list)

    def run(self) -> Placed:
        bundle(self.forward)
        choose_lanes(self.forward, self.ranks)
        set_ports(self.forward)
        for route in self.forward:
            self._hop_forward(route)
        loops = _BackEdges(self)
        loops.choose_sides()
        for gap in self.gaps.values():
            gap.arrange()
        self._space()
        loops.choose_lanes()
        for route in self.forward:
            route.points = self._forward_points(route)
        loops.draw()
        return self._normalised()

    def _hop_forward(self, route: Route) -> None:
        first, last = route.source.rank, route.target.rank - 1
        if route.lane is None:
            self.add_hop(route, first, Hop(route, route.out_x, route.in_x))
        else:
            self.add_hop(route, first, Hop(route, route.out_x, route.lane))
            self.add_hop(route, last, Hop(route, route.lane, route.in_x))
            for between in range(first + 1, last):
                self.gaps[between].verticals.append(route.lane)
        if route.pill is not None:
            self.gaps[last].pills.append((route.pill, route.in_x))

    def add_hop(self, route: Route, gap: int, hop: Hop) -> None:
        self.gaps[gap].hops.append(hop)
        self.hops[route].append((gap, hop))

    def _space(self) -> None:
        """Set the y of every box and pill."""
        self.tops: dict[int, float] = {-1: 0.0}
        y = self.gaps[-1].height if self.gaps[-1].hops else 0.0
        for rank, row in enumerate(self.ranks):
            for box in row:
                box.y = y
            y += max(box.h for box in row)
            self.tops[rank] = y
            y += self.gaps[rank].height
        for rank, gap in self.gaps.items():
            gap.finish_pills(self.tops[rank])

    def hop_y(self, gap: int, hop: Hop) -> float:
        return self.tops[gap] + self.gaps[gap].track_y(hop)

    def _forward_points(self, route: Route) -> list[Point]:
        points: list[Point] = [(route.out_x, route.source.bottom)]
        for gap, hop in self.hops[route]:
            if not hop.straight:
                y = self.hop_y(gap, hop)
                points += [(hop.a, y), (hop.b, y)]
        points.append((route.in_x, route.target.y))
        return points

    def _normalised(self) -> Placed:
        """Everything moved so that the block's corner is (0, 0)."""
        pills = [route.pill for route in self.routes if route.pill]
        points = [point for route in self.routes for point in route.points]
        left = min([box.left for box in self.boxes] + [x for x, _ in points] + [pill.x - pill.w / 2 for pill in pills])
        right = max([box.right for box in self.boxes] + [x for x, _ in points]
                    + [pill.x + pill.w / 2 for pill in pills])
        bottom = max([box.bottom for box in self.boxes] + [y for _, y in points])
        for box in self.boxes:
            box.cx -= left
        for pill in pills:
            pill.x -= left
        for route in self.routes:
            route.points = [(x - left, y) for x, y in route.points]
        return Placed(self.block, self.boxes, self.routes, right - left, bottom)


class _BackEdges:
    """Edges that lead upwards: out at the side, along a lane outside, in from the side."""

    def __init__(self, routing: _Routing) -> None:
        self.routing = routing
        self.side: dict[Route, int] = {}  # 1 = right, -1 = left
        self.contacts: dict[tuple[Box, int], list[tuple[str, Route]]] = defaultdict(list)
        self.lane: dict[Route, float] = {}
        self.ordered = sorted(routing.backward, key=lambda route: route.source.rank - route.target.rank)

    def choose_sides(self) -> None:
        for route in self.ordered:
            side = self.side[route] = self._nearer_side(route)
            beyond = self._extent(route, side, with_pills=False) + side * OUTSIDE
            rank = route.target.rank
            if self._outermost(route.target, side):
                self.contacts[route.target, side].insert(0, ("in", route))
            else:
                self._port(route, rank - 1, Hop(route, beyond, route.target.cx + side * 48, above=False))
            if self._outermost(route.source, side):
                self.contacts[route.source, side].append(("out", route))
            else:
                self._port(route, route.source.rank, Hop(route, route.source.cx + side * 48, beyond, below=False))

    def _port(self, route: Route, gap: int, hop: Hop) -> None:
        self.routing.add_hop(route, gap, hop)

    def _nearer_side(self, route: Route) -> int:
        def cost(side: int) -> float:
            extent = self._extent(route, side, with_pills=False)
            ends = (route.source, route.target)
            blocked = sum(not self._outermost(box, side) for box in ends)
            return blocked * 400 + sum(abs(extent - (box.cx + side * box.w / 2)) for box in ends)

        return 1 if cost(1) <= cost(-1) else -1

    def _outermost(self, box: Box, side: int) -> bool:
        row = self.routing.ranks[box.rank]
        return not any(other is not box and (other.cx - box.cx) * side > 0 for other in row)

    def _extent(self, route: Route, side: int, *, with_pills: bool) -> float:
        """How far nodes, lanes and pills reach to `side` between the ranks of the route's ends."""
        low, high = route.target.rank, route.source.rank
        reach = [side * box.cx + box.w / 2 for rank in self.routing.ranks[low:high + 1] for box in rank]
        reach += [side * other.lane for other in self.routing.forward
                  if other.lane is not None and other.source.rank <= high and other.target.rank >= low]
        if with_pills:
            for gap in range(low - 1, high + 1):
                reach += [side * pill.x + pill.w / 2 for row in self.routing.gaps[gap].rows for pill, _x in row]
        return side * max(reach)

    def choose_lanes(self) -> None:
        """Each lane outside everything it passes: nodes, pills and the lanes before it."""
        for route in self.ordered:
            side = self.side[route]
            half = route.pill.w / 2 + 8 if route.pill else 0.0
            x = side * self._extent(route, side, with_pills=True) + max(OUTSIDE, half)
            for other, lane in self.lane.items():
                if self.side[other] == side and self._meet(route, other):
                    x = max(x, side * lane + max(_LANE, half, other.pill.w / 2 + 8 + half if other.pill else 0.0))
            self.lane[route] = side * x

    def _meet(self, route: Route, other: Route) -> bool:
        return route.target.rank - 1 <= other.source.rank and other.target.rank - 1 <= route.source.rank

    def draw(self) -> None:
        for route in self.ordered:
            x = self.lane[route]
            out, start_y = self._leave(route)
            arrive, end_y = self._enter(route)
            route.points = [*out, (x, start_y), (x, end_y), *arrive]
            if route.pill:
                route.pill.x, route.pill.y = x, round((start_y + end_y) / 2, 1)
        self._part_pills()

    def _leave(self, route: Route) -> tuple[list[Point], float]:
        for gap, hop in self.routing.hops[route]:
            if hop.above:
                y = self.routing.hop_y(gap, hop)
                return [(hop.a, route.source.bottom), (hop.a, y)], y
        side, y = self.side[route], self._contact_y(route.source, route, "out")
        return [(route.source.cx + side * route.source.w / 2, y)], y

    def _enter(self, route: Route) -> tuple[list[Point], float]:
        for gap, hop in self.routing.hops[route]:
            if hop.below:
                y = self.routing.hop_y(gap, hop)
                return [(hop.b, y), (hop.b, route.target.y)], y
        side, y = self.side[route], self._contact_y(route.target, route, "in")
        return [(route.target.cx + side * route.target.w / 2, y)], y

    def _contact_y(self, box: Box, route: Route, way: str) -> float:
        contacts = self.contacts[box, self.side[route]]
        step = min(_CONTACT, (min(box.h, 2 * _HEADER_MIDDLE) - 12) / max(1, len(contacts) - 1))
        at = contacts.index((way, route)) - (len(contacts) - 1) / 2
        return box.y + min(box.h / 2, _HEADER_MIDDLE) + at * step

    def _part_pills(self) -> None:
        """Pills of neighbouring lanes stand beside each other only where their lanes are that far apart."""
        pills: list[Pill] = [route.pill for route in self.ordered if route.pill]
        for index, pill in enumerate(pills):
            for other in pills[:index]:
                near = abs(pill.x - other.x) < (pill.w + other.w) / 2 + 4
                if near and abs(pill.y - other.y) < LABEL_HEIGHT + 4:
                    pill.y = other.y + LABEL_HEIGHT + 4


def _route(edge: Edge, by_id: dict[str, Box], *, back: bool) -> Route:
    text, width = label_of(edge.labels)
    pill = Pill(text, width) if text else None
    return Route(edge, by_id[edge.source], by_id[edge.target], pill, back)
