"""Paths of ASL: what they read, and AWS's texts when they lead nowhere (asl-language.md §7, §23)."""

from __future__ import annotations

import contextlib
import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonpath_ng.jsonpath import JSONPath
from jsonpath_ng.parser import JsonPathParser

from designer.asl.errors import RESULT_PATH, RUNTIME, StateError
from designer.asl.model import DISCARD
from designer.asl.path_syntax import PathSyntaxError
from designer.asl.paths import compile_path, compile_result_path, parse_path
from tests.asl.shared import scope_of

DATA: dict[str, Any] = {"a": {"b": [10, {"c": None}]}, "評価結果": {"精度": 0.9}, "s": "text", "a b": 1, "x.y": 2}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$", DATA),
        ("$.a.b[0]", 10),
        ("$['a']['b'][1].c", None),
        ("$.評価結果.精度", 0.9),
        ("$.x\\.y", 2),
        ("$['x.y']", 2),
        ("$.a\\ b", 1),
        ("$.a.b[*]", [10, {"c": None}]),
        ("$.no.such[*].x", []),
        ("$.a.b[-1:]", [{"c": None}]),
        ("$$", {"Execution": {"Id": "e"}}),
        ("$$.Execution.Id ", "e"),
        ("$v", {"k": [1, 2]}),
        ("$v.k[1]", 2),
        ("$変数", 7),
    ],
)
def test_reads(path: str, value: Any) -> None:
    scope = scope_of(DATA, {"Execution": {"Id": "e"}}, {"v": {"k": [1, 2]}, "変数": 7})
    assert compile_path(path)(scope) == value


@pytest.mark.parametrize(
    ("path", "cause"),
    [
        ("$.X", "Invalid path '$.X' : No results for path: $['X']"),
        ("$.no.such", "Invalid path '$.no.such' : Missing property in path $['no']"),
        ("$.a.x", "Invalid path '$.a.x' : No results for path: $['a']['x']"),
        ("$.a.b[9]", "Invalid path '$.a.b[9]' : No results for path: $['a']['b'][9]"),
        ("$.s[0]", "Invalid path '$.s[0]' : Filter: [0] can only be applied to arrays. Current context is: text"),
        ("$$.No", "Invalid path '$$.No' : No results for path: $['No']"),
        ("$none", "Invalid path '$none' : The variable 'none' is not defined."),
    ],
)
def test_missing(path: str, cause: str) -> None:
    with pytest.raises(StateError) as raised:
        compile_path(path)(scope_of(DATA))
    assert (raised.value.error, raised.value.cause) == (RUNTIME, cause)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        ".a",
        "$.",
        "$..",
        "$.a b",
        "$.a[",
        "$.a[b]",
        "$.a['b]",
        "$[?(@.a ==)]",
        "$[?(@.a == 1]",
        "$[?(1)]",
        "$[?(@.a =~ /(a+)+/)]",
        "$[?(@.a =~ /[/)]",
        "$[0:1:0]",
        "$.a]",
        "$ .a",
        "$[?(" + "(" * 40 + "@.a" + ")" * 40 + ")]",
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(PathSyntaxError):
        parse_path(text)


@pytest.mark.parametrize(
    ("path", "definite", "reference"),
    [
        ("$", True, True),
        ("$.a['b'][0]", True, True),
        ("$.a[-1]", True, False),
        ("$['a','b']", True, False),
        ("$.a[*]", False, False),
        ("$..a", False, False),
        ("$.a[0,1]", False, False),
        ("$.a[1:]", False, False),
        ("$.a[?(@.b)]", False, False),
        ("$.a[(@.length-1)]", True, False),
    ],
)
def test_definiteness_is_syntax(path: str, definite: bool, reference: bool) -> None:
    parsed = parse_path(path)
    assert (parsed.definite, parsed.is_reference) == (definite, reference)


def test_a_long_text_is_not_matched_for_ever() -> None:
    find = compile_path("$[?(@ =~ /.*a.*b.*c/)]")
    with pytest.raises(StateError, match="too long for the regular expression"):
        find(scope_of(["x" * 100_000]))


