"""Payload templates (asl-language.md §7)."""

from __future__ import annotations

from typing import Any

import pytest

from designer.asl.errors import RUNTIME, StateError
from designer.asl.templates import TemplateError, compile_template
from tests.asl.shared import scope_of

DATA = {"a": 1, "list": [1, 2], "o": {"k": "v"}}


@pytest.mark.parametrize(
    ("template", "built"),
    [
        ({"x.$": "$.a"}, {"x": 1}),
        ({"x": "$.a", "y.$": "$.o.k", "z": [1, {"w.$": "$.list[1]"}]}, {"x": "$.a", "y": "v", "z": [1, {"w": 2}]}),
        ({"x": {"y": {"z.$": "States.Array($.a, 'b')"}}}, {"x": {"y": {"z": [1, "b"]}}}),
        ({"x.$": "$.list[5]"}, {"x": None}),
        ({"x.$": "$.missing[*]"}, {"x": []}),
        ({"x.$": "$$.Execution.Id", "v.$": "$var"}, {"x": "e", "v": 5}),
        ("$.a", "$.a"),
        ([{"x.$": "$.a"}, "$.a"], [{"x": 1}, "$.a"]),
        ({".$": "$.a"}, {"": 1}),
        ({}, {}),
    ],
)
def test_builds(template: Any, built: Any) -> None:
    scope = scope_of(DATA, {"Execution": {"Id": "e"}}, {"var": 5})
    assert compile_template(template)(scope) == built


def test_keeps_the_order_of_keys() -> None:
    built = compile_template({"z": 1, "a.$": "$.a", "m": {"q.$": "$.a", "b": 2}})(scope_of(DATA))
    assert list(built) == ["z", "a", "m"]
    assert list(built["m"]) == ["q", "b"]


def test_missing_path() -> None:
    with pytest.raises(StateError) as raised:
        compile_template({"o": {"value.$": "$.x"}})(scope_of({"a": 1}))
    assert raised.value.error == RUNTIME
    assert raised.value.cause == (
        "The JSONPath '$.x' specified for the field 'value.$' could not be found in the input '{\"a\":1}'"
    )


@pytest.mark.parametrize(
    ("template", "pointer"),
    [
        ({"a": {"x.$": 5}}, "/a/x.$"),
        ({"x.$": "no path"}, "/x.$"),
        ({"x.$": "States.Nope()"}, "/x.$"),
        ({"x.$": "$.a[", "y": 1}, "/x.$"),
        ([{"x/y.$": None}], "/0/x~1y.$"),
        ({"x": 1, "x.$": "$"}, "/x.$"),
    ],
)
def test_refused(template: Any, pointer: str) -> None:
    with pytest.raises(TemplateError) as raised:
        compile_template(template)
    assert raised.value.pointer == pointer
