"""Fixes as replacements of text, and as SARIF: the same definition as by the operations, the rest untouched."""

from __future__ import annotations

import json
from typing import Any

import pytest

from designer.asl.checker import check
from designer.asl.fixes import apply_fix
from designer.asl.problems import Problem
from designer.asl.sarif import sarif
from designer.asl.source import Source, read
from designer.asl.text_fixes import apply, replacements
from designer.asl.yaml_source import read_yaml
from tests.asl.shared import CORPUS, corpus_index
from tests.asl.test_fixes import FIXED


def fixable(source: Source) -> list[Problem]:
    return [problem for problem in check(source) if problem.fix is not None]


def agree(text: str) -> int:
    """Make each fix both ways; gives how many there were."""
    source = read(text)
    problems = fixable(source)
    for problem in problems:
        assert problem.fix is not None
        changes = replacements(source, problem.fix)
        assert changes is not None, problem
        assert json.loads(apply(text, changes)) == apply_fix(source.data, problem.fix), problem
    return len(problems)


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("definition", [definition for definition, _, _ in FIXED])
def test_both_ways_agree(definition: dict[str, Any], indent: int | None) -> None:
    assert agree(json.dumps(definition, indent=indent, ensure_ascii=False)) >= 1


def test_both_ways_agree_on_the_corpus() -> None:
    count = 0
    for entry in corpus_index():
        text = (CORPUS / entry["file"]).read_text(encoding="utf-8")
        source = None if entry["file"].endswith(".yaml") else read(text)
        if source is not None and source.data is not None and not source.problems:
            count += agree(text)
    assert count > 100


@pytest.mark.parametrize(("text", "fixed"), [
    ('{"StartAt": "A",\n "States": {"A": {"Type": "Pass",\n  "Foo": 1,\n  "End": true}}}',
     '{"StartAt": "A",\n "States": {"A": {"Type": "Pass",\n  "End": true}}}'),
    ('{"StartAt": "A",\n "States": {"A": {"Type": "Pass", "End": true , "Foo": 1.50}}}',
     '{"StartAt": "A",\n "States": {"A": {"Type": "Pass", "End": true }}}'),
    ('{"StartAt": "A",\n "States": {"A": {\n   "Type": "Pass"\n }}}',
     '{"StartAt": "A",\n "States": {"A": {\n   "Type": "Pass",\n   "End": true\n }}}'),
    ('{"StartAt": "A", "States": {"A": {"Type": "Pass", "comment" : "c", "End": true}}}',
     '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Comment" : "c", "End": true}}}'),
])  # fmt: skip
def test_the_rest_of_the_text_stays(text: str, fixed: str) -> None:
    source = read(text)
    fix = fixable(source)[0].fix
    assert fix is not None
    assert apply(text, replacements(source, fix) or []) == fixed


def test_sarif_tells_the_regions() -> None:
    text = '{"StartAt": "é",\n "States": {"é": {"Type": "Pass", "Next": "É"}, "Éa": {"Type": "Succeed"}}}'
    source = read(text)
    (run,) = sarif([("dir/a b.json", source, check(source))])["runs"]
    result = next(result for result in run["results"] if "fixes" in result)
    (fix,) = result["fixes"]
    (change,) = fix["artifactChanges"]
    assert change["artifactLocation"] == {"uri": "dir/a%20b.json"}
    assert fix["description"]["text"] == result["properties"]["fix"]["title"]
    line = text.splitlines()[1]
    for replaced in change["replacements"]:
        region = replaced["deletedRegion"]
        assert region["startLine"] == region["endLine"] == 2
        assert line[region["startColumn"] - 1:region["endColumn"] - 1] == '"É"'
        assert replaced["insertedContent"]["text"] in ('"é"', '"Éa"')


@pytest.mark.parametrize("source", [
    read_yaml("StartAt: A\nStates:\n  A:\n    Type: Pass\n    Foo: 1\n    End: true\n"),
    read('{"StartAt": "A", "States": {"A": {"Type": "Pass", "Foo": ${x}, "End": true}}}', placeholders=True),
])  # fmt: skip
def test_where_the_text_does_not_allow_it_there_are_only_operations(source: Source) -> None:
    told = sarif([("a", source, check(source))])["runs"][0]["results"]
    assert ["fix" in result.get("properties", {}) and "fixes" not in result for result in told] == [True]
