"""The tree of a parsed JSONata expression."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Node:
    """One node.  `kind` says what it is; `value` and `parts` depend on it:

    number, string, value (true, false, null), regex     value
    name, variable, wildcard, descendant, parent          value = the name ("" is the context `$`, "$" is `$$`)
    path                                                  parts = steps
    array                                                 parts = items
    object                                                parts = key, value, key, value …
    block, condition, bind, range                         parts
    binary                                                value = operator, parts = left, right
    negate, sort, focus, index, transform                 parts
    lambda                                                value = parameter names, parts = (body,)
    call, partial                                         parts = function, argument …
    placeholder                                           `?` in a partial application

    `filters` are predicates after it, `group` an object constructor after it, `keep_array` a `[]`.
    """

    kind: str
    value: Any = None
    parts: list[Node] = field(default_factory=list)
    filters: list[Node] = field(default_factory=list)
    group: Node | None = None
    keep_array: bool = False
    at: int = 0
