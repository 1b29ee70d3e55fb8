"""Values that no client should send, and where to put them."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

# As JSON text, since some of them are values that Python's json would not write.
VALUES = (
    '""', "null", "true", "-1", "1.5", "1e30", "9223372036854775808", "123456789012345678901234567890",
    '"\\ud800"', '"a\\u0000b"', '"\\u202e</script><script>"', '"日本語"', f'"{"x" * 300_000}"', f'"{"[" * 50_000}"',
    "[]", "[null]", "[[]]", "[{}]", '["\\ud800"]', "[9223372036854775808]", "{}", '{"a":null}',
    '{"a":"\\ud800\\u0000"}', "[" * 5_000 + "]" * 5_000, "NaN",
    '"arn:aws:states:us-east-1:000000000000:stateMachine:\\ud800"',
    '"arn:aws:states:us-east-1:000000000000:stateMachine:m:99999999999999999999"',
    '"arn:aws:states:us-east-1:000000000000:execution:m:e:f:g"',
)
_MARK = "@@hostile@@"


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of a JSON value and of everything in it."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from places(item, (*path, key))


def spoiled(value: Any, path: tuple[Any, ...], text: str) -> bytes:
    """The JSON text of `value` with `text` in the place `path`."""
    changed: Any = copy.deepcopy(value)
    if path:
        inner = changed
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = _MARK
    else:
        changed = _MARK
    return json.dumps(changed).replace(f'"{_MARK}"', text).encode()
