"""Intrinsic functions with their limits and errors (asl-language.md §8)."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.asl.errors import INTRINSIC, RUNTIME, StateError
from designer.asl.intrinsic_syntax import IntrinsicSyntaxError
from designer.asl.intrinsics import compile_intrinsic
from tests.asl.shared import scope_of

DATA = {
    "name": "Ana",
    "n": 5,
    "f": 1.5,
    "list": [1, 2, 2, 1.0, True, {"a": 1}, {"a": 1}],
    "o": {"a": 1, "b": {"c": 2}},
    "long": "x" * 10_001,
    "text": "a,b;c",
    "nul": None,
}


def evaluate(text: str) -> Any:
    return compile_intrinsic(text)(scope_of(DATA))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("States.Format('Hi {}, {} {}', $.name, $.n, null)", "Hi Ana, 5 null"),
        ("States.Format('\\{\\} {} \\\\ \\'q\\'', $.name)", "{} Ana \\ 'q'"),
        ("States.Format('{} {}', $.o, true)", "{a=1, b={c=2}} true"),
        ("States.Format('{}', $.list)", "[1, 2, 2, 1.0, true, {a=1}, {a=1}]"),
        ("States.Format('none')", "none"),
        ("States.StringToJson('{\"a\": [1, 2.5]}')", {"a": [1, 2.5]}),
        ("States.StringToJson('')", None),
        ("States.JsonToString($.o)", '{"a":1,"b":{"c":2}}'),
        ("States.Array()", []),
        ("States.Array(1, -2.5e1, 'x', true, false, null, $.n)", [1, -25.0, "x", True, False, None, 5]),
        ("States.ArrayPartition(States.Array(1,2,3), 2)", [[1, 2], [3]]),
        ("States.ArrayPartition(States.Array(1,2,3), 1.5)", [[1, 2], [3]]),
        ("States.ArrayContains($.list, $.o)", False),
        ("States.ArrayContains($.list, 2)", True),
        ("States.ArrayContains(States.Array(1), true)", False),
        ("States.ArrayRange(1, 9, 2)", [1, 3, 5, 7, 9]),
        ("States.ArrayRange(3, 1, -1)", [3, 2, 1]),
        ("States.ArrayRange(1, 0, 1)", []),
        ("States.ArrayGetItem($.list, 1)", 2),
        ("States.ArrayLength($.list)", 7),
        ("States.ArrayUnique($.list)", [1, 2, True, {"a": 1}]),
        ("States.Base64Encode('日本')", "5pel5pys"),
        ("States.Base64Decode('5pel5pys')", "日本"),
        ("States.Base64Decode('5pel\n5pys')", "日本"),
        ("States.Hash('input data', 'SHA-1')", "aaff4a450a104cd177d28d18d74485e8cae074b7"),
        ("States.Hash($.n, 'MD5')", "e4da3b7fbbce2345d7772b0674a318d5"),
        ("States.JsonMerge($.o, States.StringToJson('{\"b\":1}'), false)", {"a": 1, "b": 1}),
        ("States.MathAdd(1.5, -2.5)", 0),  # halves up: 2 + -2
        ("States.MathAdd($.n, 1)", 6),
        ("States.MathRandom(1, 2)", 1),
        ("States.StringSplit($.text, ',;')", ["a", "b", "c"]),
        ("States.StringSplit('a]b', ']')", ["a", "b"]),
        ("States.Array($['o']['a'], $.list[?(@.a == 1)].a)", [1, [1, 1]]),
        (" States.Array( 1 ,  2 ) ", [1, 2]),
        ("States.Array($.nul, $.none[*])", [None, []]),
    ],
)
def test_gives(text: str, value: Any) -> None:
    assert evaluate(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "States.ArrayGetItem($.list, 99)",
        "States.ArrayGetItem($.list, -1)",
        "States.ArrayPartition($.list, 0)",
        "States.ArrayPartition($.n, 1)",
        "States.ArrayRange(0, 1000, 1)",
        "States.ArrayRange(1, 2, 0)",
        "States.ArrayLength($.n)",
        "States.Base64Encode($.long)",
        "States.Base64Decode($.long)",
        "States.Hash($.long, 'MD5')",
        "States.Hash('x', 'md5')",
        "States.Base64Decode('/w==')",
        "States.JsonMerge($.o, $.o, true)",
        "States.JsonMerge($.o, $.n, false)",
        "States.MathAdd(2147483647, 1)",
        "States.MathAdd($.name, 1)",
        "States.MathRandom(2, 2)",
        "States.StringSplit($.n, ',')",
        "States.StringToJson('{')",
        "States.StringToJson('NaN')",
        "States.Format($.name, 1)",
        "States.Array('a\\nb')",
    ],
)
def test_fails(text: str) -> None:
    with pytest.raises(StateError) as raised:
        evaluate(text)
    assert raised.value.error == INTRINSIC
    assert raised.value.cause is not None
    assert raised.value.cause.startswith(f"The function '{text}' had the following error: ")


def test_missing_path() -> None:
    text = "States.Format('{}', $.list[99])"
    with pytest.raises(StateError) as raised:
        compile_intrinsic(text)(scope_of({"list": []}))
    assert raised.value.error == RUNTIME
    assert raised.value.cause == (
        f"The function '{text}' had the following error: The JsonPath argument for the field "
        "'$.list[99]' could not be found in the input '{\"list\":[]}'"
    )


@pytest.mark.parametrize(
    "text",
    [
        "States.Nope()",
        "States.Format()",
        "States.UUID(1)",
        "States.MathAdd(1)",
        "States.MathAdd(1, '2')",
        "States.Format('{}')",
        "States.Format('{} {}', 1)",
        "States.Array(1",
        "States.Array(1,)",
        "States.Array(x)",
        "States.Array('x)",
        "States.Array(1) x",
        "States.Array($.a b)",
        "Format('x')",
        "States.JsonMerge(1, 2, false)",
        "States.Array(" * 11 + ")" * 11,
        "States.ArrayLength('x')",
        "States.Array($.a[)",
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(IntrinsicSyntaxError):
        compile_intrinsic(text)


def test_ten_levels_are_allowed() -> None:
    assert evaluate("States.Array(" * 10 + ")" * 10) == [[[[[[[[[[]]]]]]]]]]


def test_chance_is_seeded() -> None:
    scope = scope_of({})
    identifier = compile_intrinsic("States.UUID()")
    first, second = identifier(scope), identifier(scope)
    assert first != second
    assert first == identifier(scope_of({}))
    assert first[14] == "4"
    seeded = compile_intrinsic("States.MathRandom(0, 2147483647, 42)")
    assert seeded(scope_of({})) == seeded(scope) == 1_562_431_130  # java.util.Random(42) begins with these 31 bits


@given(st.text())
def test_parsing_gives_a_call_or_a_syntax_error(text: str) -> None:
    with contextlib.suppress(IntrinsicSyntaxError):
        compile_intrinsic("States.Array(" + text)
