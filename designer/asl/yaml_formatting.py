"""YAML definitions with their fields in the usual order.  Whole lines move: comments and texts stay as they are."""

from __future__ import annotations

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
    _refuse_anchors(text)
    lines = [line.rstrip() if not line.strip() else line for line in text.lstrip("\ufeff").splitlines()]
    try:
        root = yaml.compose("\n".join(lines), Loader=_LOADER)
        found = "\n".join(_ordered(lines, root, ROOT, 0, len(lines))).rstrip("\n") + "\n" if root else text
    except RecursionError:
        raise FormatError("The YAML is nested too deeply to be formatted.") from None
    if read_yaml(found).data != source.data:
        raise FormatError("The order of these lines cannot be changed safely; bring the fields in order by hand.")
    return found


def _refuse_anchors(text: str) -> None:
    for event in yaml.parse(text, Loader=_LOADER):
        anchor = getattr(event, "anchor", None)
        if anchor:
            raise FormatError(f"The anchor &{anchor} has to stand before its aliases, so the fields cannot change "
                              "their order. Write the values out.")


def _ordered(lines: list[str], node: Any, role: str, start: int, end: int) -> list[str]:
    """The lines from `start` to before `end`, which hold `node`, with the fields in it put in order."""
    if not isinstance(node, (yaml.MappingNode, yaml.SequenceNode)) or node.flow_style is not False or not node.value:
        return lines[start:end]
    if isinstance(node, yaml.SequenceNode):
        starts = [item.start_mark.line for item in node.value]
        parts = [(item, role_inside(role, number)) for number, item in enumerate(node.value)]
        return [*lines[start:starts[0]], *(
            line for (item, inner), first, last in zip(parts, starts, [*starts[1:], end], strict=True)
            for line in _ordered(lines, item, inner, first, last))]
    return _mapping(lines, node, role, start, end)


def _mapping(lines: list[str], node: Any, role: str, start: int, end: int) -> list[str]:
    names = [key.value for key, _ in node.value]
    column = node.value[0][0].start_mark.column
    starts = [_with_comments(lines, key.start_mark.line, column, start) for key, _ in node.value]
    starts[0] = node.value[0][0].start_mark.line
    chunks = {name: _ordered(lines, value, role_inside(role, name), first, last)
              for name, (_, value), first, last in zip(names, node.value, starts, [*starts[1:], end], strict=True)}
    wanted = in_order(role, names)
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
