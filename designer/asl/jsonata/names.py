"""The functions there are in an expression: JSONata 2.0.6's without $eval, and those Step Functions adds."""

from __future__ import annotations

from typing import Final

from designer.asl.jsonata.nodes import Node

_NAMES: Final = """
abs append assert average base64decode base64encode boolean ceil clone contains count decodeUrl decodeUrlComponent
distinct each encodeUrl encodeUrlComponent error exists filter floor formatBase formatInteger formatNumber fromMillis
hash join keys length lookup lowercase map match max merge millis min not now number pad parse parseInteger partition
power random range reduce replace reverse round shuffle sift single sort split spread sqrt string substring
substringAfter substringBefore sum toMillis trim type uppercase uuid zip
"""
FUNCTIONS: Final = frozenset(_NAMES.split())


def undefined_function(tree: Node) -> str | None:
    """A name that is called in the expression, but is neither one of FUNCTIONS nor bound in the expression.

    Variables of the workflow are no functions.
    """
    bound, called = set(FUNCTIONS), []
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if node.kind == "bind":
            bound.add(node.value)
        elif node.kind == "lambda":
            bound.update(node.value)
        elif node.kind in ("focus", "index"):
            bound.add(node.value)
        elif node.kind in ("call", "partial") and node.parts[0].kind == "variable":
            called.append(node.parts[0].value)
        waiting.extend((*node.parts, *node.filters, *([] if node.group is None else [node.group])))
    return next((name for name in called if name not in bound), None)
