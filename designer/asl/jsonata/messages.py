"""The texts of failed evaluations as AWS writes them (asl-language.md §4.4): its limits, and JSONata's errors.

jsonata2py keeps JSONata's codes but has words of its own, often without the values.  What its words lack is
read off the traceback: the arguments of the function that failed, and which call in the generated code it was.
Used by the helper process, too, which is a script: so nothing of this package is imported here.
"""

from __future__ import annotations

import ast
import json
import linecache
import re
import traceback
from collections.abc import Callable
from typing import Any

TIMEOUT = "Expression evaluation timeout: Check for infinite loop"
MEMORY = "Expression evaluation memory limit exceeded: Check for excessive memory usage"
MAX_DEPTH = 100  # of AWS's evaluator: expressions in expressions
STACK = ("Stack overflow error: Check for non-terminating recursive function.  Consider rewriting as tail-recursive. "
         f"Depth={MAX_DEPTH + 1} max={MAX_DEPTH}")
# {…} is filled by _FIELDS, as JSON.
TEXTS = {
    "T0410": "Argument {index} of function {function} does not match function signature",
    "T0411": "Context value is not a compatible type with argument {index} of function {function}",
    "T0412": "Argument {index} of function {function} must be an array of {type}",
    "D1001": "Number out of range: null",  # as JSON writes an infinity
    "D1002": "Cannot negate a non-numeric value: {operand}",
    "T1003": "Key in object structure must evaluate to a string; got: {key}",
    "D1004": "Regular expression matches zero length string",
    "T1006": "Attempted to invoke a non-function",
    "T1008": "Attempted to partially apply a non-function",
    "D1009": "Multiple key definitions evaluate to same key: {quoted}",
    "T2001": "The left side of the {operator} operator must evaluate to a number",
    "T2002": "The right side of the {operator} operator must evaluate to a number",
    "T2003": "The left side of the range operator (..) must evaluate to an integer",
    "T2004": "The right side of the range operator (..) must evaluate to an integer",
    "T2006": "The right side of the function application operator ~> must be a function",
    "T2008": "The expressions within an order-by clause must evaluate to numeric or string values",
    "T2009": "The values {left} and {right} either side of operator {ordering} must be of the same data type",
    "T2010": "The expressions either side of operator {ordering} must evaluate to numeric or string values",
    "D3001": "Attempting to invoke string function on Infinity or NaN",
    "D3010": "Second argument of replace function cannot be an empty string",
    "D3011": "Fourth argument of replace function must evaluate to a positive number",
    "D3012": "Attempted to replace a matched string with a non-string value",
    "D3020": "Third argument of split function must evaluate to a positive number",
    "D3030": "Unable to cast value to a number: {argument}",
    "D3040": "Third argument of match function must evaluate to a positive number",
    "D3050": "The second argument of reduce function must be a function with at least two arguments",
    "D3060": "The sqrt function cannot be applied to a negative number: {argument}",
    "D3070": "The single argument form of the sort function can only be applied to an array of strings or an array of "
             "numbers.  Use the second argument to specify a comparison function",
    "D3080": "The picture string must only contain a maximum of two sub-pictures",
    "D3081": "The sub-picture must not contain more than one instance of the 'decimal-separator' character",
    "D3082": "The sub-picture must not contain more than one instance of the 'percent' character",
    "D3083": "The sub-picture must not contain more than one instance of the 'per-mille' character",
    "D3084": "The sub-picture must not contain both a 'percent' and a 'per-mille' character",
    "D3085": "The mantissa part of a sub-picture must contain at least one character that is either an 'optional digit "
             "character' or a member of the 'decimal digit family'",
    "D3086": "The sub-picture must not contain a passive character that is preceded by an active character and that is "
             "followed by another active character",
    "D3087": "The sub-picture must not contain a 'grouping-separator' character that appears adjacent to a "
             "'decimal-separator' character",
    "D3088": "The sub-picture must not contain a 'grouping-separator' at the end of the integer part",
    "D3089": "The sub-picture must not contain two adjacent instances of the 'grouping-separator' character",
    "D3090": "The integer part of the sub-picture must not contain a member of the 'decimal digit family' that is "
             "followed by an instance of the 'optional digit character'",
    "D3091": "The fractional part of the sub-picture must not contain an instance of the 'optional digit character' "
             "that is followed by a member of the 'decimal digit family'",
    "D3092": "A sub-picture that contains a 'percent' or 'per-mille' character must not contain a character treated as "
             "an 'exponent-separator'",
    "D3093": "The exponent part of the sub-picture must comprise only of one or more characters that are members of "
             "the 'decimal digit family'",
    "D3100": "The radix of the formatBase function must be between 2 and 36.  It was given {radix}",
    "D3110": "The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given {argument}",
    "D3131": "In a decimal digit pattern, all digits must be from the same decimal group",
    "D3134": "The timezone integer format specifier cannot have more than four digits",
    "D3135": "No matching closing bracket ']' in date/time picture string",
    "D3136": "The date/time picture string is missing specifiers required to parse the timestamp",
    "D3138": "The $single() function expected exactly 1 matching result.  Instead it matched more.",
    "D3139": "The $single() function expected exactly 1 matching result.  Instead it matched 0.",
}
_FIELD = re.compile(r"\{(\w+)\}")
MAX_TURNS = 100_000  # of the library's loop for tail calls
_GENERATED = "<jsonata:"  # how the library names its generated code
_NO_BUILT_INS = ("fn_apply", "fn_pipe", "fn_signature_error", "fn_throw")
_ORDERINGS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">="}


