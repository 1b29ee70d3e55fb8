"""JSON text is exact: kinds of numbers, large integers, lone surrogates."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.asl.jsontext import dump_bytes, dumps, loads


@pytest.mark.parametrize(
    "text",
    [
        "1",
        "1.0",
        "-0",
        "18446744073709551616",
        "-9223372036854775809",
        '{"a":123456789012345678901234567890}',
        '"\\ud800"',
        '["日本",null,true,{"b":[],"a":{}}]',
        "1234567890123456789",
    ],
)
def test_text_stays_as_it_is(text: str) -> None:
    assert dumps(loads(text)) == text.replace("-0", "0")
    assert dump_bytes(loads(text)).decode() == text.replace("-0", "0")


@pytest.mark.parametrize(
    "text",
    ["", "NaN", "[Infinity]", "1e400", "{'a':1}", '{"a":1,}', "01", "1 2", "[" * 5000, "[12345678901234567890123,NaN]"],
)
def test_what_is_no_json(text: str) -> None:
    with pytest.raises(ValueError):
        loads(text)


def test_what_json_cannot_say() -> None:
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(ValueError):
        dumps(deep)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=10,
    )
)
def test_round_trip(value: Any) -> None:
    assert repr(loads(dumps(value))) == repr(value)
