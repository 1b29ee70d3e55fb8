"""asl fmt's two forms: order of fields, exact numbers and texts, comments in their places."""

from __future__ import annotations

import json

import pytest
import yaml

from designer.asl.formatting import FormatError, format_json
from designer.asl.yaml_formatting import format_yaml
from designer.asl.yaml_source import read_yaml
from tests.asl.shared import CORPUS, corpus_index

JSON = """{"States":{"A":{"End":true,"Result":{"z":1.50,"a":1e3,"t":"\\u00e9\\/"},"Type":"Pass"}},
"StartAt":"A","Comment":"c", "TimeoutSeconds": ${limit}}"""
FORMED = """{
  "Comment": "c",
  "TimeoutSeconds": ${limit},
  "StartAt": "A",
  "States": {
    "A": {
      "Type": "Pass",
      "Result": {
        "z": 1.50,
        "a": 1e3,
        "t": "\\u00e9\\/"
      },
      "End": true
    }
  }
}
"""
YAML = """# Above all
StartAt: A
States:
  # about A
  A:
    Next: B   # goes on
    # its type
    Type: Task
    Resource: ${Fn}
    Retry:
      - MaxAttempts: 2
        ErrorEquals: [X]
      - IntervalSeconds: 2
        # why
        ErrorEquals:
          - Y
  B:
    End: true
    Result: |
      # not a comment
      text
    Type: Pass
Comment: c
"""
ORDERED = """# Above all
Comment: c
StartAt: A
States:
  # about A
  A:
    # its type
    Type: Task
    Resource: ${Fn}
    Retry:
      - ErrorEquals: [X]
        MaxAttempts: 2
      - IntervalSeconds: 2
        # why
        ErrorEquals:
          - Y
    Next: B   # goes on
  B:
    Type: Pass
    Result: |
      # not a comment
      text
    End: true
"""


def test_json() -> None:
    assert format_json(JSON) == FORMED
    assert format_json(FORMED) == FORMED


def test_yaml() -> None:
    assert format_yaml(YAML) == ORDERED
    assert format_yaml(ORDERED) == ORDERED


@pytest.mark.parametrize("text", ['{"a": 1,}', '{"a": 1, "a": 2}', "", "[" * 499 + "]" * 499])
def test_what_json_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        format_json(text)


ANCHORS = """States:
  A:
    Next: B
    Retry: &retry   # for all
      # the usual
      - MaxAttempts: 2
        ErrorEquals: [X]
    Type: Task
    Resource: &function ${Fn}
  B:
    # as A does
    Retry: *retry
    End: true
    Resource: *function
    Type: Task
    Catch:
      - <<: &to {Next: C}
        ErrorEquals: [X]
      - *last
  C: &c
    End: true
    Type: Pass
StartAt: A
"""
IN_ORDER = """StartAt: A
States:
  A:
    Type: Task
    Resource: &function ${Fn}
    Retry: &retry   # for all
      # the usual
      - ErrorEquals: [X]
        MaxAttempts: 2
    Next: B
  B:
    Type: Task
    Resource: *function
    # as A does
    Retry: *retry
    Catch:
      - ErrorEquals: [X]
        <<: &to {Next: C}
      - *to
    End: true
  C: &c
    Type: Pass
    End: true
"""


def test_yaml_with_anchors() -> None:
    text = ANCHORS.replace("*last", "*to")
    assert format_yaml(text) == IN_ORDER
    assert format_yaml(IN_ORDER) == IN_ORDER
    assert read_yaml(IN_ORDER).data == read_yaml(text).data


@pytest.mark.parametrize(("text", "wanted"), [
    # Type would come first, but what it is stands in the field behind it.
    ("Comment: &t Pass\nStartAt: A\nStates:\n  A:\n    End: true\n    Comment: &c Pass\n    Type: *c\n",
     "Comment: &t Pass\nStartAt: A\nStates:\n  A:\n    Comment: &c Pass\n    Type: *c\n    End: true\n"),
    ("Catch: &x 1\nStates: *x\nStartAt: *x\n", "Catch: &x 1\nStartAt: *x\nStates: *x\n"),
    # The same name twice: the nearest before counts.
    ("States: {}\nStartAt: A\n", "StartAt: A\nStates: {}\n"),
])  # fmt: skip
def test_anchors_stay_before_their_aliases(text: str, wanted: str) -> None:
    assert format_yaml(text) == wanted


def test_anchors_that_would_mean_something_else_are_refused() -> None:
    fields = ("End: &a 1", "Next: *a", "Comment: &a 2", "Type: *a")
    with pytest.raises(FormatError, match="by hand"):
        format_yaml("StartAt: A\nStates:\n  A:\n" + "".join(f"    {field}\n" for field in fields))


@pytest.mark.parametrize(("text", "said"), [
    ("a: [1", "line 1, column 6"), ("a: 1\na: 2", "Duplicate field"),
])  # fmt: skip
def test_what_yaml_is_refused(text: str, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        format_yaml(text)


def test_the_corpus_keeps_its_data() -> None:
    for entry in corpus_index():
        text = (CORPUS / entry["file"]).read_text(encoding="utf-8")
        if entry["file"].endswith(".yaml"):
            done = format_yaml(text)
            assert read_yaml(done).data == read_yaml(text).data
            assert format_yaml(done) == done
            continue
        try:
            done = format_json(text)
        except FormatError:
            continue
        assert json.loads(done) == json.loads(text)
        assert format_json(done) == done
        if entry["kind"] == "workflow":
            dumped = yaml.safe_dump(json.loads(text), sort_keys=False, allow_unicode=True)
            assert read_yaml(format_yaml(dumped)).data == read_yaml(dumped).data
