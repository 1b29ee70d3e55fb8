"""The values that layout and routing pass on: boxes, routes and placed blocks.  All lengths in px."""

from __future__ import annotations

from dataclasses import dataclass, field

from designer.diagrams.graph import Block, Edge, Node

Point = tuple[float, float]


@dataclass(slots=True, eq=False)
class Box:
    """A node on its way into the drawing.

    `cx` is the centre, `y` the top, both within its block.  `inner` are the placed blocks of a
    container with the offset of each from the box's top left corner.
    """

    node: Node
    w: float
    h: float
    lines: list[str]
    subtitle: str
    inner: list[tuple[Placed, float, float]] = field(default_factory=list)
    cx: float = 0.0
    y: float = 0.0
    rank: int = 0

    @property
    def left(self) -> float:
        return self.cx - self.w / 2

    @property
    def right(self) -> float:
        return self.cx + self.w / 2

    @property
    def bottom(self) -> float:
        return self.y + self.h


@dataclass(slots=True, eq=False)
class Pill:
    """A label: centre and size."""

    text: str
    w: float
    x: float = 0.0
    y: float = 0.0


@dataclass(slots=True, eq=False)
class Route:
    """An edge on its way: where it leaves and enters, and the lane it takes over several ranks.

    Routes of one `trunk` share lane and entry, and only the first of them carries the pill.
    """

    edge: Edge
    source: Box
    target: Box
    pill: Pill | None
    back: bool = False
    trunk: Route | None = None
    lane: float | None = None
    out_x: float = 0.0
    in_x: float = 0.0
    points: list[Point] = field(default_factory=list)

    @property
    def head(self) -> Route:
        """The route that decides lane and entry."""
        return self.trunk or self

    @property
    def long(self) -> bool:
        return self.target.rank > self.source.rank + 1

    @property
    def joins_after(self) -> int | None:
        """How many points lie before the shared part of a trunk; None when the route is drawn whole."""
        bends = len(self.points) > 2 and self.points[0][0] != self.points[2][0]
        return 3 if self.trunk is not None and bends else None


@dataclass(slots=True, eq=False)
class Placed:
    """A block with all its coordinates; its own corner is (0, 0)."""

    block: Block
    boxes: list[Box]
    routes: list[Route]
    w: float
    h: float
