"""Filters in JSONPath, `[?(@.price < 10 && @.name)]`: text → a test of one node.

Jayway's rules: a path alone asks whether it leads to a value that is not null; unquoted words are
strings; a number and a text that reads as a number compare as numbers; values of different kinds, and
values that are not there, make a comparison false (`!=` true).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from designer.asl.path_regex import Pattern, compile_pattern
from designer.asl.path_syntax import Path, PathSyntaxError, Reader, Test
from designer.asl.path_values import PathMissingError, compile_finder

MISSING: Final = object()
MAX_DEPTH: Final = 32

# (node under test, root document) -> value, MISSING when a path leads nowhere
_Operand = Callable[[Any, Any], Any]


def read_filter(reader: Reader) -> Test:
    """Read the inside of `[?( … )]` and leave the reader at its closing bracket."""
    reader.depth += 1
    if reader.depth > MAX_DEPTH:
        raise reader.error("the filter is nested too deeply")
    tests = [_read_and(reader)]
    while _take(reader, "||"):
        tests.append(_read_and(reader))
    reader.depth -= 1
    if len(tests) == 1:
        return tests[0]
    return lambda node, root: any(test(node, root) for test in tests)


def _read_and(reader: Reader) -> Test:
    tests = [_read_one(reader)]
    while _take(reader, "&&"):
        tests.append(_read_one(reader))
    if len(tests) == 1:
        return tests[0]
    return lambda node, root: all(test(node, root) for test in tests)


def _take(reader: Reader, mark: str) -> bool:
    reader.skip_space()
    return reader.take(mark)


def _read_one(reader: Reader) -> Test:
    negated = False
    while _take(reader, "!"):
        negated = not negated
    if _take(reader, "("):
        test = read_filter(reader)
        if not _take(reader, ")"):
            raise reader.error(") is missing")
    else:
        test = _read_comparison(reader)
    return (lambda node, root: not test(node, root)) if negated else test


def _read_comparison(reader: Reader) -> Test:
    left, is_path = _read_operand(reader)
    reader.skip_space()
    if reader.take("=~"):
        pattern = _read_pattern(reader)
        return lambda node, root: pattern.matches(left(node, root))
    for mark, compare in _COMPARISONS:
        if reader.take(mark):
            right, _ = _read_operand(reader)
            return _comparison(left, compare, right)
    if not is_path:
        raise reader.error("a comparison is missing")
    return lambda node, root: left(node, root) not in (MISSING, None) and left(node, root) != []


def _comparison(left: _Operand, compare: Callable[[Any, Any], bool], right: _Operand) -> Test:
    return lambda node, root: compare(left(node, root), right(node, root))


_WORD = re.compile(r"[^\s()=!<>&|,~\[\]'\"@$/]+")
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_LITERALS: Final[dict[str, Any]] = {"true": True, "false": False, "null": None}


def _read_operand(reader: Reader) -> tuple[_Operand, bool]:
    reader.skip_space()
    char = reader.peek()
    if char in ("@", "$"):
        return _read_path(reader, char), True
    if char in ("'", '"'):
        text = reader.quoted()
        return (lambda node, root: text), False
    word = _WORD.match(reader.text, reader.at)
    if word is None:
        raise reader.error("a value is missing")
    reader.at = word.end()
    value = _literal(word.group())
    return (lambda node, root: value), False


def _literal(word: str) -> Any:
    if word in _LITERALS:
        return _LITERALS[word]
    number = _NUMBER.fullmatch(word)
    if number is None:
        return word
    return float(word) if number.group(1) or number.group(2) else int(word)


def _read_path(reader: Reader, char: str) -> _Operand:
    start = reader.at
    reader.at += 1
    steps = reader.steps(inside_filter=True)
    find = compile_finder(Path(reader.text[start:reader.at], "$", steps))

    def operand(node: Any, root: Any) -> Any:
        try:
            return find(node if char == "@" else root)
        except PathMissingError:
            return MISSING

    return operand


def _read_pattern(reader: Reader) -> Pattern:
    reader.skip_space()
    end = reader.at + 1
    while end < len(reader.text) and reader.text[end] != "/":
        end += 2 if reader.text[end] == "\\" else 1
    if reader.peek() != "/" or end >= len(reader.text):
        raise reader.error("a pattern is written /…/")
    source = reader.text[reader.at + 1:end].replace("\\/", "/")
    reader.at = end + 1
    ignore_case = reader.take("i")
    try:
        return compile_pattern(source, ignore_case=ignore_case)
    except ValueError as broken:
        raise PathSyntaxError(f"{broken} in {reader.text}") from None


def _as_number(value: Any) -> float | int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return float(value)
    return None


def _equal(left: Any, right: Any) -> bool:
    if left is MISSING or right is MISSING:
        return False
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    a, b = _as_number(left), _as_number(right)
    if a is not None and b is not None:
        return a == b
    return type(left) is type(right) and bool(left == right)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def test(left: Any, right: Any) -> bool:
        a, b = _as_number(left), _as_number(right)
        if a is not None and b is not None:
            return compare(a, b)
        if isinstance(left, str) and isinstance(right, str):
            return compare(left, right)
        return False

    return test


# Longer marks first: "<=" before "<".
_COMPARISONS: Final[tuple[tuple[str, Callable[[Any, Any], bool]], ...]] = (
    ("==", _equal),
    ("!=", lambda left, right: not _equal(left, right)),
    ("<=", _ordered(lambda a, b: bool(a <= b))),
    (">=", _ordered(lambda a, b: bool(a >= b))),
    ("<", _ordered(lambda a, b: bool(a < b))),
    (">", _ordered(lambda a, b: bool(a > b))),
)