# ---- ResultPath ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "document", "merged"),
    [
        ("$.r", {"a": 1}, {"a": 1, "r": 9}),
        ("$.a.b", {}, {"a": {"b": 9}}),
        ("$.a.b", {"a": {"c": 1}}, {"a": {"c": 1, "b": 9}}),
        ("$.a[1]", {"a": [1, 2]}, {"a": [1, 9]}),
        ("$['x y'].z", {"x y": {"z": 1}}, {"x y": {"z": 9}}),
        ("$[0]", [1], [9]),
    ],
)
def test_result_path_merges_a_copy(path: str, document: Any, merged: Any) -> None:
    before = copy.deepcopy(document)
    merge = compile_result_path(path)
    assert merge is not None
    assert merge(document, 9) == merged
    assert document == before


@pytest.mark.parametrize(
    ("path", "document"),
    [
        ("$.r", [1]),
        ("$.r", "text"),
        ("$.r", None),
        ("$.a.b", {"a": 1}),
        ("$.a[2]", {"a": [1, 2]}),
        ("$.a[0]", {}),
        ("$[0]", {}),
    ],
)
def test_result_path_that_does_not_fit(path: str, document: Any) -> None:
    merge = compile_result_path(path)
    assert merge is not None
    with pytest.raises(StateError) as raised:
        merge(document, 9)
    assert raised.value.error == RESULT_PATH


def test_result_path_whole_null_and_refused() -> None:
    assert compile_result_path("$") is None
    assert compile_result_path(None) is DISCARD
    for text in ("$$.a", "$v.a", "$.a[*]", "$..a", "$.a[?(@.b)]"):
        with pytest.raises(PathSyntaxError):
            compile_result_path(text)


# ---- properties ----------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.text())
def test_parsing_gives_a_path_or_a_syntax_error(text: str) -> None:
    with contextlib.suppress(PathSyntaxError):
        assert parse_path("$" + text).text == "$" + text


@given(JSON, st.lists(st.text(min_size=1, alphabet=st.characters(blacklist_characters="'\\")), min_size=1, max_size=3))
def test_what_is_merged_is_found(document: Any, names: list[str]) -> None:
    path = "$" + "".join(f"['{name}']" for name in names)
    merge = compile_result_path(path)
    assert merge is not None
    try:
        merged = merge(document, "result")
    except StateError:
        return
    assert compile_path(path)(scope_of(merged)) == "result"


# ---- a second opinion ----------------------------------------------------------------------------

STEPS = st.sampled_from([".a", ".b", "['a']", "['b c']", "[0]", "[1]", "[*]", "[1:]", "[:1]", "[0:2]", ".*"])
NODES = st.recursive(
    st.integers() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "b c"]), inner, max_size=3),
    max_leaves=12,
)


def theirs_of(text: str) -> JSONPath:
    parsed: JSONPath = JsonPathParser().parse(text)
    return parsed


@given(NODES, st.lists(STEPS, max_size=4))
def test_plain_paths_find_what_jsonpath_ng_finds(document: Any, steps: list[str]) -> None:
    text = "$" + "".join(steps)
    path = parse_path(text)
    theirs = [match.value for match in theirs_of(text).find(document)]
    try:
        ours = compile_path(text)(scope_of(document))
    except StateError:
        ours = []
    else:
        ours = [ours] if path.definite else ours
    # jsonpath-ng lets [*] and slices of what is no array stand for the value itself
    if all(isinstance(node, list) for node in _arrays_on_the_way(document, steps)):
        assert ours == theirs


def _arrays_on_the_way(document: Any, steps: list[str]) -> list[Any]:
    """What each step that wants an array (or, for `.*`, an object) is applied to; others are left out."""
    met: list[Any] = []
    nodes = [document]
    for number, step in enumerate(steps):
        if step.startswith("[") and not step.startswith("['"):
            met += nodes
        if step == ".*":
            met += [[] if isinstance(node, dict) else node for node in nodes]
        nodes = [match.value for match in theirs_of("$" + "".join(steps[: number + 1])).find(document)]
    return met
