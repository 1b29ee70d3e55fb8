"""Choice rules (asl-language.md §12)."""

from __future__ import annotations

from typing import Any

import pytest

from designer.asl.choice import RuleError, compile_condition
from designer.asl.errors import RUNTIME, StateError
from tests.asl.shared import scope_of

DATA: dict[str, Any] = {
    "s": "b",
    "n": 1,
    "f": 1.0,
    "t": "2020-01-01T00:00:00Z",
    "b": True,
    "nul": None,
    "list": [1],
    "late": "2020-01-01T09:00:00+09:00",
    "emoji": "\U0001f600",
    "private": "\ue000",
}


def holds(rule: dict[str, Any]) -> Any:
    return compile_condition(rule)(scope_of(DATA, variables={"v": 1}))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"Variable": "$.s", "StringEquals": "b"}, True),
        ({"Variable": "$.s", "StringGreaterThan": "B"}, True),
        ({"Variable": "$.emoji", "StringLessThanPath": "$.private"}, True),  # code units, not code points
        ({"Variable": "$.n", "NumericEqualsPath": "$.f"}, True),
        ({"Variable": "$.b", "NumericEquals": 1}, False),
        ({"Variable": "$.n", "BooleanEquals": True}, False),
        ({"Variable": "$.t", "TimestampEqualsPath": "$.late"}, True),
        ({"Variable": "$.t", "TimestampLessThan": "2020-01-01T00:00:00.000000001Z"}, True),
        ({"Variable": "$.s", "TimestampEquals": "2020-01-01T00:00:00Z"}, False),
        ({"Variable": "$.nul", "IsNull": True}, True),
        ({"Variable": "$.nul", "IsPresent": True}, True),
        ({"Variable": "$.no.such", "IsPresent": True}, False),
        ({"Variable": "$.no", "IsPresent": False}, True),
        ({"Variable": "$none", "IsPresent": True}, False),
        ({"Variable": "$v", "NumericEquals": 1}, True),
        ({"Variable": "$.b", "IsNumeric": True}, False),
        ({"Variable": "$.s", "IsString": False}, False),
        ({"Variable": "$.t", "IsTimestamp": True}, True),
        ({"Not": {"Variable": "$.n", "NumericEquals": 2}}, True),
        ({"And": [{"Variable": "$.no", "IsPresent": True}, {"Variable": "$.no", "NumericEquals": 2}]}, False),
        ({"Or": [{"Variable": "$.n", "NumericEquals": 1}, {"Variable": "$.no", "NumericEquals": 2}]}, True),
        ({"Variable": "$.list[*]", "IsPresent": True}, True),
    ],
)
def test_rules(rule: dict[str, Any], expected: bool) -> None:
    assert holds(rule) is expected


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("log-*.txt", "log-1.txt", True),
        ("log-*.txt", "log-.txt", True),
        ("log-*.txt", "log.txt", False),
        ("*", "", True),
        ("a*a", "a", False),
        ("*a*b*", "xxaxxbxx", True),
        ("**", "x", True),
        ("a\\*", "a*", True),
        ("a\\*", "ab", False),
        ("a\\\\b", "a\\b", True),
        ("*" * 50 + "b", "a" * 5000, False),
        ("", "", True),
    ],
)
def test_string_matches(pattern: str, text: str, expected: bool) -> None:
    rule = compile_condition({"Variable": "$", "StringMatches": pattern})
    assert rule(scope_of(text)) is expected
    assert rule(scope_of(5)) is False


@pytest.mark.parametrize(
    "rule",
    [
        {"Variable": "$.no", "NumericEquals": 1},
        {"Variable": "$.n", "NumericEqualsPath": "$.no"},
        {"Variable": "$.no", "IsNull": True},
    ],
)
def test_missing_values(rule: dict[str, Any]) -> None:
    with pytest.raises(StateError) as raised:
        holds(rule)
    assert (raised.value.error, raised.value.cause) == (
        RUNTIME,
        "Invalid path '$.no': The choice state's condition path references an invalid value.",
    )


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"Variable": "$.a"},
        {"NumericEquals": 1},
        {"Variable": "$.a", "NumericEquals": 1, "IsNull": True},
        {"And": []},
        {"Variable": "a", "IsNull": True},
        {"Variable": "$", "NumericEquals": "1"},
        {"Variable": "$", "NumericEquals": True},
        {"Variable": "$", "StringMatches": "\\a"},
        {"Variable": "$", "IsPresent": 1},
        {"Variable": "$", "StringEqualsPath": 1},
        {"Variable": "$", "TimestampEquals": "today"},
        {"Not": [1]},
    ],
)
def test_refused(rule: dict[str, Any]) -> None:
    with pytest.raises(RuleError):
        compile_condition(rule)


def test_a_deep_rule_is_refused() -> None:
    rule: dict[str, Any] = {"Variable": "$", "IsNull": True}
    for _ in range(500):
        rule = {"Not": rule}
    with pytest.raises(RuleError, match="too deeply"):
        compile_condition(rule)
