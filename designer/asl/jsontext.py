"""JSON text, exactly and fast: orjson where it is exact, the standard library for the rest.

orjson reads integers beyond 64 bits as floats, writes none of them, and refuses lone surrogates; AWS
keeps both.  Numbers keep their kind: 1 stays an int and 1.0 a float.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

import orjson

_DIGITS = bytes(48 if 48 <= byte <= 57 else 32 for byte in range(256))
_LONG_NUMBER = b"0" * 19  # the shortest run of digits that can leave 64 bits


def dumps(value: Any) -> str:
    """Compact JSON text, keys in the order of the dict.  ValueError for what JSON cannot say."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return _exact_dumps(value)


def dump_bytes(value: Any) -> bytes:
    """As `dumps`, in UTF-8."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return _exact_dumps(value).encode()


def loads(text: str | bytes) -> Any:
    """Parse JSON text.  ValueError when it is none (NaN and Infinity are none)."""
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if _LONG_NUMBER in data.translate(_DIGITS):
        return _exact_loads(data)
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return _exact_loads(data)


def _exact_dumps(value: Any) -> str:
    try:
        text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"), allow_nan=False)
    except RecursionError:
        raise ValueError("The value is nested too deeply.") from None
    return text


def _exact_loads(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8", "surrogatepass"), parse_constant=_no_constant, parse_float=_finite)
    except RecursionError:
        raise ValueError("The JSON text is nested too deeply.") from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value.")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"The number {text[:40]} is out of range.")
    return number
