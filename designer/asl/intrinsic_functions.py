"""What each intrinsic function does: (scope, evaluated arguments) → JSON value (asl-language.md §8)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from designer.asl.jsontext import dumps, loads
from designer.asl.scope import Scope

MAX_TEXT: Final = 10_000
MAX_RANGE: Final = 1_000
_HASHES: Final = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


class FunctionError(Exception):
    """The function cannot work on these arguments; becomes States.IntrinsicFailure."""


@dataclass(frozen=True, slots=True)
class Function:
    """`least` and `most` arguments (`most` None: no upper bound); `kinds` of the first ones."""

    work: Callable[[Scope, list[Any]], Any]
    least: int
    most: int | None
    kinds: tuple[str, ...] = ()


# ---- kinds of arguments --------------------------------------------------------------------------


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise FunctionError(f"The {what} must be a string but was: {dumps(value)}")
    return value


def _array(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise FunctionError(f"The first argument must be an array but was: {dumps(value)}")
    return value


def _integer(value: Any, what: str) -> int:
    """Non-integers are rounded to the nearest one, halves up."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise FunctionError(f"The {what} must be a number but was: {dumps(value)}")
    return value if isinstance(value, int) else math.floor(value + 0.5)


def _short(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise FunctionError(f"The string has more than {MAX_TEXT} characters")
    return text


def _int32(number: int) -> int:
    if not -2**31 <= number < 2**31:
        raise FunctionError(f"The number {number} is outside -2147483648 to 2147483647")
    return number


# ---- arrays --------------------------------------------------------------------------------------


def _partition(scope: Scope, arguments: list[Any]) -> Any:
    array, size = _array(arguments[0]), _integer(arguments[1], "chunk size")
    if size <= 0:
        raise FunctionError("The chunk size must be positive")
    return [array[start:start + size] for start in range(0, len(array), size)]


def _contains(scope: Scope, arguments: list[Any]) -> Any:
    wanted = frozen(arguments[1])
    return any(frozen(item) == wanted for item in _array(arguments[0]))


def _range(scope: Scope, arguments: list[Any]) -> Any:
    first, last, step = (_integer(value, "argument") for value in arguments)
    if step == 0:
        raise FunctionError("The step must not be 0")
    numbers = range(first, last + (1 if step > 0 else -1), step)
    if len(numbers) > MAX_RANGE:
        raise FunctionError(f"The array would have more than {MAX_RANGE} elements")
    return list(numbers)


def _get_item(scope: Scope, arguments: list[Any]) -> Any:
    array, index = _array(arguments[0]), _integer(arguments[1], "index")
    if not 0 <= index < len(array):
        raise FunctionError(f"The index {index} is outside the array of {len(array)} elements")
    return array[index]


def _unique(scope: Scope, arguments: list[Any]) -> Any:
    seen: dict[Any, Any] = {}
    for item in _array(arguments[0]):
        seen.setdefault(frozen(item), item)
    return list(seen.values())


def frozen(value: Any) -> Any:
    """A hashable stand-in: equal for equal JSON values (1 and 1.0 are equal, true and 1 are not)."""
    if isinstance(value, dict):
        return "object", frozenset((key, frozen(item)) for key, item in value.items())
    if isinstance(value, list):
        return "array", tuple(map(frozen, value))
    return ("boolean", value) if isinstance(value, bool) else value


# ---- JSON, texts ---------------------------------------------------------------------------------


def _string_to_json(scope: Scope, arguments: list[Any]) -> Any:
    text = _text(arguments[0], "argument")
    if not text.strip():
        return None  # recorded: "" and " " give null
    try:
        return loads(text)
    except ValueError as broken:
        raise FunctionError(f"The string is not valid JSON: {broken}") from None


def _merge(scope: Scope, arguments: list[Any]) -> Any:
    first, second, deep = arguments
    if not isinstance(first, dict) or not isinstance(second, dict):
        raise FunctionError("The first two arguments must be objects")
    if deep is not False:
        raise FunctionError("The third argument must be false: only the shallow merge is supported")
    return {**first, **second}


def _encode(scope: Scope, arguments: list[Any]) -> Any:
    return base64.b64encode(_short(_text(arguments[0], "argument")).encode("utf-8", "surrogatepass")).decode()


def _decode(scope: Scope, arguments: list[Any]) -> Any:
    text = _short(_text(arguments[0], "argument"))
    try:
        # MIME: characters outside the alphabet are skipped, padding may be missing.
        letters = re.sub(r"[^A-Za-z0-9+/]", "", text)
        return base64.b64decode(letters + "=" * (-len(letters) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError) as broken:
        raise FunctionError(f"The string is not Base64 of a text: {broken}") from None


def _hash(scope: Scope, arguments: list[Any]) -> Any:
    data, algorithm = arguments
    name = _HASHES.get(algorithm) if isinstance(algorithm, str) else None
    if name is None:
        raise FunctionError(f"The algorithm must be one of {', '.join(_HASHES)}")
    text = _short(data if isinstance(data, str) else dumps(data))
    return hashlib.new(name, text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def _split(scope: Scope, arguments: list[Any]) -> Any:
    """Every character of the second argument splits; empty pieces are dropped."""
    text, delimiters = _text(arguments[0], "first argument"), _text(arguments[1], "delimiter")
    if not delimiters:
        return [text] if text else []
    return [piece for piece in re.split(f"[{re.escape(delimiters)}]", text) if piece]


# ---- numbers, chance -----------------------------------------------------------------------------


def _add(scope: Scope, arguments: list[Any]) -> Any:
    first, second = (_int32(_integer(value, "argument")) for value in arguments)
    return _int32(first + second)


def _random(scope: Scope, arguments: list[Any]) -> Any:
    start, end = _int32(_integer(arguments[0], "start")), _int32(_integer(arguments[1], "end"))
    if start >= end:
        raise FunctionError("The start must be less than the end")
    if len(arguments) == 2:
        return scope.random().randrange(start, end)
    return start + _seeded(_integer(arguments[2], "seed"), end - start)


def _seeded(seed: int, bound: int) -> int:
    """The first number below `bound` of the 48-bit linear generator that java.util.Random documents."""
    state = (seed ^ 0x5DEECE66D) & (1 << 48) - 1
    while True:
        state = (state * 0x5DEECE66D + 0xB) & (1 << 48) - 1
        bits = state >> 17
        if bound & -bound == bound:
            return bound * bits >> 31
        if bits - bits % bound + (bound - 1) < 2**31 or bound >= 2**31:
            return bits % bound


def _uuid(scope: Scope, arguments: list[Any]) -> Any:
    return str(uuid.UUID(int=scope.random().getrandbits(128), version=4))


# ---- States.Format -------------------------------------------------------------------------------

_PLACE = re.compile(r"\\(.)|\{\}|[{}\\]", re.DOTALL)


def read_template(raw: str) -> list[str]:
    """The texts between the places `{}`; one more than there are places.  FunctionError is not raised:
    a brace that is no place stands for itself."""
    pieces = [""]
    end = 0
    for match in _PLACE.finditer(raw):
        pieces[-1] += raw[end:match.start()]
        end = match.end()
        if match.group() == "{}":
            pieces.append("")
        else:
            pieces[-1] += match.group(1) or match.group()
    pieces[-1] += raw[end:]
    return pieces


def fill(pieces: Sequence[str], values: Sequence[Any]) -> str:
    """Raises FunctionError when the number of places and values differ."""
    if len(pieces) - 1 != len(values):
        raise FunctionError(f"The template has {len(pieces) - 1} places {{}} for {len(values)} arguments")
    found = [pieces[0]]
    for value, piece in zip(values, pieces[1:], strict=True):
        found.append(value if isinstance(value, str) else _shown(value))
        found.append(piece)
    return "".join(found)


def _shown(value: Any) -> str:
    """Java's notation, as AWS was recorded: {Arg1=1, Arg2=[]}."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}={_shown(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_shown, value)) + "]"
    return dumps(value)


# Kinds of arguments: any, text, number, array, object, boolean; checked in literals when compiled.
FUNCTIONS: Final[dict[str, Function]] = {
    "States.Format": Function(lambda scope, arguments: fill(read_template(arguments[0]), arguments[1:]), 1, None,
                              ("text",)),
    "States.StringToJson": Function(_string_to_json, 1, 1, ("text",)),
    "States.JsonToString": Function(lambda scope, arguments: dumps(arguments[0]), 1, 1),
    "States.Array": Function(lambda scope, arguments: arguments, 0, None),
    "States.ArrayPartition": Function(_partition, 2, 2, ("array", "number")),
    "States.ArrayContains": Function(_contains, 2, 2, ("array", "any")),
    "States.ArrayRange": Function(_range, 3, 3, ("number", "number", "number")),
    "States.ArrayGetItem": Function(_get_item, 2, 2, ("array", "number")),
    "States.ArrayLength": Function(lambda scope, arguments: len(_array(arguments[0])), 1, 1, ("array",)),
    "States.ArrayUnique": Function(_unique, 1, 1, ("array",)),
    "States.Base64Encode": Function(_encode, 1, 1, ("text",)),
    "States.Base64Decode": Function(_decode, 1, 1, ("text",)),
    "States.Hash": Function(_hash, 2, 2, ("any", "text")),
    "States.JsonMerge": Function(_merge, 3, 3, ("object", "object", "boolean")),
    "States.MathRandom": Function(_random, 2, 3, ("number", "number", "number")),
    "States.MathAdd": Function(_add, 2, 2, ("number", "number")),
    "States.StringSplit": Function(_split, 2, 2, ("text", "text")),
    "States.UUID": Function(_uuid, 0, 0),
}
