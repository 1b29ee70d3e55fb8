"""The functions of JSONata that run in place; whatever is irregular in their arguments goes to the helper."""

from __future__ import annotations

import hashlib
import math
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from designer.asl.jsonata.chance import java_random
from designer.asl.jsonata.values import MISSING, Irregular, Sequence, as_text, is_number, number_of, tidy, truth
from designer.asl.jsontext import loads
from designer.asl.scope import Scope

MAX_TEXT: Final = 100_000
HASHES: Final = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


@dataclass(frozen=True, slots=True)
class Function:
    """`run` takes the scope and the settled arguments, of which there are `least` to `most`."""

    run: Callable[[Scope, list[Any]], Any]
    least: int
    most: int


def _of_first(work: Callable[..., Any]) -> Callable[[Scope, list[Any]], Any]:
    """undefined in, undefined out."""
    return lambda scope, arguments: MISSING if arguments[0] is MISSING else work(*arguments)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Irregular
    return value


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _numbers(value: Any) -> list[int | float]:
    return [number_of(item) for item in _list(value)]


def _whole(value: Any) -> int:
    if value.__class__ is not int:
        raise Irregular
    number: int = value
    return number


# ---- texts ---------------------------------------------------------------------------------------


def _substring(text: Any, start: Any, length: Any = MISSING) -> str:
    text, start = _text(text), _whole(start)
    start = max(len(text) + start, 0) if start < 0 else start
    if length is MISSING:
        return str(text[start:])
    return str(text[start:start + max(_whole(length), 0)])


def _before(text: Any, marker: Any) -> str:
    text, marker = _text(text), _text(marker)
    if not marker:
        return ""
    return str(text.split(marker, 1)[0]) if marker in text else str(text)


def _after(text: Any, marker: Any) -> str:
    text, marker = _text(text), _text(marker)
    return str(text.split(marker, 1)[1]) if marker and marker in text else str(text)


def _split(text: Any, separator: Any) -> Any:
    text, separator = _text(text), _text(separator)
    if not separator or len(text) > MAX_TEXT:
        raise Irregular
    return Sequence(text.split(separator), keep=True)


def _join(parts: Any, separator: Any = "") -> str:
    return _text(separator).join(_text(part) for part in _list(parts))


def _trim(text: Any) -> str:
    return re.sub(r"[ \t\n\r]+", " ", _text(text)).strip(" ")


def _number(value: Any) -> Any:
    if is_number(value):
        return value
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?", value, re.ASCII):
        return tidy(float(value) if re.search(r"[.eE]", value) else int(value))
    raise Irregular


# ---- arrays, objects -----------------------------------------------------------------------------


def _append(scope: Scope, arguments: list[Any]) -> Any:
    first, second = arguments
    if first is MISSING:
        return second
    if second is MISSING:
        return first
    joined = [*_list(first), *_list(second)]
    return joined if isinstance(first, list) and first.__class__ is not Sequence else Sequence(joined)


def _count(scope: Scope, arguments: list[Any]) -> int:
    value = arguments[0]
    return 0 if value is MISSING else len(_list(value))


def _keys(value: Any) -> Any:
    found: dict[str, None] = {}
    for item in _list(value):
        if item.__class__ is dict:
            found.update(dict.fromkeys(item))
    return Sequence(found)


def _lookup(value: Any, name: Any) -> Any:
    if value.__class__ is not dict:
        raise Irregular
    return value.get(_text(name), MISSING)


def _merge(objects: Any) -> Any:
    merged: dict[str, Any] = {}
    for item in _list(objects):
        if item.__class__ is not dict:
            raise Irregular
        merged.update(item)
    return merged


def _reverse(items: Any) -> Any:
    if not isinstance(items, list) or len(items) < 2:
        raise Irregular
    return items[::-1]


def _average(value: Any) -> Any:
    numbers = _numbers(value)
    if not numbers:
        return MISSING
    return tidy(sum(numbers) / len(numbers))


def _extreme(choose: Callable[[list[int | float]], int | float]) -> Callable[[Any], Any]:
    return lambda value: choose(_numbers(value)) if _list(value) else MISSING


