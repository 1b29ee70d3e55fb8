"""A drawing as a self-contained SVG file: no style sheet, no script, icons and the Latin font inside.

Plain presentation attributes only, so that every viewer and rasteriser shows it alike.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from designer.diagrams.drawing import draw
from designer.diagrams.palette import palette

_STATIC: Final = Path(__file__).resolve().parents[2] / "static"
_FONTS: Final = "Inter, 'Noto Sans JP', 'Noto Sans CJK JP', 'Hiragino Sans', Meiryo, sans-serif"
_RADIUS: Final = 9.0
_SYMBOL: Final = re.compile(r'<symbol id="i-([\w-]+)" viewBox="0 0 24 24">(.*?)</symbol>', re.DOTALL)
Point = tuple[float, float]


def svg(definition: Any, *, theme: str = "light", folded: Iterable[str] = ()) -> str:
    """The SVG text of a definition's drawing; theme "light" or "dark"."""
    return _Writer(draw(definition, folded), palette(theme)).document()


@lru_cache(maxsize=1)
def _icons() -> dict[str, str]:
    sprite = (_STATIC / "vendor/icons.svg").read_text(encoding="utf-8")
    return {name: " ".join(body.split()) for name, body in _SYMBOL.findall(sprite)}


@lru_cache(maxsize=1)
def _font_face() -> str:
    font = base64.b64encode((_STATIC / "vendor/fonts/inter-latin-wght-normal.woff2").read_bytes()).decode()
    return ("<style>@font-face{font-family:Inter;font-weight:100 900;"
            f"src:url(data:font/woff2;base64,{font}) format('woff2')}}</style>")


def _tag(name: str, body: str = "", **attributes: Any) -> str:
    words = "".join(f" {key.rstrip('_').replace('_', '-')}={quoteattr(str(value))}"
                    for key, value in attributes.items() if value is not None)
    return f"<{name}{words}>{body}</{name}>" if body else f"<{name}{words}/>"


def rounded_path(points: list[Point], cut: float = 0.0) -> str:
    """The path data along `points` with corners of radius 9, ending `cut` px early."""
    way = [*points[:-1], _towards(points[-1], points[-2], min(cut, _length(points[-1], points[-2])))]
    parts = [f"M{way[0][0]:g} {way[0][1]:g}"]
    for before, corner, after in zip(way, way[1:], way[2:], strict=False):
        room = min(_RADIUS, _length(before, corner) / 2, _length(corner, after) / 2)
        enter, leave = _towards(corner, before, room), _towards(corner, after, room)
        parts.append(f"L{enter[0]:g} {enter[1]:g}Q{corner[0]:g} {corner[1]:g} {leave[0]:g} {leave[1]:g}")
    return "".join(parts) + f"L{way[-1][0]:g} {way[-1][1]:g}"


