"""The samples: sound, the same in both languages, and translated to the last word."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from designer.asl.checker import check
from designer.asl.compiler import compile_definition
from designer.samples.load import HERE, Sample, samples, translated

ACCOUNT, REGION = "123456789012", "eu-west-1"
ALL = [sample for language in ("en", "ja") for sample in samples(language, ACCOUNT, REGION)]


def definitions(sample: Sample) -> Iterator[tuple[str, Any]]:
    yield sample.name, sample.definition
    yield from sample.machines


def state_names(definition: Any) -> Iterator[str]:
    for name, state in definition["States"].items():
        yield name
        for block in [*state.get("Branches", []), state.get("ItemProcessor")]:
            if block:
                yield from state_names(block)


@pytest.mark.parametrize("sample", ALL, ids=lambda sample: f"{sample.slug}-{sample.language}")
def test_samples_have_no_problems(sample: Sample) -> None:
    for name, definition in definitions(sample):
        assert check(json.dumps(definition, ensure_ascii=False)) == [], name
        compile_definition(definition)


@pytest.mark.parametrize("sample", ALL, ids=lambda sample: f"{sample.slug}-{sample.language}")
def test_samples_name_only_functions_and_machines_they_bring(sample: Sample) -> None:
    text = json.dumps([definition for _, definition in definitions(sample)], ensure_ascii=False)
    assert set(re.findall(r":function:([^\"]+)", text)) == {function.name for function in sample.functions}
    assert set(re.findall(r":stateMachine:([^\"]+)", text)) == {name for name, _ in sample.machines}
    assert "${" not in text


def test_every_state_of_a_japanese_sample_has_a_japanese_name() -> None:
    latin = [name for sample in ALL if sample.language == "ja" for _, definition in definitions(sample)
             for name in state_names(definition) if name.isascii()]
    assert latin == []


def test_every_word_of_a_sample_is_used() -> None:
    english = {
        sample.slug: json.dumps([definition for _, definition in definitions(sample)])
        for sample in ALL if sample.language == "en"
    }
    for folder in HERE.glob("*/sample.json"):
        words = json.loads(folder.read_text(encoding="utf-8"))["words"]
        unused = [word for word in words if json.dumps(word) not in english[folder.parent.name] and word != "child"]
        assert unused == [], folder


def test_names_are_unique() -> None:
    names = [name for sample in ALL for name, _ in definitions(sample)]
    assert len(names) == len(set(names))


def test_translation_reaches_member_names_and_nested_values() -> None:
    words = {"A": "あ", "B": "い"}
    assert translated({"A": ["B", {"Next": "A"}], "n": 1}, words) == {"あ": ["い", {"Next": "あ"}], "n": 1}
