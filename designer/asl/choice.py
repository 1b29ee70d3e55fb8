"""Choice rules of JSONPath states, compiled to tests (asl-language.md §12)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from designer.asl.errors import RUNTIME, StateError
from designer.asl.path_values import PathMissingError
from designer.asl.paths import UndefinedVariableError, compile_path
from designer.asl.scope import Evaluator, Scope
from designer.asl.timestamps import parse_timestamp

# (value of Variable, operand) -> does the comparison hold?
Compare = Callable[[Any, Any], bool]
MAX_DEPTH: Final = 64


class RuleError(ValueError):
    """The rule cannot be read; `pointer` says where in it."""

    def __init__(self, message: str, pointer: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.pointer = pointer


def compile_condition(rule: Mapping[str, Any], pointer: str = "", depth: int = 0) -> Evaluator:
    """An evaluator that gives a bool.  Raises RuleError."""
    if not isinstance(rule, dict):
        raise RuleError("A rule is an object", pointer)
    if depth > MAX_DEPTH:
        raise RuleError("The rule is nested too deeply", pointer)
    if "And" in rule:
        return _all(_rules(rule["And"], f"{pointer}/And", depth))
    if "Or" in rule:
        return _any(_rules(rule["Or"], f"{pointer}/Or", depth))
    if "Not" in rule:
        negated = compile_condition(rule["Not"], f"{pointer}/Not", depth + 1)
        return lambda scope: not negated(scope)
    return _comparison(rule, pointer)


def _rules(rules: Any, pointer: str, depth: int) -> list[Evaluator]:
    if not isinstance(rules, list) or not rules:
        raise RuleError("And and Or take a non-empty array of rules", pointer)
    return [compile_condition(rule, f"{pointer}/{number}", depth + 1) for number, rule in enumerate(rules)]


def _all(tests: list[Evaluator]) -> Evaluator:
    def evaluate(scope: Scope) -> bool:
        return all(test(scope) for test in tests)

    return evaluate


def _any(tests: list[Evaluator]) -> Evaluator:
    def evaluate(scope: Scope) -> bool:
        return any(test(scope) for test in tests)

    return evaluate


def _comparison(rule: Mapping[str, Any], pointer: str) -> Evaluator:
    operators = [name for name in rule if name in OPERATORS]
    if "Variable" not in rule:
        raise RuleError("A rule needs a Variable and an operator, or And, Or, Not", pointer)
    if len(operators) != 1:
        raise RuleError("A rule has exactly one operator", pointer)
    operator = operators[0]
    text, operand = rule["Variable"], rule[operator]
    if not isinstance(text, str):
        raise RuleError("Variable is a path", f"{pointer}/Variable")
    variable = _compile(text, f"{pointer}/Variable")
    here = f"{pointer}/{operator}"
    if operator.startswith("Is"):
        return _compile_test(operator, text, variable, operand, here)
    if operator.endswith("Path"):
        if not isinstance(operand, str):
            raise RuleError(f"{operator} is a path", here)
        return _with_path(variable, COMPARISONS[operator.removesuffix("Path")], _compile(operand, here))
    _check_operand(operator, operand, here)
    if operator == "StringMatches":
        return _with_pattern(variable, operand, here)
    return _with_value(variable, COMPARISONS[operator], operand)


def _compile(text: str, pointer: str) -> Evaluator:
    def missing(reason: PathMissingError, document: Any) -> StateError:
        return StateError(RUNTIME, f"Invalid path '{text}': The choice state's condition path references an "
                                   "invalid value.")

    try:
        return compile_path(text, missing)
    except ValueError as broken:
        raise RuleError(str(broken), pointer) from None


def _with_value(variable: Evaluator, compare: Compare, operand: Any) -> Evaluator:
    return lambda scope: compare(variable(scope), operand)


def _with_path(variable: Evaluator, compare: Compare, operand: Evaluator) -> Evaluator:
    return lambda scope: compare(variable(scope), operand(scope))


def _with_pattern(variable: Evaluator, pattern: str, pointer: str) -> Evaluator:
    matches = compile_wildcards(pattern, pointer)

    def evaluate(scope: Scope) -> bool:
        value = variable(scope)
        return isinstance(value, str) and matches(value)

    return evaluate


def _check_operand(operator: str, operand: Any, pointer: str) -> None:
    if not OPERAND_CHECKS[operand_kind(operator)](operand):
        raise RuleError(f"The operand of {operator} has the wrong type", pointer)


# ---- comparisons ---------------------------------------------------------------------------------


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _units(text: str) -> bytes:
    return text.encode("utf-16-be", "surrogatepass")


def _string(compare: Compare) -> Compare:
    """Texts are compared by UTF-16 code units, as Java does; the same as by code points when one is ASCII."""

    def test(value: Any, operand: Any) -> bool:
        if not isinstance(value, str) or not isinstance(operand, str):
            return False
        if value.isascii() or operand.isascii():
            return compare(value, operand)
        return compare(_units(value), _units(operand))

    return test


def _numeric(compare: Compare) -> Compare:
    return lambda value, operand: is_number(value) and is_number(operand) and compare(value, operand)


def _timestamp(compare: Compare) -> Compare:
    def test(value: Any, operand: Any) -> bool:
        instant, other = parse_timestamp(value), parse_timestamp(operand)
        return instant is not None and other is not None and compare(instant, other)

    return test


_ORDERS: Final[dict[str, Compare]] = {
    "Equals": lambda a, b: bool(a == b),
    "LessThan": lambda a, b: bool(a < b),
    "GreaterThan": lambda a, b: bool(a > b),
    "LessThanEquals": lambda a, b: bool(a <= b),
    "GreaterThanEquals": lambda a, b: bool(a >= b),
}
COMPARISONS: Final[dict[str, Compare]] = {
    **{f"String{order}": _string(compare) for order, compare in _ORDERS.items()},
    **{f"Numeric{order}": _numeric(compare) for order, compare in _ORDERS.items()},
    **{f"Timestamp{order}": _timestamp(compare) for order, compare in _ORDERS.items()},
    "BooleanEquals": lambda value, operand: isinstance(value, bool) and value is operand,
}
TESTS: Final[dict[str, Callable[[Any], bool]]] = {
    "IsNull": lambda value: value is None,
    "IsNumeric": is_number,
    "IsString": lambda value: isinstance(value, str),
    "IsBoolean": lambda value: isinstance(value, bool),
    "IsTimestamp": lambda value: parse_timestamp(value) is not None,
}
OPERATORS: Final = frozenset((*COMPARISONS, *(f"{name}Path" for name in COMPARISONS), *TESTS, "IsPresent",
                              "StringMatches"))
OPERAND_CHECKS: Final[dict[str, Callable[[Any], bool]]] = {
    "String": lambda operand: isinstance(operand, str),
    "Numeric": is_number,
    "Boolean": lambda operand: isinstance(operand, bool),
    "Timestamp": lambda operand: parse_timestamp(operand) is not None,
}


def operand_kind(operator: str) -> str:
    """"String", "Numeric", "Boolean" or "Timestamp" for a comparison with a value, "Path", or "Is" for a test."""
    if operator.endswith("Path"):
        return "Path"
    return next((kind for kind in OPERAND_CHECKS if operator.startswith(kind)), "Is")


def _compile_test(operator: str, text: str, variable: Evaluator, wanted: Any, pointer: str) -> Evaluator:
    if not isinstance(wanted, bool):
        raise RuleError(f"{operator} is true or false", pointer)
    if operator == "IsPresent":
        return _is_present(text, wanted)
    test = TESTS[operator]
    return lambda scope: test(variable(scope)) is wanted


class _Absent(StateError):  # noqa: N818
    """Raised instead of a message when a path that is only asked for leads nowhere."""


def _is_present(text: str, wanted: bool) -> Evaluator:
    find = compile_path(text, lambda reason, document: _Absent(RUNTIME, None))

    def evaluate(scope: Scope) -> bool:
        try:
            find(scope)
        except (_Absent, UndefinedVariableError):
            return not wanted
        return wanted

    return evaluate


# ---- StringMatches -------------------------------------------------------------------------------

_PIECE = re.compile(r"\\(.?)|\*", re.DOTALL)


def compile_wildcards(pattern: str, pointer: str = "") -> Callable[[str], bool]:
    """`*` is any run of characters; `\\*` and `\\\\` are the characters themselves.  Raises RuleError."""
    pieces = [""]
    end = 0
    for match in _PIECE.finditer(pattern):
        pieces[-1] += pattern[end:match.start()]
        end = match.end()
        if match.group() == "*":
            pieces.append("")
        elif match.group(1) in ("*", "\\") and match.group(1):
            pieces[-1] += match.group(1)
        else:
            raise RuleError("A backslash in StringMatches stands only before * or another backslash", pointer)
    pieces[-1] += pattern[end:]
    return _wildcard_test(pieces)


def _wildcard_test(pieces: list[str]) -> Callable[[str], bool]:
    if len(pieces) == 1:
        return lambda text: text == pieces[0]
    first, middle, last = pieces[0], pieces[1:-1], pieces[-1]
    least = len(first) + len(last)

    def matches(text: str) -> bool:
        if len(text) < least or not text.startswith(first) or not text.endswith(last):
            return False
        at, end = len(first), len(text) - len(last)
        for piece in middle:
            found = text.find(piece, at, end)
            if found < 0:
                return False
            at = found + len(piece)
        return True

    return matches
