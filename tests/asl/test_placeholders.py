"""`${…}` of templates where it is tolerated, and only there."""

from __future__ import annotations

from typing import Any

import pytest

from designer.asl.checker import check, errors
from designer.asl.placeholders import OpenExpression, Placeholder, mark
from designer.asl.source import read
from tests.asl.shared import CORPUS, corpus_index

TASK = """{"StartAt": "A", "States": {
 "A": {"Type": "Task", "Resource": "${Fn}", "TimeoutSeconds": %s, "Next": "B"},
 "B": {"Type": "Succeed"}}}"""
ORIGINALS = [entry for entry in corpus_index() if (CORPUS / "originals" / f"{entry['id']}.asl.json").exists()]


def messages(text: str) -> list[str]:
    return [problem.message for problem in errors(check(read(text, placeholders=True)))]


@pytest.mark.parametrize("value", ["${limit}", '"${limit}"', '{"Ref": "Limit"}', '{"Fn::GetAtt": ["A", "B"]}'])
def test_any_type(value: str) -> None:
    assert messages(TASK % value) == []
    assert errors(check(TASK % value))


@pytest.mark.parametrize(("old", "new"), [
    ('"Succeed"', '"${type}"'), ('"Next": "B"', '"Next": "${next}"'), ('"StartAt": "A"', '"StartAt": "${start}"'),
    ('"Next": "B"', '"End": ${end}, "Catch": [{"ErrorEquals": ["E"], "Next": "B"}]'),
    ('"${Fn}"', '"arn:${AWS::Partition}:states:::sqs:sendMessage", "Parameters": {}'),
    ('"Next": "B"', '"Next": "B", "InputPath": "$.${key}", "Catch": ${catch}, "Retry": [${retry}]'),
    ('"Next": "B"', '"Next": "B", "ResultSelector": {"a.$": "$.${key}"}, "OutputPath": "${path}"'),
])  # fmt: skip
def test_any_place(old: str, new: str) -> None:
    assert messages((TASK % "5").replace(old, new)) == []


@pytest.mark.parametrize(("old", "new", "message"), [
    ('"${Fn}"', '"arn:${AWS::Partition}:states:::sqs:sendMessage.sync", "Parameters": {}', "is not recognized"),
    ('"Next": "B"', '"Next": "C"', "Missing 'Next' target: C"),
    ("5,", '"5${x}",', ""),
])  # fmt: skip
def test_the_rest_is_still_checked(old: str, new: str, message: str) -> None:
    found = messages((TASK % "5").replace(old, new))
    assert any(message in text for text in found) or (not message and not found)


def test_marking() -> None:
    data: Any = mark({"a": ["${x}", "y${x}", "{% ${x} %}", "${$.x}", 1], "b": {"Ref": "Q"}, "c": {"Ref": "Q", "d": 1}})
    assert isinstance(data["a"][2], OpenExpression)
    assert data == {"a": ["${x}", "y${x}", "{% ${x} %}", "${$.x}", 1], "b": "${Q}", "c": {"Ref": "Q", "d": 1}}
    assert [isinstance(value, Placeholder) for value in data["a"]] == [True, True, False, False, False]
    assert (data["a"][0].is_whole, data["a"][1].is_whole) == (True, False)


def test_expressions() -> None:
    def found(expression: str, *, tolerant: bool) -> list[str]:
        text = '{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Succeed", "Output": "%s"}}}'
        return [problem.code for problem in check(read(text % expression, placeholders=tolerant))]

    for good in ("{% ${flag} = true %}", "{% '${a}' & ${n} %}"):
        assert found(good, tolerant=True) == []
    assert found("{% ${flag} = true %}", tolerant=False) == ["INVALID_JSONATA_EXPRESSION"]
    assert found("{% ${flag} = name %}", tolerant=True) == ["UNSUPPORTED_JSONATA_EXPRESSION"]
    assert found("{% $states.input.items.${id: name} %}", tolerant=False) == []


@pytest.mark.parametrize("entry", ORIGINALS, ids=[entry["id"] for entry in ORIGINALS])
def test_the_corpus_with_its_placeholders(entry: dict[str, Any]) -> None:
    if entry["valid"] and not entry.get("disputed"):
        assert messages((CORPUS / "originals" / f"{entry['id']}.asl.json").read_text(encoding="utf-8")) == []
