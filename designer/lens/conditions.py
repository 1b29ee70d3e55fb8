"""Choice rules of JSONPath states: the transfer rule of designer/asl/choice.py.

A rule splits the data that comes to it into what may make it true and what may make it false.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from designer.asl.choice import COMPARISONS, MAX_DEPTH, OPERATORS, RuleError, compile_wildcards
from designer.asl.path_syntax import Path, PathSyntaxError
from designer.asl.paths import parse_path
from designer.asl.report import Steps
from designer.lens import compare_fixes
from designer.lens.finding import GONE
from designer.lens.lattice import join
from designer.lens.narrowing import lacking, only, passing, with_value, without
from designer.lens.notes import NEVER_MATCHES
from designer.lens.shapes import ALWAYS, TIMESTAMP, UNKNOWN, Field, NotConstantError, Shape, constant
from designer.lens.views import View, join_variables

WANTED: Final = {"String": "string", "Numeric": "number", "Boolean": "boolean", "Timestamp": TIMESTAMP}
_TESTS: Final = {"IsNull": "null", "IsNumeric": "number", "IsString": "string", "IsBoolean": "boolean",
                 "IsTimestamp": TIMESTAMP}


class Split(NamedTuple):
    """The worlds in which a rule is true and in which it is false; None where it never is."""

    true: View | None
    false: View | None


def meet(one: View | None, other: View | None) -> View | None:
    """Either world."""
    if one is None or other is None:
        return one or other
    return replace(one, data=join(one.data, other.data), variables=join_variables(one.variables, other.variables))


def judge(rule: Any, view: View, steps: Steps, depth: int = 0) -> Split:
    if not isinstance(rule, Mapping) or depth > MAX_DEPTH:
        return Split(view, view)
    if "And" in rule:
        return _in_turn(rule["And"], view, (*steps, "And"), depth, is_and=True)
    if "Or" in rule:
        return _in_turn(rule["Or"], view, (*steps, "Or"), depth, is_and=False)
    if "Not" in rule:
        split = judge(rule["Not"], view, (*steps, "Not"), depth + 1)
        return Split(split.false, split.true)
    return _compared(rule, view, steps)


def _in_turn(rules: Any, view: View, steps: Steps, depth: int, *, is_and: bool) -> Split:
    """And ends with the first rule that is false, Or with the first that is true."""
    ended: View | None = None
    going: View | None = view
    for number, inner in enumerate(rules if isinstance(rules, list) else []):
        if going is None:
            break
        with view.notes.perhaps(is_unsure=ended is not None):
            split = judge(inner, going, (*steps, number), depth + 1)
        if not is_and:
            split = Split(split.false, split.true)
        going, ended = split.true, meet(ended, split.false)
    return Split(going, ended) if is_and else Split(ended, going)


# ---- one comparison ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Comparison:
    """A rule with one operator, and what its Variable leads to."""

    steps: Steps
    operator: str
    text: str
    operand: Any
    shape: Shape
    is_sure: bool


def _compared(rule: Mapping[str, Any], view: View, steps: Steps) -> Split:
    operators = [name for name in rule if name in OPERATORS]
    text = rule.get("Variable")
    if len(operators) != 1 or not isinstance(text, str):
        return Split(view, view)
    operator, operand = operators[0], rule[operators[0]]
    try:
        path = parse_path(text)
    except PathSyntaxError:
        return Split(view, view)
    if operator == "IsPresent":
        return _present(path, operand, view)
    found = view.look(path)
    shape = view.path(text, (*steps, "Variable"))
    if found.sure == GONE:
        return Split(None, None)
    comparison = Comparison(steps, operator, text, operand, shape, found.sure == ALWAYS)
    if operator in _TESTS:
        yes, no = only(shape, _TESTS[operator]), without(shape, _TESTS[operator])
        return _split(path, view, *((yes, no) if operand is True else (no, yes)))
    if operator.endswith("Path"):
        return _with_path(comparison, path, view)
    return _with_value(comparison, path, view)


def _split(path: Path, view: View, yes: Shape, no: Shape) -> Split:
    return Split(_world(view, path, yes), _world(view, path, no))


def _world(view: View, path: Path, value: Shape) -> View | None:
    """The data in which the path leads to such a value."""
    if value.is_never:
        return None
    if path.root == "$":
        return replace(view, data=with_value(view.data, path, value))
    variable = view.variables.get(path.root)
    if path.root == "$$" or variable is None:
        return view
    narrowed = Field(with_value(variable.shape, path, value), ALWAYS)
    return replace(view, variables={**view.variables, path.root: narrowed})


def _present(path: Path, wanted: Any, view: View) -> Split:
    found = view.look(path)
    there = None if found.sure == GONE else _world(view, path, found.shape)
    absent = None if found.sure == ALWAYS else _absent(path, view)
    return Split(there, absent) if wanted is True else Split(absent, there)


def _absent(path: Path, view: View) -> View:
    return replace(view, data=lacking(view.data, path)) if path.root == "$" else view


def _with_value(comparison: Comparison, path: Path, view: View) -> Split:
    passes = _test(comparison.operator, comparison.operand)
    kind = _wanted(comparison.operator)
    fitting = only(comparison.shape, kind)
    if fitting.is_never:
        _tell(comparison, kind, comparison.shape, view, compare_fixes.fix(comparison, view))
        return Split(None, _world(view, path, comparison.shape))
    yes = passing(fitting, passes)
    no = join(without(comparison.shape, kind), passing(fitting, lambda value: not passes(value)))
    return _split(path, view, yes, no)


def _wanted(operator: str) -> str:
    return next(kind for prefix, kind in WANTED.items() if operator.startswith(prefix))


def _test(operator: str, operand: Any) -> Callable[[Any], bool]:
    if operator == "StringMatches":
        try:
            return compile_wildcards(operand)
        except (RuleError, TypeError):
            return lambda value: True
    compare = COMPARISONS[operator]
    return lambda value: compare(value, operand)


def _with_path(comparison: Comparison, path: Path, view: View) -> Split:
    steps, operator = comparison.steps, comparison.operator
    if not isinstance(comparison.operand, str):
        return Split(view, view)
    other = view.path(comparison.operand, (*steps, operator))
    if view.notes.failure is not None and other is UNKNOWN:
        return Split(None, None)
    kind = _wanted(operator)
    for shape, place in ((comparison.shape, steps), (other, (*steps, operator))):
        if only(shape, kind).is_never and not shape.is_never:
            _tell(comparison, kind, shape, view, None, place)
            return Split(None, view)
    try:
        holds = COMPARISONS[operator.removesuffix("Path")](constant(comparison.shape), constant(other))
    except NotConstantError:
        return Split(_world(view, path, only(comparison.shape, kind)), view)
    return Split(view, None) if holds else Split(None, view)


def _tell(comparison: Comparison, kind: str, shape: Shape, view: View, fix: Any, place: Steps = ()) -> None:
    was = ", ".join(shape.kinds)
    view.notes.warns((*(place or comparison.steps), *(() if place else (comparison.operator,))), NEVER_MATCHES,
                     f"{comparison.operator} never matches: {comparison.text} is of the kind {was}, not {kind}",
                     hint=compare_fixes.hint(comparison, kind), fix=fix)


