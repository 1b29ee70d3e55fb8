"""Definition → graph: pure, and tolerant of every broken definition.

A Block is one list of states (the machine, a branch, an item processor) with the edges among them; a
Parallel or Map node holds blocks.  Whatever is not as ASL wants it is drawn as far as it can be: a
`Next` that names nothing leads to a node of kind "missing", an unknown `Type` is a node of kind
"unknown", a missing `StartAt` leaves the start without an edge.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from designer.diagrams.labels import catch_label, rule_label
from designer.diagrams.resources import face_of

START: Final = "\u0000start"
END: Final = "\u0000end"
_ICONS: Final = {
    "Task": "square", "Choice": "split", "Parallel": "columns-3", "Map": "layers", "Wait": "clock",
    "Pass": "arrow-right", "Succeed": "check", "Fail": "x",
}


@dataclass(slots=True)
class Node:
    """A state, or one of the terminals Start and End.

    `id` is the state's name (made unique where a name comes twice), `pointer` its JSON pointer, `kind`
    what it looks like: start, end, task, approval, choice, parallel, map, wait, pass, succeed, fail,
    missing, unknown.  `badges` are small facts on its lower edge: (kind, text).
    """

    id: str
    name: str
    type: str
    kind: str
    icon: str
    subtitle: str
    pointer: str
    badges: list[tuple[str, str]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    @property
    def container(self) -> bool:
        return bool(self.blocks)


@dataclass(slots=True)
class Edge:
    """A transition.  kind: start, next, choice, default, catch, end.

    Several rules or catchers of one state that lead to the same state are one edge with several
    `labels` and `pointers` (of the field that names the target).
    """

    source: str
    target: str
    kind: str
    labels: list[str] = field(default_factory=list)
    pointers: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Block:
    """One list of states in the order they are written; `pointer` is that of the object that holds `States`."""

    pointer: str
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    start: str | None = None

    def walk(self) -> Iterator[Node]:
        """All nodes, those of inner blocks after their container."""
        for node in self.nodes:
            yield node
            for block in node.blocks:
                yield from block.walk()


def build(definition: Any, folded: frozenset[str] = frozenset()) -> Block:
    """The graph of a definition; `folded` names the containers shown as one node."""
    return _Builder(folded).machine(definition)


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def escape(step: str) -> str:
    """One step of a JSON pointer (RFC 6901)."""
    return step.replace("~", "~0").replace("/", "~1")


class _Builder:
    """Builds blocks and keeps ids unique over the whole definition."""

    def __init__(self, folded: frozenset[str]) -> None:
        self.folded = folded
        self.taken: set[str] = set()

    def machine(self, definition: Any) -> Block:
        block = self.block(_object(definition), "")
        if block.start is not None:
            block.edges.insert(0, Edge(START, block.start, "start", pointers=["/StartAt"]))
        ends = any(edge.target == END for edge in block.edges)
        block.nodes.insert(0, Node(START, _("Start"), "Start", "start", "", "", ""))
        if ends:
            block.nodes.append(Node(END, _("End"), "End", "end", "", "", ""))
        return block

    def block(self, source: dict[str, Any], pointer: str) -> Block:
        """One block; `source` holds StartAt and States."""
        block = Block(pointer)
        states = _object(source.get("States"))
        ids = {name: self.unique(name) for name in states}
        for name, state in states.items():
            block.nodes.append(self.node(ids[name], name, _object(state), f"{pointer}/States/{escape(name)}"))
        edges = _Edges(self, block, ids, inner=pointer != "")
        for name, state in states.items():
            edges.of_state(ids[name], _object(state), f"{pointer}/States/{escape(name)}")
        start = source.get("StartAt")
        if isinstance(start, str) and (start in ids or start):
            block.start = edges.target(start)
        return block

    def unique(self, name: str) -> str:
        """`name`, or `name` with a number where another state has it already."""
        candidate, number = name, 2
        while candidate in self.taken:
            candidate, number = f"{name}\u0000{number}", number + 1
        self.taken.add(candidate)
        return candidate

    def node(self, node_id: str, name: str, state: dict[str, Any], pointer: str) -> Node:
        kind_name = state.get("Type")
        if not isinstance(kind_name, str) or kind_name not in _ICONS:
            shown = kind_name if isinstance(kind_name, str) else ""
            text = _("Unknown type %(type)s") % {"type": shown} if shown else _("No type yet")
            return Node(node_id, name, shown, "unknown", "circle-help", text, pointer)
        node = Node(node_id, name, kind_name, kind_name.lower(), _ICONS[kind_name], "", pointer)
        if kind_name == "Task":
            face = face_of(state.get("Resource"), state.get("Parameters", state.get("Arguments")))
            node.kind, node.icon, node.subtitle = face.kind, face.icon, face.subtitle
        else:
            node.subtitle = subtitle_of(kind_name, state)
        node.badges = badges_of(state)
        if node_id not in self.folded:
            node.blocks = self.inner_blocks(kind_name, state, pointer)
        elif kind_name in ("Parallel", "Map"):
            node.badges.append(("folded", str(inner_count(state))))
        return node

    def inner_blocks(self, kind: str, state: dict[str, Any], pointer: str) -> list[Block]:
        if kind == "Parallel":
            branches = _list(state.get("Branches")) or [{}]
            return [self.block(_object(branch), f"{pointer}/Branches/{index}") for index, branch in enumerate(branches)]
        if kind == "Map":
            key = "ItemProcessor" if "ItemProcessor" in state or "Iterator" not in state else "Iterator"
            return [self.block(_object(state.get(key)), f"{pointer}/{key}")]
        return []


class _Edges:
    """Collects the edges of one block."""

    def __init__(self, builder: _Builder, block: Block, ids: dict[str, str], *, inner: bool) -> None:
        self.builder, self.block, self.ids, self.inner = builder, block, ids, inner
        self.missing: dict[str, str] = {}
        self.known: dict[tuple[str, str, str], Edge] = {}

    def target(self, name: Any) -> str:
        """The id a name stands for; a node of kind "missing" is made for a name that no state has."""
        if isinstance(name, str) and name in self.ids:
            return self.ids[name]
        shown = name if isinstance(name, str) else "?"
        if shown not in self.missing:
            node_id = self.builder.unique(f"\u0000missing {shown}")
            self.missing[shown] = node_id
            text = _("There is no such state")
            self.block.nodes.append(Node(node_id, shown, "", "missing", "circle-help", text, ""))
        return self.missing[shown]

    def add(self, source: str, name: Any, kind: str, pointer: str, label: str = "") -> None:
        if name is None:
            return
        self.link(source, self.target(name), kind, pointer, label)

    def link(self, source: str, target: str, kind: str, pointer: str, label: str = "") -> None:
        edge = self.known.get((source, target, kind))
        if edge is None:
            edge = self.known[source, target, kind] = Edge(source, target, kind)
            self.block.edges.append(edge)
        edge.pointers.append(pointer)
        if label and label not in edge.labels:
            edge.labels.append(label)

    def of_state(self, source: str, state: dict[str, Any], pointer: str) -> None:
        kind = state.get("Type")
        if kind == "Choice":
            for index, rule in enumerate(_list(state.get("Choices"))):
                where = f"{pointer}/Choices/{index}/Next"
                self.add(source, _object(rule).get("Next"), "choice", where, rule_label(rule))
            self.add(source, state.get("Default"), "default", f"{pointer}/Default", _("Default"))
            return
        if kind in ("Succeed", "Fail"):
            return
        self.add(source, state.get("Next"), "next", f"{pointer}/Next")
        if state.get("End") is True and not self.inner:
            self.link(source, END, "end", f"{pointer}/End")
        for index, catcher in enumerate(_list(state.get("Catch"))):
            where = f"{pointer}/Catch/{index}/Next"
            self.add(source, _object(catcher).get("Next"), "catch", where, catch_label(catcher))


def subtitle_of(kind: str, state: dict[str, Any]) -> str:
    """The second line of a node that is no Task."""
    if kind == "Choice":
        count = len(_list(state.get("Choices")))
        rules = ngettext("Choice · %(count)d rule", "Choice · %(count)d rules", count) % {"count": count}
        return rules + (" " + _("+ default") if "Default" in state else "")
    if kind == "Parallel":
        count = len(_list(state.get("Branches")))
        return ngettext("Parallel · %(count)d branch", "Parallel · %(count)d branches", count) % {"count": count}
    if kind == "Map":
        return _map_subtitle(state)
    if kind == "Wait":
        return _wait_subtitle(state)
    if kind == "Fail":
        return f"Fail · {state['Error']}" if isinstance(state.get("Error"), str) else "Fail"
    return kind


def _map_subtitle(state: dict[str, Any]) -> str:
    processor = _object(state.get("ItemProcessor"))
    mode = _object(processor.get("ProcessorConfig")).get("Mode", "INLINE")
    words = "Map · " + (_("distributed") if mode == "DISTRIBUTED" else _("inline"))
    limit = state.get("MaxConcurrency")
    if isinstance(limit, int) and not isinstance(limit, bool) and limit > 0:
        words += " · " + _("%(count)d at once") % {"count": limit}
    return words


def _wait_subtitle(state: dict[str, Any]) -> str:
    seconds = state.get("Seconds")
    if isinstance(seconds, int) and not isinstance(seconds, bool):
        return "Wait · " + duration(seconds)
    for name in ("Timestamp", "SecondsPath", "TimestampPath", "Seconds"):
        if isinstance(state.get(name), str):
            return f"Wait · {state[name]}"
    return "Wait"


def duration(seconds: int) -> str:
    """Seconds as people say them: 90 -> "1 min 30 s"."""
    units = ((86_400, _("%(count)d d")), (3_600, _("%(count)d h")), (60, _("%(count)d min")), (1, _("%(count)d s")))
    parts, rest = [], seconds
    for size, words in units:
        amount, rest = divmod(rest, size)
        if amount:
            parts.append(words % {"count": amount})
    return " ".join(parts[:2]) or _("%(count)d s") % {"count": 0}


def badges_of(state: dict[str, Any]) -> list[tuple[str, str]]:
    """What a node says about its error handling."""
    badges = []
    if retriers := len(_list(state.get("Retry"))):
        badges.append(("retry", ngettext("%(count)d retrier", "%(count)d retriers", retriers) % {"count": retriers}))
    if catchers := len(_list(state.get("Catch"))):
        badges.append(("catch", ngettext("%(count)d catcher", "%(count)d catchers", catchers) % {"count": catchers}))
    return badges


def inner_count(state: dict[str, Any]) -> int:
    """How many states a container holds, at every depth."""
    sources = [*_list(state.get("Branches")), state.get("ItemProcessor"), state.get("Iterator")]
    inner = [child for source in sources for child in _object(_object(source).get("States")).values()]
    return len(inner) + sum(inner_count(_object(child)) for child in inner)