def text_of(code: str, words: str, failed: BaseException) -> str:
    """JSONata's text for an error of jsonata2py; the library's own `words` where something cannot be told."""
    template = TEXTS.get(code)
    if template is None:
        return words
    failure = Failure(words, failed)
    try:
        fields = {name: json.dumps(_FIELDS[name](failure), separators=(",", ":"), ensure_ascii=False)
                  for name in _FIELD.findall(template)}
    except (LookupError, TypeError, ValueError):
        return words
    return _FIELD.sub(lambda match: fields[match.group(1)], template)


def turned_too_often(failed: BaseException) -> bool:
    """Whether a tail-recursive loop met the library's limit: it needs no depth, and would go on until time is up."""
    try:
        return bool(Failure("", failed).argument("trampoline_count") > MAX_TURNS)
    except LookupError:
        return False


class Failure:
    """An error of the library: its words, and the frames it came through, the innermost last."""

    def __init__(self, words: str, failed: BaseException) -> None:
        while failed.__cause__ is not None:
            failed = failed.__cause__
        self.words = words
        self.frames = [frame for frame, _ in traceback.walk_tb(failed.__traceback__)]
        self.places = traceback.extract_tb(failed.__traceback__)

    def said(self, pattern: str) -> str:
        """What the words have at the pattern's group.  Raises LookupError."""
        found = re.search(pattern, self.words, re.DOTALL)
        if found is None:
            raise LookupError
        return found.group(1)

    def argument(self, *names: str) -> Any:
        """The first of these arguments, in the innermost function of the library that has one.  LookupError."""
        for frame in reversed(self.frames):
            for name in names:
                if name in frame.f_locals and not frame.f_code.co_filename.startswith(_GENERATED):
                    return frame.f_locals[name]
        raise LookupError

    def ordering(self) -> str:
        for frame in reversed(self.frames):
            if frame.f_code.co_name in _ORDERINGS:
                return _ORDERINGS[frame.f_code.co_name]
        raise LookupError

    def function(self) -> str:
        """The built-in function that was called, by its name in JSONata.  Raises LookupError."""
        named = re.search(r"\$(\w+)", self.words)
        if named is not None:
            return named.group(1)
        for place in reversed(self.places):
            if place.filename.startswith(_GENERATED):
                return _called(place)
        raise LookupError


def _called(place: traceback.FrameSummary) -> str:
    """The innermost built-in call around a place in generated code: `fn_abs(sig_t(…))`, `call(fn_split, …)`."""
    tree = ast.parse("".join(linecache.getlines(place.filename)))
    around = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _holds(node, place)]
    for call in sorted(around, key=lambda node: (node.end_col_offset or 0) - node.col_offset):
        for name in (call.func, *call.args[:1]):
            if isinstance(name, ast.Name) and name.id.startswith("fn_") and name.id not in _NO_BUILT_INS:
                return name.id.removeprefix("fn_")
    raise LookupError


def _holds(node: ast.Call, place: traceback.FrameSummary) -> bool:
    """Whether the place lies in the call; generated expressions stand in one line."""
    return (place.colno is not None and place.end_colno is not None and node.lineno == place.lineno
            and node.col_offset <= place.colno and place.end_colno <= (node.end_col_offset or 0))


_FIELDS: dict[str, Callable[[Failure], Any]] = {
    "index": lambda failure: int(failure.said(r"[Aa]rgument (\d+)")),
    "function": Failure.function,
    "type": lambda failure: failure.said(r"array of (\w+)"),
    "operator": lambda failure: failure.said(r"the (\S+) operator"),
    "ordering": Failure.ordering,
    "left": lambda failure: failure.argument("a"),
    "right": lambda failure: failure.argument("b"),
    "operand": lambda failure: failure.argument("a", "n"),
    "key": lambda failure: failure.argument("key"),
    "quoted": lambda failure: failure.said(r'"(.*)"'),
    "argument": lambda failure: failure.argument("arg", "timestamp"),
    "radix": lambda failure: failure.argument("radix"),
}
