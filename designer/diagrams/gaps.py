"""The room between two ranks: tracks for the horizontal runs, rows for the pills, and so its height."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from designer.diagrams.geometry import Pill, Route
from designer.diagrams.sizes import LABEL_HEIGHT

GAP: Final = 32
LABELLED_GAP: Final = 58
TRACK: Final = 10
ROW: Final = 24
_FIRST_TRACK: Final = 16
_SAME: Final = 6.0  # two verticals nearer than this would run into each other
_AIR: Final = 6.0


@dataclass(slots=True, eq=False)
class Hop:
    """One horizontal run in a gap, from x `a` to x `b`.

    `above` says that a line comes down to it at `a`, `below` that one goes on down at `b` (back edges
    turn outside the nodes and have only one of them).  `level` is its track, 0 = topmost.
    """

    route: Route
    a: float
    b: float
    above: bool = True
    below: bool = True
    level: int = 0

    @property
    def straight(self) -> bool:
        return abs(self.a - self.b) < 0.5

    @property
    def low(self) -> float:
        return min(self.a, self.b)

    @property
    def high(self) -> float:
        return max(self.a, self.b)


@dataclass(slots=True, eq=False)
class Gap:
    """The gap under a rank; `verticals` are lanes that only pass."""

    hops: list[Hop] = field(default_factory=list)
    pills: list[tuple[Pill, float]] = field(default_factory=list)  # with the x of the line it sits on
    verticals: list[float] = field(default_factory=list)
    rows: list[list[tuple[Pill, float]]] = field(default_factory=list)
    levels: int = 0

    def arrange(self) -> None:
        """Give every hop its track and every pill its row and x."""
        runs = [hop for hop in self.hops if not hop.straight]
        self.levels = assign_levels(runs)
        lines = self.verticals + [hop.b for hop in self.hops if hop.below]
        for pill, x in sorted(self.pills, key=lambda entry: entry[1]):
            self._seat(pill, x, [line for line in lines if abs(line - x) > 0.5])

    def _seat(self, pill: Pill, x: float, lines: Sequence[float]) -> None:
        """The first row where the pill hides no other line, pushed sideways if need be; else the first free row."""
        slack = pill.w / 2 - 12
        for avoid in (list(lines), []):
            for row in range(len(self.rows) + 1):
                neighbours = self.rows[row] if row < len(self.rows) else []
                for shift in (0.0, -slack / 2, slack / 2, -slack, slack):
                    if _fits(x + shift, pill.w, neighbours, avoid):
                        self._put(pill, x + shift, row)
                        return

    def _put(self, pill: Pill, x: float, row: int) -> None:
        if row == len(self.rows):
            self.rows.append([])
        pill.x = round(x, 1)
        self.rows[row].append((pill, x))

    @property
    def height(self) -> float:
        extra = max(0, self.levels - 1) * TRACK
        if self.rows:
            return LABELLED_GAP + extra + (len(self.rows) - 1) * ROW
        return GAP + extra

    def track_y(self, hop: Hop) -> float:
        """A hop's y below the top of the gap."""
        return _FIRST_TRACK + (2 if self.rows else 0) + hop.level * TRACK

    def finish_pills(self, top: float) -> None:
        """Set the y of each pill; `top` is the gap's y."""
        first = top + 25 + max(0, self.levels - 1) * TRACK + LABEL_HEIGHT / 2
        for number, row in enumerate(self.rows):
            for pill, _x in row:
                pill.y = first + number * ROW


def _fits(x: float, width: float, neighbours: Sequence[tuple[Pill, float]], lines: Sequence[float]) -> bool:
    half = width / 2 + _AIR
    apart = all(abs(x - other) >= half + pill.w / 2 for pill, other in neighbours)
    return apart and all(abs(x - line) >= half for line in lines)


def assign_levels(runs: Sequence[Hop]) -> int:
    """Order overlapping runs so that lines cross least and never run into each other; gives the number of tracks."""
    above: dict[Hop, set[Hop]] = {run: set() for run in runs}
    for index, first in enumerate(runs):
        for second in runs[index + 1:]:
            if _apart(first, second):
                continue
            if _cost(first, second) <= _cost(second, first):
                above[second].add(first)
            else:
                above[first].add(second)
    waiting, done = list(runs), set[Hop]()
    while waiting:
        run = min(waiting, key=lambda candidate: len(above[candidate] - done))
        waiting.remove(run)
        run.level = max((other.level + 1 for other in above[run] & done), default=0)
        done.add(run)
    return max((run.level + 1 for run in runs), default=0)


def _apart(first: Hop, second: Hop) -> bool:
    """True when two runs may share a track: they do not meet, or they are parts of one trunk."""
    if first.route.head is second.route.head and abs(first.b - second.b) < 0.5:
        return True
    return first.high + _SAME < second.low or second.high + _SAME < first.low


def _cost(upper: Hop, lower: Hop) -> int:
    """How bad it is to lay `upper` above `lower`: crossings, and 100 for lines that run into each other."""
    cost = 0
    if lower.above:
        cost += upper.low < lower.a < upper.high
    if upper.below:
        cost += lower.low < upper.b < lower.high
    if lower.above and upper.below and abs(lower.a - upper.b) < _SAME:
        cost += 100
    return cost
