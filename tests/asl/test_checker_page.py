"""docs/reference/checker.md: every code, and the figures as they are."""

from __future__ import annotations

import re

from designer.asl.checker import check
from designer.asl.codes import CODES
from designer.asl.yaml_source import read_yaml
from tests.asl import validators
from tests.asl.shared import CORPUS, corpus_index


def test_every_code_is_documented() -> None:
    page = validators.PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE) == list(CODES)
    assert all(text in page for text in CODES.values())


def test_every_code_that_is_given_is_known() -> None:
    for entry in corpus_index():
        text = (CORPUS / entry["file"]).read_text(encoding="utf-8")
        problems = check(read_yaml(text) if entry["file"].endswith(".yaml") else text)
        assert {problem.code for problem in problems} <= CODES.keys()


def test_the_figures_are_up_to_date() -> None:
    assert validators.written() == validators.table()
