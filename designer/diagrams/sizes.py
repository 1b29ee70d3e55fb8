"""How large a node is: fixed before the layout, from our own text widths (px)."""

from __future__ import annotations

from typing import Final

from designer.diagrams.graph import Node
from designer.diagrams.textwidth import REGULAR, SEMIBOLD, shorten, text_width, wrap

NODE_HEIGHT: Final = 48
TALL_HEIGHT: Final = 64
MIN_WIDTH: Final = 212
MIDDLE_WIDTH: Final = 240
MAX_WIDTH: Final = 268
TERMINAL: Final = (64, 26)
NAME_SIZE: Final = 13
SUB_SIZE: Final = 11
LABEL_SIZE: Final = 11
LABEL_HEIGHT: Final = 20
LABEL_LIMIT: Final = 196
_LEFT: Final = 48  # the tile and its margins
_RIGHT: Final = 38  # a status glyph or a problem's flag
HEADER: Final = 43
PADDING: Final = 18
PADDING_BELOW: Final = 16
BRANCH_GAP: Final = 36
EMPTY_BRANCH: Final = (MIN_WIDTH, NODE_HEIGHT)


def name_lines(node: Node) -> list[str]:
    """The name in one line or two."""
    return wrap(node.name, MAX_WIDTH - _LEFT - _RIGHT, NAME_SIZE, SEMIBOLD)


def node_width(node: Node, lines: list[str]) -> int:
    """212, 240 or 268 px, so that name and subtitle fit; few widths, so that columns look like columns."""
    texts = [text_width(line, NAME_SIZE, SEMIBOLD) for line in lines]
    texts.append(text_width(node.subtitle, SUB_SIZE, REGULAR))
    wanted = _LEFT + max(texts) + _RIGHT
    return next((width for width in (MIN_WIDTH, MIDDLE_WIDTH) if wanted <= width), MAX_WIDTH)


def subtitle_in(node: Node, width: float) -> str:
    """The subtitle as far as it fits."""
    return shorten(node.subtitle, width - _LEFT - 12, SUB_SIZE, REGULAR)


def label_of(labels: list[str]) -> tuple[str, float]:
    """An edge's label and the width of its pill; ("", 0) for an edge without one."""
    if not labels:
        return "", 0.0
    more = f" +{len(labels) - 1}" if len(labels) > 1 else ""
    text = shorten(labels[0], LABEL_LIMIT - text_width(more, LABEL_SIZE), LABEL_SIZE) + more
    return text, round(text_width(text, LABEL_SIZE) + 18, 1)
