"""What the functions of JSONata give: the transfer rules of designer/asl/jsonata/functions.py and of the helper's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from designer.lens.intrinsics import merged
from designer.lens.jsonata.values import ANYTHING, May, one_or_many
from designer.lens.lattice import items_of, join
from designer.lens.narrowing import without
from designer.lens.shapes import (
    ANY_ARRAY,
    ANY_OBJECT,
    BOOLEAN,
    EMPTY_OBJECT,
    NEVER,
    NUMBER,
    TEXT,
    TIMESTAMP_TEXT,
    UNKNOWN,
    Shape,
    array_of,
)

Rule = Callable[[list[May]], May]


def _of_first(shape: Shape) -> Rule:
    """Undefined in, undefined out."""
    return lambda arguments: May(shape, arguments[0].undefined) if arguments else ANYTHING


def _always(shape: Shape) -> Rule:
    return lambda arguments: May(shape)


def _items(shape: Shape) -> Shape:
    """The elements, where a value that is no array stands for an array of it."""
    if shape.unknown:
        return UNKNOWN
    elements = NEVER if shape.array is None else items_of(shape.array)
    return join(elements, without(shape, "array"))


def _append(arguments: list[May]) -> May:
    if len(arguments) != 2:
        return ANYTHING
    one, other = arguments
    item = join(_items(one.shape), _items(other.shape))
    found = array_of(item)
    if one.undefined or other.undefined:
        found = join(found, join(one.shape, other.shape))
    return May(join(found, item), one.undefined and other.undefined)


def _reversed(arguments: list[May]) -> May:
    return May(array_of(_items(arguments[0].shape)), arguments[0].undefined) if arguments else ANYTHING


def _merge(arguments: list[May]) -> May:
    """$merge of an array whose objects are known one by one; else any object."""
    if not arguments or arguments[0].undefined:
        return ANYTHING
    shape = arguments[0].shape
    array = shape.array
    if shape.kinds == ("object",):
        return May(shape)
    if shape.unknown or array is None or shape.kinds != ("array",) or not array.rest.is_never or any(
            item.kinds != ("object",) for item in array.first) or array.least != len(array.first):
        return May(ANY_OBJECT, True)
    found = EMPTY_OBJECT
    for item in array.first:
        found = merged(found, item)
    return May(found)


def _keys(arguments: list[May]) -> May:
    return one_or_many(TEXT)


def _extreme(arguments: list[May]) -> May:
    return May(NUMBER, True)


RULES: Final[dict[str, Rule]] = {
    **dict.fromkeys(("string", "uppercase", "lowercase", "trim", "substring", "substringBefore", "substringAfter",
                     "join", "pad", "type", "hash", "base64encode", "base64decode", "encodeUrl", "encodeUrlComponent",
                     "decodeUrl", "decodeUrlComponent", "formatNumber", "formatBase", "formatInteger", "fromMillis",
                     "replace"), _of_first(TEXT)),
    **dict.fromkeys(("length", "number", "abs", "floor", "ceil", "round", "power", "sqrt", "sum", "toMillis",
                     "parseInteger"), _of_first(NUMBER)),
    **dict.fromkeys(("contains", "boolean", "not"), _of_first(BOOLEAN)),
    **dict.fromkeys(("max", "min", "average"), _extreme),
    "exists": _always(BOOLEAN), "count": _always(NUMBER), "millis": _always(NUMBER), "random": _always(NUMBER),
    "now": _always(join(TEXT, TIMESTAMP_TEXT)), "uuid": _always(TEXT), "split": _of_first(array_of(TEXT)),
    "append": _append, "reverse": _reversed, "merge": _merge, "keys": _keys,
    "partition": lambda arguments: May(ANY_ARRAY, True), "range": lambda arguments: May(array_of(NUMBER), True),
}
RANDOM: Final = frozenset(("random", "uuid", "now", "millis"))
