"""JSONata: the transfer rule of designer/asl/jsonata, as far as it is sound; what it does not say is UNKNOWN.

    values ← functions ← paths ← evaluate    expressions → what they may give
"""

from __future__ import annotations

import re
from typing import Any, Final

from designer.asl import jsonata
from designer.asl.errors import QUERY_EVALUATION
from designer.asl.fixes import nearest
from designer.asl.jsonata.lexer import JsonataSyntaxError
from designer.asl.jsonata.nodes import Node
from designer.asl.jsonata.parser import parse
from designer.asl.jsonata.static import is_too_deep
from designer.asl.problems import Fix, Operation
from designer.asl.report import Steps, pointer_of
from designer.lens.jsonata.evaluate import Evaluation
from designer.lens.notes import PATH, TYPE
from designer.lens.shapes import MAX_DEPTH, NEVER, UNKNOWN, Array, Field, Shape, exactly, record
from designer.lens.views import View

_SHOWN: Final = 8


def value(given: Any, view: View, steps: Steps, depth: int = 0) -> Shape:
    """What any JSON gives whose texts may be expressions."""
    if depth > MAX_DEPTH:
        return UNKNOWN
    if jsonata.is_expression(given):
        return expression(given, view, steps)
    if isinstance(given, list):
        items = tuple(value(item, view, (*steps, number), depth + 1) for number, item in enumerate(given))
        return Shape(array=Array(items, NEVER, len(items)))
    if isinstance(given, dict):
        return record({name: Field(value(item, view, (*steps, name), depth + 1)) for name, item in given.items()})
    return exactly(given)


def expression(marked: str, view: View, steps: Steps) -> Shape:
    """What `{% … %}` gives; tells where it surely gives nothing."""
    try:
        tree = parse(marked[2:-2].strip())
        if is_too_deep(tree):
            return UNKNOWN
        if _is_function(tree) or jsonata.missing_function(marked):
            _refuse(tree, marked, view, steps)
            return UNKNOWN
        evaluation = Evaluation(view, steps)
        found = evaluation.of(tree)
    except (JsonataSyntaxError, RecursionError):
        return UNKNOWN
    if found.shape.is_never and found.undefined:
        _tell(marked, evaluation, view, steps)
        return UNKNOWN
    return found.shape


def _is_function(tree: Node) -> bool:
    """Whether an expression gives a function."""
    while tree.kind == "bind":
        tree = tree.parts[0]
    return tree.kind in ("lambda", "regex", "partial")


def _refuse(tree: Node, marked: str, view: View, steps: Steps) -> None:
    name = jsonata.missing_function(marked)
    if name is None:
        view.notes.fails(steps, TYPE, "The expression gives a function, which is no JSON", error=QUERY_EVALUATION,
                         hint="Call the function, or give its result.")
        return
    with view.notes.perhaps(is_unsure=tree.kind != "call"):
        view.notes.fails(steps, TYPE, f"There is no function ${name}", error=QUERY_EVALUATION,
                         hint="Write a function of JSONata 2.0.6 or of Step Functions ($partition, $range, $hash, "
                              "$random, $uuid, $parse).")


def _tell(marked: str, evaluation: Evaluation, view: View, steps: Steps) -> None:
    if not evaluation.gone:
        view.notes.fails(steps, PATH, "The expression gives nothing", error=QUERY_EVALUATION,
                         hint="Have it give a value, null for instance, in every case.")
        return
    name, there = evaluation.gone[0]
    names = ", ".join(there[:_SHOWN]) + (", …" if len(there) > _SHOWN else "") if there else "no fields"
    view.notes.fails(steps, PATH, f"The expression gives nothing: there is no '{name}'", error=QUERY_EVALUATION,
                     hint=f"There is: {names}. Mend the name, or have a state before this one set it.",
                     fix=_misspelt(marked, name, there, steps))


def _misspelt(marked: str, name: str, there: tuple[str, ...], steps: Steps) -> Fix | None:
    meant = nearest(name, there)
    pattern = re.compile(rf"(?<![\w'\"`]){re.escape(name)}(?!\w)")
    if meant is None or not re.fullmatch(r"[^\W\d]\w*", meant) or len(pattern.findall(marked)) != 1:
        return None
    changed = pattern.sub(lambda match: meant, marked)
    return Fix(f"Write {changed}", (Operation("replace", pointer_of(steps), changed),))
