"""Jayway JsonPath's answers to 179 expressions (../shared/corpus/jsonpath)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from designer.asl.path_syntax import PathSyntaxError
from designer.asl.path_values import PathMissingError, compile_finder
from designer.asl.paths import parse_path
from tests.asl.shared import CORPUS

FOLDER = CORPUS / "jsonpath"
DATA = json.loads((FOLDER / "data.json").read_text())
LINES = [line.split("\t") for line in (FOLDER / "jayway-2.0.0.tsv").read_text().splitlines()]

# What we answer where Jayway 2.0.0 is not followed, and why.  The first group is named as not to be
# copied by the corpus itself.
OURS: dict[str, tuple[str, Any]] = {
    '$["store"]["book"][0]["title"]': ("D", "S"),  # double-quoted names
    "$.vals[-1]": ("D", 4),  # negative indices
    "$.vals[-2]": ("D", 3),
    "$.store.book[-1].title": ("D", "L"),
    "$.vals[0:4:2]": ("I", [0, 2]),  # steps of slices
    '$.store.book[?(@.category == "fiction")].title': ("I", ["W", "M", "L"]),  # double-quoted texts
    "$.pets[?(@.age == true)]": ("I", []),  # comparing with booleans
    "$.flags[?(@.v == 1)]": ("I", [{"v": 1}, {"v": "1"}]),
    "$.flags[?(@.v == true)]": ("I", [{"v": True}]),
    "$.flags[?(@.v == false)]": ("I", [{"v": False}]),
    "$.flags[?(@.v > 0)]": ("I", [{"v": 1}, {"v": "1"}]),
    "$.flags[?(@.v == '1')]": ("I", [{"v": 1}, {"v": "1"}]),
    # An indefinite path always gives an array, also where a node on the way is no object or array.
    "$.*.color": ("I", []),
    "$.tr[?(@.TargetLanguageCode=='es')].TranslatedText[0]": ("I", []),
    # 2.0.0 cannot read a negated bracket and then never matches.
    "$.tr[?(!(@.TargetLanguageCode == 'es'))].TranslatedText": ("I", ["salut"]),
}


def answer(text: str) -> tuple[str, Any]:
    """(definiteness, value) or (…, "NOTFOUND" | "ERR") or ("-", "INVALID")."""
    try:
        path = parse_path(text if text.startswith("$") else f"$.{text}")
    except PathSyntaxError:
        return "-", "INVALID"
    if path.root != "$":
        return "-", "INVALID"  # a variable in ASL
    kind = "D" if path.definite else "I"
    try:
        return kind, compile_finder(path)(DATA)
    except PathMissingError as missing:
        return kind, "ERR" if "only be applied to arrays" in missing.reason else "NOTFOUND"


def jayways(kind: str, written: str) -> tuple[str, Any]:
    if written == "null":
        return kind, None
    return kind, json.loads(written)[0] if written.startswith("[") else written.split()[0]


@pytest.mark.parametrize(("text", "kind", "written"), LINES, ids=[line[0] for line in LINES])
def test_agrees_with_jayway(text: str, kind: str, written: str) -> None:
    assert answer(text) == OURS.get(text, jayways(kind, written))


def test_figure() -> None:
    """As many agree as the list above leaves."""
    agreeing = sum(answer(text) == jayways(kind, written) for text, kind, written in LINES)
    print(f"{agreeing} of {len(LINES)} JSONPath expressions answered as by Jayway 2.0.0")
    assert agreeing == len(LINES) - len(OURS) == 164
