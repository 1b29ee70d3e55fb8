"""Definitions in YAML: YAML 1.2's values, places of problems, anchors within bounds, templates' tags."""

from __future__ import annotations

from typing import Any

import pytest

from designer.asl.checker import check, errors
from designer.asl.compiler import compile_definition
from designer.asl.placeholders import Placeholder
from designer.asl.yaml_source import read_yaml
from tests.asl.shared import CORPUS, corpus_index

FILES = [entry for entry in corpus_index() if entry["file"].endswith(".yaml")]
GOOD = """StartAt: A
States:
  A:
    Type: Pass
    End: true
"""


@pytest.mark.parametrize("entry", FILES, ids=[entry["id"] for entry in FILES])
def test_the_corpus_has_no_error(entry: dict[str, Any]) -> None:
    source = read_yaml((CORPUS / entry["file"]).read_text(encoding="utf-8"))
    assert errors(check(source)) == []
    assert compile_definition(source.data).state_count == entry["states"]


@pytest.mark.parametrize(("text", "value"), [
    ("yes", "yes"), ("No", "No"), ("on", "on"), ("off", "off"), ("true", True), ("False", False), ("~", None),
    ("", None), ("Null", None), ("12", 12), ("-3", -3), ("0o17", 15), ("0x1F", 31), ("012", 12), ("1_000", "1_000"),
    ("1.0", 1.0), (".5", 0.5), ("1e3", 1000.0), ("2020-01-01", "2020-01-01"), ("12:30", "12:30"), ("'5'", "5"),
    ('"true"', "true"), ("!!str 5", "5"), ("!!int '5'", 5), ("[1, a]", [1, "a"]), ("{a: 1}", {"a": 1}),
    ("|\n  x\n", "x\n"), ("{1: a, true: b, null: c}", {"1": "a", "true": "b", "null": "c"}),
])  # fmt: skip
def test_values(text: str, value: Any) -> None:
    found = read_yaml(f"v: {text}\n")
    assert found.problems == []
    assert found.data == {"v": value}
    assert type(found.data["v"]) is type(value)


@pytest.mark.parametrize(("text", "message", "place"), [
    ("a: [1", "The text is no YAML: while parsing a flow sequence", (1, 6)),
    ("a: 1\nb: *x", "The alias *x has no finished anchor", (2, 4)),
    ("a: &x [*x]", "The alias *x has no finished anchor", (1, 8)),
    ("a: 1\n---\nb: 2", "more than one document", (2, 1)),
    ("[a]: 1", "A key must be a text", (1, 1)),
    ("a: .inf", "no number of JSON", (1, 4)),
    ("a: !!binary aGk=", "is not of JSON's kinds", (1, 4)),
    ("a: \x00", "The text is no YAML", (1, 1)),
    ("a: &a {b: 1}\nc: {<<: 5}", "<< takes an alias", (2, 9)),
    ('"\ud800"', "The text is no YAML", (1, 1)),
    ("[" * 600, "nest", (1, 501)),
])  # fmt: skip
def test_faults(text: str, message: str, place: tuple[int, int]) -> None:
    source = read_yaml(text)
    (problem,) = source.problems
    assert source.data is None
    assert (problem.severity, problem.code) == ("ERROR", "INVALID_YAML_DESCRIPTION")
    assert message in problem.message
    assert (problem.line, problem.column) == place or message.startswith(("nest", "The text is no YAML"))
    assert check(source) == [problem]


def test_many_laughs_are_bounded() -> None:
    lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"]
    lines += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    (problem,) = read_yaml("\n".join(lines)).problems
    assert "The aliases make more than" in problem.message
    assert problem.line == 6


def test_anchors_and_merges() -> None:
    text = "base: &b {a: 1, c: [2]}\nother: {<<: *b, a: 3}\nboth: {<<: [*b, {d: 4}]}\nsame: *b\n"
    base = {"a": 1, "c": [2]}
    assert read_yaml(text).data == {"base": base, "other": {"a": 3, "c": [2]}, "both": base | {"d": 4}, "same": base}


def test_doubled_keys() -> None:
    text = GOOD + "  A:\n    Type: Succeed\n"
    problem = next(found for found in check(read_yaml(text)) if found.code == "DUPLICATE_STATE_NAME")
    assert (problem.pointer, problem.line, problem.column) == ("/States/A", 6, 3)


def test_places() -> None:
    retry = "Next: B\n    Retry:\n      - ErrorEquals: [X]\n        Foo: 1"
    text = GOOD.replace("Pass", "Task").replace("End: true", retry)
    found = {(problem.pointer, problem.line, problem.column) for problem in check(read_yaml(text))}
    assert ("/States/A/Next", 5, 5) in found
    assert ("/States/A/Retry/0/Foo", 8, 9) in found


def test_tags_of_templates_are_placeholders() -> None:
    data = read_yaml("a: !GetAtt Fn.Arn\nb: !Sub 'x-${Y}'\nc: !Join ['', [a]]\nd: !Ref Name\n").data
    assert data == {"a": "${Fn.Arn}", "b": "x-${Y}", "c": "${Join}", "d": "${Name}"}
    assert all(isinstance(value, Placeholder) for value in data.values())
    task = GOOD.replace("Pass", "Task") + "    Resource: !GetAtt Fn.Arn\n    TimeoutSeconds: !Ref Limit\n"
    assert errors(check(read_yaml(task))) == []
