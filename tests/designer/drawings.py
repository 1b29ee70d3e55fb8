"""What must hold for every drawing, and where the shared definitions lie."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

SHARED = Path(__file__).resolve().parents[3] / "shared"
WORKFLOWS = sorted((SHARED / "corpus" / "workflows").glob("*"))
ARTICLE = sorted((SHARED / "article").glob("*.json"))


def read(path: Path) -> Any:
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)


def meet(a: dict[str, Any], b: dict[str, Any], slack: float = 0.2) -> bool:
    """Whether two boxes {x, y, w, h} overlap."""
    return bool(
        a["x"] + slack < b["x"] + b["w"] and b["x"] + slack < a["x"] + a["w"]
        and a["y"] + slack < b["y"] + b["h"] and b["y"] + slack < a["y"] + a["h"])


def inside(inner: dict[str, Any], outer: dict[str, Any]) -> bool:
    return bool(
        inner["x"] >= outer["x"] - 0.2 and inner["y"] >= outer["y"] - 0.2
        and inner["x"] + inner["w"] <= outer["x"] + outer["w"] + 0.2
        and inner["y"] + inner["h"] <= outer["y"] + outer["h"] + 0.2)


def faults(drawing: dict[str, Any]) -> list[str]:
    """Everything that is wrong with a drawing: overlaps, labels on nodes, edges through nodes, things outside."""
    return [*_node_faults(drawing), *_pill_faults(drawing), *_edge_faults(drawing)]


def _ancestors(node: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> set[str]:
    found: set[str] = set()
    while node["parent"]:
        found.add(node["parent"])
        node = by_id[node["parent"]]
    return found


def _node_faults(drawing: dict[str, Any]) -> Iterator[str]:
    nodes = drawing["nodes"]
    by_id = {node["id"]: node for node in nodes}
    page = {"x": 0, "y": 0, "w": drawing["width"], "h": drawing["height"]}
    for index, node in enumerate(nodes):
        if not inside(node, by_id[node["parent"]] if node["parent"] else page):
            yield f"{node['name']} stands outside"
        for other in nodes[index + 1:]:
            related = other["id"] in _ancestors(node, by_id) or node["id"] in _ancestors(other, by_id)
            if not related and meet(node, other):
                yield f"{node['name']} overlaps {other['name']}"


def pills(drawing: dict[str, Any]) -> list[dict[str, Any]]:
    """The labels as boxes."""
    return [
        {**pill, "x": pill["x"] - pill["w"] / 2, "y": pill["y"] - pill["h"] / 2}
        for edge in drawing["edges"] if (pill := edge["pill"])
    ]


def _pill_faults(drawing: dict[str, Any]) -> Iterator[str]:
    labels = pills(drawing)
    page = {"x": 0, "y": 0, "w": drawing["width"], "h": drawing["height"]}
    for index, pill in enumerate(labels):
        if not inside(pill, page):
            yield f"label {pill['text']} stands outside"
        for node in drawing["nodes"]:
            # A label inside a container is drawn on the container, never on its header.
            box = {**node, "h": 43} if node["container"] else node
            if meet(pill, box):
                yield f"label {pill['text']} stands on {node['name']}"
        for other in labels[index + 1:]:
            if meet(pill, other):
                yield f"labels {pill['text']} and {other['text']} overlap"


def _edge_faults(drawing: dict[str, Any]) -> Iterator[str]:
    by_id = {node["id"]: node for node in drawing["nodes"]}
    for edge in drawing["edges"]:
        points = edge["points"]
        for (ax, ay), (bx, by) in itertools.pairwise(points):
            if abs(ax - bx) > 0.15 and abs(ay - by) > 0.15:
                yield f"{edge['from']} → {edge['to']} is slanted"
            run = {"x": min(ax, bx), "y": min(ay, by), "w": abs(ax - bx), "h": abs(ay - by)}
            for node in drawing["nodes"]:
                if node["parent"] == edge["parent"] and node["id"] not in (edge["from"], edge["to"]) \
                        and meet(run, node, slack=0.5):
                    yield f"{edge['from']} → {edge['to']} runs through {node['name']}"
        for point, node_id in ((points[0], edge["from"]), (points[-1], edge["to"])):
            node = by_id[node_id]
            touches = {"x": point[0], "y": point[1], "w": 0, "h": 0}
            if not meet(touches, node, slack=-0.3):
                yield f"an end of {edge['from']} → {edge['to']} touches nothing"
