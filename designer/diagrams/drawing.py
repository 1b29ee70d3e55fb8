"""draw(definition): the drawing as plain data, for the canvas, the execution view and the exports."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, Final

from django.utils.translation import get_language

from designer.diagrams.geometry import Box, Placed, Route
from designer.diagrams.graph import Block, Edge, Node, build
from designer.diagrams.layout import Job, place
from designer.diagrams.ranks import rank_block
from designer.diagrams.routing import route_block
from designer.diagrams.sizes import (
    BRANCH_GAP,
    HEADER,
    LABEL_HEIGHT,
    NODE_HEIGHT,
    PADDING,
    PADDING_BELOW,
    TALL_HEIGHT,
    TERMINAL,
    name_lines,
    node_width,
    subtitle_in,
)

MARGIN: Final = 8
_KEPT: Final = 64
_drawings: OrderedDict[str, dict[str, Any]] = OrderedDict()
_lock = threading.Lock()


def draw(definition: Any, folded: Iterable[str] = ()) -> dict[str, Any]:
    """The drawing of a definition, however broken it is (any JSON value is accepted).

    {width, height,
     nodes: [{id, name, type, kind, icon, lines, subtitle, title, pointer, badges: [{kind, text}],
              x, y, w, h, parent: id or None, branch: int, container, folded}],
     edges: [{id, from, to, kind, label, title, pointers, parent, back, points: [[x, y] …],
              join: number of points before the way another edge draws too, or None,
              pill: {text, x, y, w, h} or None}],
     branches: [{parent, index, pointer, x, y, w, h, empty}]}

    px, origin top left; `points` have square corners; a parent precedes its children.  Raises
    LayoutError when no layout engine is there.  The answer is shared: do not change it.
    """
    names = frozenset(folded)
    key = _key(definition, names)
    with _lock:
        if key in _drawings:
            _drawings.move_to_end(key)
            return _drawings[key]
    drawing = _Drawing(_placed(build(definition, names)), names).as_dict()
    with _lock:
        _drawings[key] = drawing
        while len(_drawings) > _KEPT:
            _drawings.popitem(last=False)
    return drawing


def _key(definition: Any, folded: frozenset[str]) -> str:
    text = json.dumps([get_language(), sorted(folded), definition], ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _placed(root: Block) -> Placed:
    """Lay out the blocks from the innermost outwards; those of one depth go through the engine together."""
    depths: list[list[Block]] = []
    level = [root]
    while level:
        depths.append(level)
        level = [inner for block in level for node in block.nodes for inner in node.blocks]
    done: dict[int, Placed] = {}
    for blocks in reversed(depths):
        prepared = [_prepare(block, done) for block in blocks]
        answers = place([job for job, _boxes, _edges in prepared])
        for block, (_job, boxes, edges), columns in zip(blocks, prepared, answers, strict=True):
            for box, x in zip(boxes, columns, strict=True):
                box.cx = x
            done[id(block)] = route_block(block, boxes, edges)
    return done[id(root)]


def _prepare(block: Block, done: dict[int, Placed]) -> tuple[Job, list[Box], list[tuple[Edge, bool]]]:
    ranks = rank_block(block)
    boxes = [_box(node, done) for node in block.nodes]
    for box, rank in zip(boxes, ranks.rank, strict=True):
        box.rank = rank
    index = {node.id: number for number, node in enumerate(block.nodes)}
    edges = tuple((index[edge.source], index[edge.target], ranks.weight[number])
                  for number, edge in enumerate(block.edges) if ranks.weight[number] and not ranks.back[number])
    job = Job(tuple((int(box.w), int(box.h)) for box in boxes), ranks.rank, edges)
    return job, boxes, list(zip(block.edges, ranks.back, strict=True))


def _box(node: Node, done: dict[int, Placed]) -> Box:
    if node.kind in ("start", "end"):
        return Box(node, *TERMINAL, [node.name], "")
    lines = name_lines(node)
    width = node_width(node, lines)
    if not node.container:
        return Box(node, width, TALL_HEIGHT if len(lines) > 1 else NODE_HEIGHT, lines, subtitle_in(node, width))
    header = HEADER + (16 if len(lines) > 1 else 0)
    inner = [done[id(block)] for block in node.blocks]
    content = sum(placed.w for placed in inner) + BRANCH_GAP * (len(inner) - 1)
    box_width = max(width + 20, content + 2 * PADDING)
    box_width += box_width % 2
    box = Box(node, box_width, header + 7 + max(placed.h for placed in inner) + PADDING_BELOW, lines,
              subtitle_in(node, box_width))
    x = (box_width - content) / 2
    for placed in inner:
        box.inner.append((placed, x, header + 7))
        x += placed.w + BRANCH_GAP
    return box


class _Drawing:
    """Gathers absolute coordinates from nested blocks."""

    def __init__(self, root: Placed, folded: frozenset[str]) -> None:
        self.root, self.folded_names = root, folded
        self.nodes: list[dict[str, Any]] = []
        self.edges: list[dict[str, Any]] = []
        self.branches: list[dict[str, Any]] = []

    def as_dict(self) -> dict[str, Any]:
        self.block(self.root, MARGIN, MARGIN, None, 0)
        return {
            "width": round(self.root.w + 2 * MARGIN, 1), "height": round(self.root.h + 2 * MARGIN, 1),
            "nodes": self.nodes, "edges": self.edges, "branches": self.branches,
        }

    def block(self, placed: Placed, x: float, y: float, parent: str | None, branch: int) -> None:
        for box in placed.boxes:
            self.node(box, x, y, parent, branch)
        self.edges += [self.edge(route, x, y, parent) for route in placed.routes]

    def node(self, box: Box, x: float, y: float, parent: str | None, branch: int) -> None:
        node = box.node
        left, top = round(x + box.left, 1), round(y + box.y, 1)
        self.nodes.append({
            "id": node.id, "name": node.name, "type": node.type, "kind": node.kind, "icon": node.icon,
            "lines": box.lines, "subtitle": box.subtitle, "title": f"{node.name} – {node.subtitle}".rstrip(" –"),
            "pointer": node.pointer, "badges": [{"kind": kind, "text": text} for kind, text in node.badges],
            "x": left, "y": top, "w": round(box.w, 1), "h": round(box.h, 1),
            "parent": parent, "branch": branch, "container": node.container, "folded": node.id in self.folded_names,
        })
        for index, (inner, dx, dy) in enumerate(box.inner):
            self.branches.append({
                "parent": node.id, "index": index, "pointer": inner.block.pointer, "x": round(left + dx, 1),
                "y": round(top + dy, 1), "w": round(inner.w, 1), "h": round(inner.h, 1), "empty": not inner.boxes,
            })
            self.block(inner, left + dx, top + dy, node.id, index)

    def edge(self, route: Route, x: float, y: float, parent: str | None) -> dict[str, Any]:
        edge, pill = route.edge, route.pill
        return {
            "id": f"{edge.source}\u0000{edge.kind}\u0000{edge.target}", "from": edge.source, "to": edge.target,
            "kind": edge.kind, "label": pill.text if pill else "", "title": " · ".join(edge.labels),
            "pointers": edge.pointers, "parent": parent, "back": route.back,
            "join": route.joins_after,
            "points": [[round(px + x, 1), round(py + y, 1)] for px, py in _plain(route.points)],
            "pill": {"text": pill.text, "x": round(pill.x + x, 1), "y": round(pill.y + y, 1), "w": pill.w,
                     "h": LABEL_HEIGHT} if pill else None,
        }


def _plain(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The points without repetitions and without those in the middle of a straight line."""
    kept: list[tuple[float, float]] = []
    for point in points:
        if kept and abs(kept[-1][0] - point[0]) < 0.05 and abs(kept[-1][1] - point[1]) < 0.05:
            continue
        if len(kept) > 1 and (kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]):
            kept.pop()
        kept.append(point)
    return kept
