"""A definition as Graphviz's DOT: states as nodes, Parallel and Map as clusters, rules and catchers as labels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from designer.diagrams.graph import END, START, Block, Edge, Node, build

_SHAPES: Final = {"choice": "diamond", "start": "circle", "end": "doublecircle", "wait": "box", "fail": "octagon"}
_BREAK: Final = "\\n"
_STYLES: Final = {"default": "dashed", "catch": "dotted"}


def dot(definition: Any) -> str:
    """The DOT text; tolerant of every broken definition, as graph.build is."""
    names = _Names()
    lines = ["digraph StateMachine {", "  compound=true;", '  node [shape=box, style=rounded, fontname="sans-serif"];',
             '  edge [fontname="sans-serif"];']
    lines += [f"  {line}" for line in _block(build(definition), names)]
    return "\n".join([*lines, "}"]) + "\n"


class _Names:
    """Node id → name in the DOT text."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {START: "start", END: "end"}

    def of(self, node_id: str) -> str:
        return self.known.setdefault(node_id, f"s{len(self.known) - 1}")


def _block(block: Block, names: _Names) -> Iterator[str]:
    for node in block.nodes:
        yield from _node(node, names)
    for edge in block.edges:
        yield f"{names.of(edge.source)} -> {names.of(edge.target)}{_edge(edge)};"


def _node(node: Node, names: _Names) -> Iterator[str]:
    text = node.name if node.kind in ("start", "end") or not node.subtitle else f"{node.name}\\n{node.subtitle}"
    shape = _SHAPES.get(node.kind, "box")
    yield f"{names.of(node.id)} [label={_quoted(text)}, shape={shape}];"
    for number, inner in enumerate(node.blocks):
        yield f"subgraph cluster_{names.of(node.id)}_{number} {{"
        yield f"  label={_quoted(node.name)};"
        yield from (f"  {line}" for line in _block(inner, names))
        yield "}"
        if inner.start is not None:
            yield f"{names.of(node.id)} -> {names.of(inner.start)} [style=dotted, arrowhead=none];"


def _edge(edge: Edge) -> str:
    attributes = [f"label={_quoted(_BREAK.join(edge.labels))}"] if edge.labels else []
    if edge.kind in _STYLES:
        attributes.append(f"style={_STYLES[edge.kind]}")
    return f" [{', '.join(attributes)}]" if attributes else ""


def _quoted(text: str) -> str:
    r"""A DOT string; `\n` written by this module stays a line break."""
    parts = [part.replace("\\", "\\\\").replace('"', '\\"') for part in text.split("\\n")]
    return '"' + "\\n".join(parts) + '"'
