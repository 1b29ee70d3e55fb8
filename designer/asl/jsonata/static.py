"""What is refused before an expression ever runs (asl-language.md §4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from designer.asl.jsonata.lexer import JsonataSyntaxError
from designer.asl.jsonata.messages import MAX_DEPTH
from designer.asl.jsonata.nodes import Node
from designer.asl.jsonata.parser import parse

INVALID: Final = "INVALID_JSONATA_EXPRESSION"
UNSUPPORTED: Final = "UNSUPPORTED_JSONATA_EXPRESSION"
ALWAYS: Final = frozenset(("input", "context"))


@dataclass(frozen=True, slots=True)
class Fault:
    """`is_bare_name`: a field name at the top level, which a template may have had a placeholder for."""

    message: str
    code: str = INVALID
    hint: str = ""
    is_bare_name: bool = False


def find_faults(expression: str, available: frozenset[str] = ALWAYS | {"result", "errorOutput"}) -> list[Fault]:
    """What is wrong with an expression (without its markers): each bare name once, of all else the first.

    `available` are the properties of `$states` that the field may use.
    """
    if not expression.strip():
        return [Fault("The JSONata expression is empty", hint="Write an expression between '{%' and '%}'.")]
    try:
        tree = parse(expression)
    except JsonataSyntaxError as broken:
        where = "" if broken.at is None else f" at character {broken.at + 1}"
        return [Fault(str(broken), hint=f"Mend the expression{where}.")]
    return _search(tree, available)


def _search(tree: Node, available: frozenset[str]) -> list[Fault]:
    """`top` says that `$` and field names have nothing to refer to: AWS gives an expression no input."""
    waiting = [(tree, True)]
    bare: dict[Fault, None] = {}
    while waiting:
        node, top = waiting.pop()
        fault = _of_node(node, top) or _of_states(node, available)
        if fault and not fault.is_bare_name:
            return [fault]
        if fault:
            bare[fault] = None
        waiting.extend(reversed(list(_inner(node, top))))
    return list(bare)


def is_too_deep(tree: Node) -> bool:
    """Whether expressions are nested in it deeper than AWS's evaluator goes, such as a sum of 101 terms."""
    level = [tree]
    for _ in range(MAX_DEPTH):
        level = [part for node in level for part, _ in _inner(node, top=False)]
        if not level:
            return False
    return True


def _of_node(node: Node, top: bool) -> Fault | None:
    if node.kind == "variable" and node.value == "$":
        return _reference("$$", "")
    if not top:
        return None
    if node.kind == "variable" and node.value == "":
        return _reference("$", " at the top level")
    if node.kind == "name":
        return _reference(node.value, " at the top level", is_bare_name=True)
    return None


def _reference(name: str, where: str, *, is_bare_name: bool = False) -> Fault:
    return Fault(f"Reference to '{name}'{where} is not supported.", UNSUPPORTED,
                 "Start from $states.input, $states.context or a variable.", is_bare_name)


def _of_states(node: Node, available: frozenset[str]) -> Fault | None:
    if node.kind != "path" or len(node.parts) < 2:
        return None
    first, second = node.parts[0], node.parts[1]
    if first.kind != "variable" or first.value != "states" or second.kind != "name":
        return None
    if second.value in ("result", "errorOutput") and second.value not in available:
        return Fault(f"Reference to '$states.{second.value}' is not supported in this field.", UNSUPPORTED,
                     "result stands in Output and Assign of Task, Parallel and Map; errorOutput in those of a catcher.")
    return None


def _inner(node: Node, top: bool) -> list[tuple[Node, bool]]:
    """The nodes inside, each with whether it stands at the top level."""
    inner = [(predicate, False) for predicate in node.filters]
    if node.group is not None:
        inner.append((node.group, False))
    if node.kind == "path":
        inner.extend((step, top and number == 0) for number, step in enumerate(node.parts))
    elif node.kind in ("lambda", "transform"):
        inner.extend((part, False) for part in node.parts)
    elif node.kind == "sort":
        inner.extend((part, top and number == 0) for number, part in enumerate(node.parts))
    else:
        inner.extend((part, top) for part in node.parts)
    return inner