def _length(a: Point, b: Point) -> float:
    return float(((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5)


def _towards(a: Point, b: Point, distance: float) -> Point:
    whole = _length(a, b) or 1.0
    return (round(a[0] + (b[0] - a[0]) * distance / whole, 1), round(a[1] + (b[1] - a[1]) * distance / whole, 1))


class _Writer:
    def __init__(self, drawing: dict[str, Any], colours: dict[str, str]) -> None:
        self.drawing, self.colours = drawing, colours

    def document(self) -> str:
        nodes = self.drawing["nodes"]
        width, height = self.drawing["width"], self.drawing["height"]
        body = [
            _font_face(),
            _tag("rect", width=width, height=height, fill=self.colours["canvas"]),
            *(self.node(node) for node in nodes if node["container"]),
            *(self.edge(edge) for edge in self.drawing["edges"]),
            *(self.node(node) for node in nodes if not node["container"]),
            *(self.pill(edge) for edge in self.drawing["edges"] if edge["pill"]),
        ]
        return _tag("svg", "\n".join(body), xmlns="http://www.w3.org/2000/svg", width=width, height=height,
                    viewBox=f"0 0 {width} {height}", font_family=_FONTS) + "\n"

    def text(self, x: float, y: float, words: str, size: float, colour: str, *, weight: int = 400,
             anchor: str | None = None) -> str:
        return _tag("text", escape(words), x=x, y=y, font_size=size, font_weight=weight, fill=self.colours[colour],
                    text_anchor=anchor) if words else ""

    def node(self, node: dict[str, Any]) -> str:
        if node["kind"] in ("start", "end"):
            return self.terminal(node)
        missing = node["kind"] == "missing"
        card = _tag("rect", width=node["w"], height=node["h"], rx=10,
                    fill=self.colours["failed-soft" if missing else "overlay"],
                    fill_opacity=0.62 if node["container"] else None,
                    stroke=self.colours["failed-line" if missing else "line-strong"],
                    stroke_dasharray="4 4" if node["kind"] in ("missing", "unknown") else None)
        head = 43 + 16 * (len(node["lines"]) - 1) if node["container"] else node["h"]
        tile = self.tile(node, 22 if node["container"] else head / 2)
        parts = [f"<title>{escape(node['title'])}</title>", card, tile]
        first = 20 if node["container"] else head / 2 - (11 if len(node["lines"]) > 1 else 3)
        parts += [self.text(48, first + 16 * number, line, 13, "failed" if missing else "ink", weight=600)
                  for number, line in enumerate(node["lines"])]
        below = first + 16 * len(node["lines"]) - (2 if node["container"] else 1)
        parts.append(self.text(48, below, node["subtitle"], 11, "failed" if missing else "ink-3"))
        if node["container"]:
            parts.append(_tag("path", d=f"M1 {head}H{node['w'] - 1}", stroke=self.colours["line"]))
        return _tag("g", "".join(parts), transform=f"translate({node['x']} {node['y']})")

    def terminal(self, node: dict[str, Any]) -> str:
        body = _tag("rect", width=node["w"], height=node["h"], rx=node["h"] / 2, fill=self.colours["overlay"],
                    stroke=self.colours["line-strong"])
        body += self.text(node["w"] / 2, 17.5, node["name"], 11, "ink-3", weight=500, anchor="middle")
        return _tag("g", body, transform=f"translate({node['x']} {node['y']})")

    def tile(self, node: dict[str, Any], middle: float) -> str:
        kind = node["kind"] if f"t-{node['kind']}" in self.colours else "pass"
        ink, soft = self.colours[f"t-{kind}"], self.colours[f"t-{kind}-soft"]
        if kind == "choice":
            shape = _tag("rect", x=13, y=middle - 11, width=22, height=22, rx=5, fill=soft,
                         transform=f"rotate(45 24 {middle})")
            return shape + self.icon(node["icon"], 17, middle - 7, 14, ink)
        if kind in ("wait", "succeed", "fail"):
            shape = _tag("circle", cx=24, cy=middle, r=14, fill=soft)
        else:
            corner = 12 if kind == "approval" else 7
            shape = _tag("rect", x=10, y=middle - 14, width=28, height=28, rx=corner, fill=soft)
        return shape + self.icon(node["icon"], 16, middle - 8, 16, ink)

    def icon(self, name: str, x: float, y: float, size: float, colour: str) -> str:
        body = _icons().get(name, "").replace("currentColor", colour)
        return _tag("g", body, transform=f"translate({x} {y}) scale({size / 24:g})") if body else ""

    def edge(self, edge: dict[str, Any]) -> str:
        points: list[Point] = [(x, y) for x, y in edge["points"]]
        colour = self.colours["caught" if edge["kind"] == "catch" else "edge"]
        dashes = {"default": "5 4", "catch": "2 3"}.get(edge["kind"])
        own, cut = (points[:edge["join"]], 0) if edge["join"] else (points, 5)
        line = _tag("path", d=rounded_path(own, cut), fill="none", stroke=colour, stroke_width=1.5,
                    stroke_dasharray=dashes)
        return line if edge["join"] else line + _tag("path", d=_head(points), fill=colour)

    def pill(self, edge: dict[str, Any]) -> str:
        pill = edge["pill"]
        body = _tag("rect", x=pill["x"] - pill["w"] / 2, y=pill["y"] - pill["h"] / 2, width=pill["w"], height=pill["h"],
                    rx=pill["h"] / 2, fill=self.colours["overlay"], stroke=self.colours["line-strong"])
        colour = "caught" if edge["kind"] == "catch" else "ink-2"
        return body + self.text(pill["x"], pill["y"] + 4, pill["text"], 11, colour, anchor="middle")


def _head(points: list[Point]) -> str:
    (x, y), before = points[-1], points[-2]
    back = _towards(points[-1], before, 6.5)
    dx, dy = (x - back[0]) / 6.5 * 4.5, (y - back[1]) / 6.5 * 4.5
    return f"M{back[0] - dy:g} {back[1] + dx:g}L{x:g} {y:g}L{back[0] + dy:g} {back[1] - dx:g}z"
