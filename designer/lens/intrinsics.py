"""Intrinsic functions: the transfer rules of designer/asl/intrinsic_functions.py, one for each function.

With arguments that are known to the last bit, the function itself says what it gives, or that it fails.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, Final

from designer.asl.errors import INTRINSIC
from designer.asl.intrinsic_functions import FUNCTIONS, FunctionError, fill, read_template
from designer.asl.intrinsic_syntax import Call, IntrinsicSyntaxError, Literal, PathArgument, Text, parse_intrinsic
from designer.asl.report import Steps
from designer.asl.scope import Scope
from designer.lens.lattice import items_of, join
from designer.lens.notes import TYPE
from designer.lens.shapes import (
    ANY_OBJECT,
    BOOLEAN,
    DECLARED,
    NUMBER,
    NUMERIC,
    TEXT,
    UNKNOWN,
    Array,
    Field,
    NotConstantError,
    Shape,
    array_of,
    constant,
    exactly,
    record,
)
from designer.lens.shapes import NEVER as NOTHING
from designer.lens.views import View

Rule = Callable[[list[Shape]], Shape]
_RANDOM: Final = frozenset(("States.UUID", "States.MathRandom"))
_KINDS: Final = {"text": "string", "number": "number", "array": "array", "object": "object", "boolean": "boolean"}


def intrinsic(text: str, view: View, steps: Steps) -> Shape:
    """UNKNOWN for a text that is no call; the checker tells of that."""
    try:
        return _call(parse_intrinsic(text), view, steps)
    except IntrinsicSyntaxError:
        return UNKNOWN


def _call(call: Call, view: View, steps: Steps) -> Shape:
    function = FUNCTIONS.get(call.name)
    arguments = [_argument(argument, view, steps) for argument in call.arguments]
    if function is None or len(arguments) < function.least or (
            function.most is not None and len(arguments) > function.most):
        return UNKNOWN
    if not _fit(call, function.kinds, arguments, view, steps):
        return UNKNOWN
    if call.name not in _RANDOM:
        try:
            return _known(call, [constant(argument) for argument in arguments], view, steps)
        except NotConstantError:
            pass
    return RULES[call.name](arguments)


def _argument(argument: Any, view: View, steps: Steps) -> Shape:
    if isinstance(argument, Call):
        return _call(argument, view, steps)
    if isinstance(argument, PathArgument):
        return view.path(argument.path, steps)
    if isinstance(argument, Text):
        return TEXT if argument.value is None else exactly(argument.value)
    return exactly(argument.value) if isinstance(argument, Literal) else UNKNOWN


def _fit(call: Call, kinds: tuple[str, ...], arguments: list[Shape], view: View, steps: Steps) -> bool:
    """Whether each argument may be of the kind that the function takes."""
    for number, (kind, argument) in enumerate(zip(kinds, arguments, strict=False), 1):
        wanted = _KINDS.get(kind)
        if wanted and wanted not in argument.kinds and not argument.is_never:
            was = ", ".join(argument.kinds)
            view.notes.fails(steps, TYPE, f"{call.name} takes a {wanted} as argument {number}, but it is: {was}",
                             hint=_remedy(wanted, argument), error=INTRINSIC)
            return False
    return True


def _remedy(wanted: str, argument: Shape) -> str:
    if wanted == "number" and argument.text:
        return "Turn the text into a number with States.StringToJson(…)."
    if wanted == "string":
        return "Turn the value into a text with States.JsonToString(…) or States.Format('{}', …)."
    return f"Hand it a path that leads to a value of the kind {wanted}."


def _known(call: Call, values: list[Any], view: View, steps: Steps) -> Shape:
    scope = Scope(None, dict, {}, random.Random)  # the functions left over look at nothing in it
    try:
        first = call.arguments[0] if call.arguments else None
        if call.name == "States.Format" and isinstance(first, Text):
            return exactly(fill(read_template(first.raw), values[1:]))
        return exactly(FUNCTIONS[call.name].work(scope, values))
    except FunctionError as fault:
        view.notes.fails(steps, TYPE, f"{call.name} fails on this data: {fault}", error=INTRINSIC,
                         hint="Mend the arguments, or test the data in a Choice state before.")
        return UNKNOWN


# ---- what each function gives --------------------------------------------------------------------


def _items(argument: Shape) -> Shape:
    return UNKNOWN if argument.unknown or argument.array is None else items_of(argument.array)


def _array(arguments: list[Shape]) -> Shape:
    return Shape(array=Array(tuple(arguments), NOTHING, len(arguments)))


def merged(one: Shape, other: Shape) -> Shape:
    """An object with the fields of both, those of the other one first."""
    if one.unknown or other.unknown or one.object is None or other.object is None:
        return ANY_OBJECT
    fields = dict(one.object.fields)
    if not other.object.rest.is_never:  # any field may be replaced by one that is not known
        fields = {name: Field(join(field.shape, other.object.rest), field.presence) for name, field in fields.items()}
    for name, field in other.object.fields.items():
        below = fields.get(name)
        if field.presence and below is not None:
            field = Field(join(field.shape, below.shape), min(field.presence, below.presence))
        elif field.presence and not one.object.rest.is_never:
            field = Field(join(field.shape, one.object.rest), DECLARED)
        fields[name] = field
    return record(fields, join(one.object.rest, other.object.rest))


def _parsed(arguments: list[Shape]) -> Shape:
    text = arguments[0].text
    return NUMBER if text is not None and text.kinds == {NUMERIC} and not arguments[0].unknown else UNKNOWN


RULES: Final[dict[str, Rule]] = {
    "States.Format": lambda arguments: TEXT,
    "States.StringToJson": _parsed,
    "States.JsonToString": lambda arguments: TEXT,
    "States.Array": _array,
    "States.ArrayPartition": lambda arguments: array_of(array_of(_items(arguments[0]), 1)),
    "States.ArrayContains": lambda arguments: BOOLEAN,
    "States.ArrayRange": lambda arguments: array_of(NUMBER),
    "States.ArrayGetItem": lambda arguments: _items(arguments[0]),
    "States.ArrayLength": lambda arguments: NUMBER,
    "States.ArrayUnique": lambda arguments: array_of(_items(arguments[0])),
    "States.Base64Encode": lambda arguments: TEXT,
    "States.Base64Decode": lambda arguments: TEXT,
    "States.Hash": lambda arguments: TEXT,
    "States.JsonMerge": lambda arguments: merged(arguments[0], arguments[1]),
    "States.MathRandom": lambda arguments: NUMBER,
    "States.MathAdd": lambda arguments: NUMBER,
    "States.StringSplit": lambda arguments: array_of(TEXT),
    "States.UUID": lambda arguments: TEXT,
}
