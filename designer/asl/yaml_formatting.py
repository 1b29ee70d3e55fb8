"""YAML definitions with their fields in the usual order.  Whole lines move: comments and texts stay as they are.

An anchor stays before its aliases: a field that has an alias comes after the field with the anchor, whatever the
usual order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from designer.asl.formatting import FormatError
from designer.asl.ordering import ROOT, in_order, role_inside
from designer.asl.yaml_source import read_yaml

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def format_yaml(text: str) -> str:
    """The text with its fields in order.  Raises FormatError, also where lines cannot be moved safely."""
    source = read_yaml(text)
    if source.problems:
        problem = source.problems[0]
        raise FormatError(f"line {problem.line}, column {problem.column}: {problem.message.splitlines()[0]}")
    lines = [line.rstrip() if not line.strip() else line for line in text.lstrip("\ufeff").splitlines()]
    try:
        root = _compose("\n".join(lines))
        found = "\n".join(_ordered(lines, root, ROOT, 0, len(lines))).rstrip("\n") + "\n" if root else text
    except RecursionError:
        raise FormatError("The YAML is nested too deeply to be formatted.") from None
    if read_yaml(found).data != source.data:
        raise FormatError("The order of these lines cannot be changed safely; bring the fields in order by hand.")
    return found


@dataclass(slots=True)
class _Node:
    """A value in the text.  `parts` are the keys and values of a mapping in turn, or the items of a sequence.

    `defines` and `uses` are the anchors and aliases in it, those of the parts included.
    """

    kind: str  # "mapping", "sequence" or "scalar"; an alias is a scalar
    line: int
    column: int
    value: str = ""
    is_block: bool = False
    parts: list[_Node] = field(default_factory=list)
    defines: set[str] = field(default_factory=set)
    uses: set[str] = field(default_factory=set)


def _compose(text: str) -> _Node | None:
    """The tree of a text that is known to be YAML; an alias is a leaf where it stands."""
    root = _Node("sequence", 0, 0)
    open_nodes = [root]
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            done = open_nodes.pop()
            open_nodes[-1].defines |= done.defines
            open_nodes[-1].uses |= done.uses
        elif isinstance(event, yaml.NodeEvent):
            node = _node(event)
            open_nodes[-1].parts.append(node)
            if node.kind != "scalar":
                open_nodes.append(node)
            else:
                open_nodes[-1].defines |= node.defines
                open_nodes[-1].uses |= node.uses
    return root.parts[0] if root.parts else None


def _node(event: Any) -> _Node:
    kind = {yaml.MappingStartEvent: "mapping", yaml.SequenceStartEvent: "sequence"}.get(type(event), "scalar")
    node = _Node(kind, event.start_mark.line, event.start_mark.column, getattr(event, "value", ""),
                 getattr(event, "flow_style", None) is False)
    if event.anchor:
        (node.uses if isinstance(event, yaml.AliasEvent) else node.defines).add(event.anchor)
    return node


def _ordered(lines: list[str], node: _Node, role: str, start: int, end: int) -> list[str]:
    """The lines from `start` to before `end`, which hold `node`, with the fields in it put in order."""
    if not node.is_block or not node.parts:
        return lines[start:end]
    if node.kind == "sequence":
        starts = [item.line for item in node.parts]
        parts = [(item, role_inside(role, number)) for number, item in enumerate(node.parts)]
        return [*lines[start:starts[0]], *(
            line for (item, inner), first, last in zip(parts, starts, [*starts[1:], end], strict=True)
            for line in _ordered(lines, item, inner, first, last))]
    return _mapping(lines, node, role, start, end)


def _anchors_first(wanted: Iterable[str], members: dict[str, _Node]) -> list[str]:
    """The names as wanted, but none before another whose anchors it uses.  In the text's own order that holds."""
    waiting, done = list(wanted), list[str]()
    while waiting:
        defined = {name: members[name].defines for name in waiting}
        name = next((name for name in waiting if not any(
            members[name].uses & defined[other] for other in waiting if other != name)), waiting[0])
        waiting.remove(name)
        done.append(name)
    return done


def _mapping(lines: list[str], node: _Node, role: str, start: int, end: int) -> list[str]:
    pairs = list(zip(node.parts[::2], node.parts[1::2], strict=True))
    names = [key.value for key, _ in pairs]
    column = pairs[0][0].column
    starts = [_with_comments(lines, key.line, column, start) for key, _ in pairs]
    starts[0] = pairs[0][0].line
    chunks = {name: _ordered(lines, value, role_inside(role, name), first, last)
              for name, (_, value), first, last in zip(names, pairs, starts, [*starts[1:], end], strict=True)}
    wanted = _anchors_first(in_order(role, names), {key.value: value for key, value in pairs})
    head = lines[start:starts[0]]
    if wanted[0] != names[0]:
        mark = lines[starts[0]][:column]
        if mark.strip():  # the dash of a list stands before the first field
            first, new = chunks[names[0]], chunks[wanted[0]]
            if new[0].lstrip().startswith("#") or not new[0].startswith(" " * column):
                wanted = names
            else:
                chunks[names[0]] = [" " * column + first[0][column:], *first[1:]]
                chunks[wanted[0]] = [mark + new[0][column:], *new[1:]]
        elif comment := _own_comment(lines, starts[0], column, start):
            head, chunks[names[0]] = head[:-comment], [*head[-comment:], *chunks[names[0]]]
    return [*head, *(line for name in wanted for line in chunks[name])]


def _with_comments(lines: list[str], line: int, column: int, least: int) -> int:
    """Where a field begins: the comments right above it, as far in as it, belong to it."""
    while line - 1 > least and lines[line - 1][:column].strip() == "" and lines[line - 1][column:].startswith("#"):
        line -= 1
    return line


def _own_comment(lines: list[str], line: int, column: int, least: int) -> int:
    """How many lines of comment above the first field move with it: none at the top of the text."""
    if least == 0 and column == 0:
        return 0
    first = line
    while first > least and lines[first - 1][:column].strip() == "" and lines[first - 1][column:].startswith("#"):
        first -= 1
    return line - first
