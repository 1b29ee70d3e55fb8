"""The helper process: evaluates one JSONata expression at a time with jsonata2py.

Run as a script with an empty environment; reads requests from standard input and writes answers to
standard output, each a JSON text after its length in four bytes:

    {"text", "names": {variable: value}, "seed", "now"}
    → {"value": …} | {"undefined": true} | {"unsupported": true} | {"error": text} | {"limit": text}

The parent ends it when it takes too long; the memory limit is its own.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
import resource
import signal
import sys
import uuid
from typing import Any

import jsonata2py
import jsonata2py.runtime
from chance import java_random  # type: ignore[import-not-found]  # beside this script
from jsonata2py.runtime.values import MISSING, is_function, is_regex
from messages import MEMORY, STACK, TIMEOUT, text_of, turned_too_often  # type: ignore[import-not-found]

MEMORY_BYTES = 1 << 30  # of address space
MAX_ANSWER = 6_990_256  # bytes (asl-language.md §4.4)
ALARM_SECONDS = 10.0  # should the parent be gone, nobody else ends a runaway
MAX_CACHED = 500
_HASHES = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
# Names bound before the expression hide the built-in functions of the same name.
# (Bound functions themselves take one argument when they are values, hence the wrapping.)
_PREFIX = ("($partition := function($a, $b){ $sfn_partition($a, $b) }; "
           "$range := function($a, $b, $c){ $sfn_range($a, $b, $c) }; "
           "$hash := function($a, $b){ $sfn_hash($a, $b) }; $random := function($a){ $sfn_random($a) }; "
           "$uuid := function(){ $sfn_uuid() }; $parse := function($a){ $sfn_parse($a) }; $eval := null; "
           "$millis := function(){ $sfn_now }; "
           "$now := function($picture, $zone){ $fromMillis($sfn_now, $picture, $zone) }; (")
_compiled: dict[str, Any] = {}


def _given(arguments: tuple[Any, ...]) -> list[Any]:
    return [argument for argument in arguments if argument is not MISSING]


def _partition(*arguments: Any) -> Any:
    given = _given(arguments)
    if len(given) < 2:
        return MISSING
    items, size = (given[0] if isinstance(given[0], list) else [given[0]]), int(given[1])
    if size <= 0:
        raise ValueError("The size of the chunks must be positive")
    chunks = [items[start:start + size] for start in range(0, len(items), size)]
    return chunks or MISSING


def _range(*arguments: Any) -> Any:
    given = _given(arguments)
    if len(given) < 3 or given[2] == 0:
        return MISSING
    first, last, step = given
    count = math.floor((last - first) / step) + 1
    if count > 360_145:
        raise MemoryError
    numbers = [_whole(first + number * step) for number in range(max(count, 0))]
    return (numbers if len(numbers) > 1 else numbers[0]) if numbers else MISSING


def _whole(number: Any) -> Any:
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _hash(*arguments: Any) -> Any:
    given = _given(arguments)
    if len(given) < 2:
        return MISSING
    if given[1] not in _HASHES:
        raise ValueError(f"The algorithm must be one of {', '.join(_HASHES)}")
    text = given[0] if isinstance(given[0], str) else json.dumps(given[0], separators=(",", ":"), ensure_ascii=False)
    return hashlib.new(_HASHES[given[1]], text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def _random(*arguments: Any) -> float:
    given = _given(arguments)
    return java_random(int(given[0])) if given else random.random()  # noqa: S311 - seeded by the parent


def _uuid(*arguments: Any) -> str:
    return str(uuid.UUID(int=random.getrandbits(128), version=4))


def _parse(*arguments: Any) -> Any:
    given = _given(arguments)
    return json.loads(given[0]) if given else MISSING


_FUNCTIONS = {"sfn_partition": _partition, "sfn_range": _range, "sfn_hash": _hash, "sfn_random": _random,
              "sfn_uuid": _uuid, "sfn_parse": _parse}


def answer(request: dict[str, Any]) -> dict[str, Any]:
    random.seed(request["seed"])
    bindings = jsonata2py.JsonataBindings().bind_functions(dict(_FUNCTIONS)).bind_value("sfn_now", request["now"])
    for name, value in request["names"].items():
        bindings.bind_value(name, value)
    try:
        expression = _compile(request["text"])
        return _result(expression.evaluate(None, bindings))
    except jsonata2py.JsonataError as failed:
        return _failure(failed)
    except MemoryError:
        return {"limit": MEMORY}
    except RecursionError:
        return {"limit": STACK}


def _compile(text: str) -> Any:
    expression = _compiled.get(text)
    if expression is None:
        if len(_compiled) >= MAX_CACHED:
            _compiled.clear()
        expression = _compiled[text] = jsonata2py.compile(f"{_PREFIX}{text}))")
    return expression


MOST_NUMBERS = MAX_ANSWER // 8  # a range of more is over AWS's memory limit (measured: 873,782)


_NAN = float("nan")


def _follow_aws() -> None:
    """Put what AWS does otherwise in the place of two operators, before the first expression is compiled."""
    runtime: Any = jsonata2py.runtime
    make_range, divide, wrap = runtime.range_, runtime.div_d, runtime.num_wrap

    def bounded_range(first: Any, last: Any) -> Any:
        are_numbers = all(isinstance(bound, (int, float)) for bound in (first, last))
        if are_numbers and MOST_NUMBERS <= last - first < 10_000_000:
            raise MemoryError
        if first.__class__ is int and last.__class__ is int and last - first < MOST_NUMBERS:
            return list(range(first, last + 1))  # many times faster than the library's loop
        return make_range(first, last)

    def exact_division(dividend: float, divisor: float) -> float:
        return _NAN if dividend == 0 and divisor == 0 else float(divide(dividend, divisor))

    def wrap_number(number: float) -> Any:
        return number if number is _NAN else wrap(number)  # to the library any other NaN is undefined

    runtime.range_, runtime.div_d, runtime.num_wrap = bounded_range, exact_division, wrap_number


_follow_aws()


def _failure(failed: Any) -> dict[str, Any]:
    cause: BaseException | None = failed
    while cause is not None:
        if isinstance(cause, MemoryError):
            return {"limit": MEMORY}
        cause = cause.__cause__
    text = str(failed.args[-1] if failed.args else failed)
    code = failed.error_code
    if code == "U1001":
        return {"limit": TIMEOUT if turned_too_often(failed) else STACK}
    text = text_of(code or "", text, failed)
    return {"error": text if not code or text.startswith(code) else f"{code}: {text}"}


def _result(value: Any) -> dict[str, Any]:
    if value is MISSING:
        return {"undefined": True}
    try:
        return {"value": _plain(value)}
    except TypeError:
        return {"unsupported": True}


def _plain(value: Any) -> Any:
    """JSON of the value: infinities as texts, as AWS was measured.  TypeError for functions."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if item is not MISSING}
    if isinstance(value, list):
        return [_plain(item) for item in value if item is not MISSING]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if is_function(value) or is_regex(value) or not (value is None or isinstance(value, (str, int, float))):
        raise TypeError
    return value


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    for limit in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(limit, (0, 0))
    source, target = sys.stdin.buffer, sys.stdout.buffer
    answer({"text": "$map([1], function($x){$sort([$x])})", "names": {}, "seed": 1, "now": 0})  # its first use is slow
    _write(target, {"ready": True})
    while header := source.read(4):
        request = json.loads(source.read(int.from_bytes(header, "big")))
        signal.setitimer(signal.ITIMER_REAL, ALARM_SECONDS)
        found = answer(request)
        _write(target, found)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _write(target: Any, found: dict[str, Any]) -> None:
    try:
        data = json.dumps(found).encode()
    except (MemoryError, RecursionError):
        data = b""
    if not data or len(data) > MAX_ANSWER:
        data = json.dumps({"limit": MEMORY}).encode()
    target.write(len(data).to_bytes(4, "big") + data)
    target.flush()


if __name__ == "__main__":
    main()