def _round(value: Any, digits: Any = 0) -> Any:
    """Half to even of the number as it is written: 4.525 is a half, though no float is."""
    number, places = number_of(value), _whole(digits)
    if abs(places) > 300:
        raise Irregular
    shifted = round(float(Decimal(repr(number)).scaleb(places)))
    return tidy(float(Decimal(shifted).scaleb(-places)))


def _type(value: Any) -> str:
    if value is None:
        return "null"
    for kind, name in ((bool, "boolean"), (str, "string"), (dict, "object"), (list, "array")):
        if isinstance(value, kind):
            return name
    return "number"


# ---- what Step Functions adds --------------------------------------------------------------------


def _partition(items: Any, size: Any) -> Any:
    width = int(number_of(size))
    if width <= 0 or not isinstance(items, list):
        raise Irregular
    return Sequence([list(items[start:start + width]) for start in range(0, len(items), width)])


def _range(scope: Scope, arguments: list[Any]) -> Any:
    first, last, step = (_whole(value) for value in arguments)
    if step == 0:
        return MISSING
    numbers = range(first, last + (1 if step > 0 else -1), step)
    if len(numbers) > MAX_TEXT:
        raise Irregular
    return Sequence(numbers)


def _hash(data: Any, algorithm: Any) -> str:
    if not isinstance(algorithm, str) or algorithm not in HASHES:
        raise Irregular
    octets = _text(data).encode("utf-8", "surrogatepass")
    return hashlib.new(HASHES[algorithm], octets, usedforsecurity=False).hexdigest()


def _random(scope: Scope, arguments: list[Any]) -> float:
    if not arguments:
        return scope.random().random()
    return java_random(_whole(arguments[0]))


def _parse(text: Any) -> Any:
    try:
        return loads(_text(text))
    except ValueError:
        raise Irregular from None


PLAIN: Final[dict[str, Function]] = {
    "string": Function(_of_first(as_text), 1, 1),
    "length": Function(_of_first(lambda text: len(_text(text))), 1, 1),
    "uppercase": Function(_of_first(lambda text: _text(text).upper()), 1, 1),
    "lowercase": Function(_of_first(lambda text: _text(text).lower()), 1, 1),
    "trim": Function(_of_first(_trim), 1, 1),
    "substring": Function(_of_first(_substring), 2, 3),
    "substringBefore": Function(_of_first(_before), 2, 2),
    "substringAfter": Function(_of_first(_after), 2, 2),
    "contains": Function(_of_first(lambda text, part: _text(part) in _text(text)), 2, 2),
    "split": Function(_of_first(_split), 2, 2),
    "join": Function(_of_first(_join), 1, 2),
    "number": Function(_of_first(_number), 1, 1),
    "abs": Function(_of_first(lambda value: tidy(abs(number_of(value)))), 1, 1),
    "floor": Function(_of_first(lambda value: math.floor(number_of(value))), 1, 1),
    "ceil": Function(_of_first(lambda value: math.ceil(number_of(value))), 1, 1),
    "round": Function(_of_first(_round), 1, 2),
    "sum": Function(_of_first(lambda value: tidy(sum(_numbers(value)))), 1, 1),
    "max": Function(_of_first(_extreme(max)), 1, 1),
    "min": Function(_of_first(_extreme(min)), 1, 1),
    "average": Function(_of_first(_average), 1, 1),
    "count": Function(_count, 1, 1),
    "append": Function(_append, 2, 2),
    "reverse": Function(_of_first(_reverse), 1, 1),
    "keys": Function(_of_first(_keys), 1, 1),
    "lookup": Function(_of_first(_lookup), 2, 2),
    "merge": Function(_of_first(_merge), 1, 1),
    "exists": Function(lambda scope, arguments: arguments[0] is not MISSING, 1, 1),
    "boolean": Function(_of_first(truth), 1, 1),
    "not": Function(_of_first(lambda value: not truth(value)), 1, 1),
    "type": Function(_of_first(_type), 1, 1),
    "partition": Function(_of_first(_partition), 2, 2),
    "range": Function(_range, 3, 3),
    "hash": Function(_of_first(_hash), 2, 2),
    "random": Function(_random, 0, 1),
    "uuid": Function(
        lambda scope, arguments: str(uuid.UUID(int=scope.random().getrandbits(128), version=4)), 0, 0),
    "parse": Function(_of_first(_parse), 1, 1),
}
