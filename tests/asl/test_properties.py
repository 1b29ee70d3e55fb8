"""What holds for every value: templates, intrinsic functions, both forms of text, the checker."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from designer.asl.checker import check
from designer.asl.fixes import apply_fix
from designer.asl.formatting import format_json
from designer.asl.intrinsics import compile_intrinsic
from designer.asl.json_scanner import scan
from designer.asl.templates import compile_template
from designer.asl.yaml_source import read_yaml
from tests.asl.shared import scope_of

NAMES = st.text(min_size=1, max_size=6, alphabet=st.characters(codec="utf-8", exclude_categories=["C"]))
NUMBERS = st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.none() | st.booleans() | NUMBERS | NAMES
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=10
)  # fmt: skip
OBJECTS = st.dictionaries(NAMES.filter(lambda name: not name.endswith(".$")), VALUES, max_size=4)


def evaluate(text: str, **data: Any) -> Any:
    return compile_intrinsic(text)(scope_of(data))


# ---- templates -----------------------------------------------------------------------------------


def without_paths(value: Any) -> Any:
    if isinstance(value, dict):
        return {name.removesuffix(".$"): without_paths(member) for name, member in value.items()}
    return [without_paths(item) for item in value] if isinstance(value, list) else value


@given(VALUES)
def test_a_template_without_paths_is_itself(value: Any) -> None:
    literal = without_paths(value)
    assert compile_template(literal)(scope_of({})) == literal


@given(OBJECTS, VALUES)
def test_a_path_in_a_template_gives_the_value(literal: dict[str, Any], value: Any) -> None:
    template = {**without_paths(literal), "deep": [{"got.$": "$.given", "same.$": "$"}]}
    given = {"given": value}
    built = compile_template(template)(scope_of(given))
    assert built == {**without_paths(literal), "deep": [{"got": value, "same": given}]}
    assert given == {"given": value}


# ---- intrinsic functions -------------------------------------------------------------------------


@given(VALUES)
def test_json_to_text_and_back(value: Any) -> None:
    text = evaluate("States.JsonToString($.v)", v=value)
    assert json.loads(text) == value
    assert evaluate("States.StringToJson($.v)", v=text) == value


@given(NAMES)
def test_base64_and_back(text: str) -> None:
    assert evaluate("States.Base64Decode(States.Base64Encode($.v))", v=text) == text


@given(st.lists(VALUES, min_size=1, max_size=9), st.integers(1, 5))
def test_chunks_joined_are_the_array(items: list[Any], size: int) -> None:
    chunks = evaluate("States.ArrayPartition($.v, $.n)", v=items, n=size)
    assert [item for chunk in chunks for item in chunk] == items
    assert all(len(chunk) == size for chunk in chunks[:-1])
    assert evaluate("States.ArrayLength($.v)", v=items) == len(items)


@given(st.lists(PLAIN, min_size=1, max_size=6))
def test_a_set_has_each_item_once(items: list[Any]) -> None:
    unique = evaluate("States.ArrayUnique($.v)", v=items)
    kept = {json.dumps(item) for item in unique}
    assert len(kept) == len(unique)
    assert all(evaluate("States.ArrayContains($.v, $.i)", v=unique, i=item) for item in items)


@given(NAMES)
def test_a_literal_is_the_text_in_it(text: str) -> None:
    quoted = text.replace("\\", "\\\\").replace("'", "\\'").replace("{", "\\{").replace("}", "\\}")
    assert evaluate(f"States.Format('{quoted}{{}}', $.v)", v="!") == text + "!"


@given(OBJECTS, OBJECTS)
def test_the_second_object_wins(first: dict[str, Any], second: dict[str, Any]) -> None:
    assert evaluate("States.JsonMerge($.a, $.b, false)", a=first, b=second) == first | second


# ---- texts ---------------------------------------------------------------------------------------


@given(VALUES)
def test_the_scanner_reads_what_json_reads(value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    data, root, doubles = scan(text)
    assert data == value
    assert doubles == []
    assert (root is not None) is isinstance(value, (dict, list))


@given(VALUES)
def test_json_is_yaml(value: Any) -> None:
    source = read_yaml(json.dumps(value, ensure_ascii=False))
    if source.problems:  # libyaml bounds a key to 1,024 characters, and refuses some code points
        assert source.problems[0].code == "INVALID_YAML_DESCRIPTION"
    else:
        assert source.data == value


@given(OBJECTS)
def test_formatting_keeps_the_data_and_is_stable(value: dict[str, Any]) -> None:
    done = format_json(json.dumps(value))
    assert json.loads(done) == value
    assert format_json(done) == done


# ---- the checker ---------------------------------------------------------------------------------

FIELDS = st.sampled_from((
    "Type", "Next", "End", "Retry", "Catch", "Choices", "Branches", "ItemProcessor", "Assign", "Resource", "Parameters",
    "ErrorEquals", "Variable", "And", "StringEquals", "States", "StartAt", "Seconds", "ResultPath", "x.$"))  # fmt: skip
WORDS = st.sampled_from((
    "Task", "Pass", "Choice", "Map", "A", "B", "$.a", "$", "{% $states.input %}", "States.ALL",
    "arn:aws:states:::sqs:sendMessage")) | PLAIN  # fmt: skip
STATES = st.recursive(
    WORDS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(FIELDS, inner, max_size=4), max_leaves=20
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["A", "B"]), STATES))
def test_any_states_are_checked_and_any_fix_can_be_made(states: dict[str, Any]) -> None:
    definition = {"StartAt": "A", "States": states}
    given = copy.deepcopy(definition)
    for problem in check(definition):
        assert problem.message
        if problem.fix is not None:
            check(apply_fix(definition, problem.fix))
    assert definition == given
