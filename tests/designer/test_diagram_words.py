"""Labels, faces, widths and breaks of what stands in a drawing; the engine in this process; the SVG."""

from __future__ import annotations

import shutil
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

from designer.diagrams import layout
from designer.diagrams.drawing import draw
from designer.diagrams.graph import duration
from designer.diagrams.labels import catch_label, rule_label
from designer.diagrams.palette import palette
from designer.diagrams.resources import face_of
from designer.diagrams.svg import svg
from designer.diagrams.textwidth import SEMIBOLD, shorten, text_width, wrap
from tests.designer.drawings import ARTICLE, WORKFLOWS, faults, read
from tests.designer.test_drawing import large


@pytest.mark.parametrize(("rule", "label"), [
    ({"Variable": "$.Item.stock.N", "NumericGreaterThan": 0, "Next": "A"}, "stock > 0"),
    ({"Variable": "$.total", "NumericGreaterThanEquals": 500000, "Next": "A"}, "total ≥ 500,000"),
    ({"Variable": "$.a", "StringEqualsPath": "$.b.c", "Next": "A"}, "a = c"),
    ({"Variable": "$.a", "IsPresent": False, "Next": "A"}, "a: absent"),
    ({"Not": {"Variable": "$.ok", "BooleanEquals": True}, "Next": "A"}, "not ok = true"),
    ({"And": [{"Variable": "$.a", "IsNull": True}, {"Variable": "$.b", "StringMatches": "x*"}]}, "a: null & b ~ x*"),
    ({"Condition": "{% $states.input.total > 5 %}", "Next": "A"}, "total > 5"),
    ({"Comment": "large order", "Variable": "$.a", "IsNull": True}, "large order"),
    ({}, "?"), ("x", "?"), ({"Variable": 5, "Foo": []}, "?"),
])
def test_rules_in_a_few_words(rule: Any, label: str) -> None:
    assert rule_label(rule) == label


@pytest.mark.parametrize(("errors", "label"), [
    (["States.ALL"], "Any error"), (["States.Timeout"], "Timeout"), (["A", "B", "C"], "A +2"), ([], "?"), (None, "?")])
def test_catchers_in_a_few_words(errors: Any, label: str) -> None:
    assert catch_label({"ErrorEquals": errors}) == label


@pytest.mark.parametrize(("resource", "parameters", "face"), [
    ("arn:aws:lambda:us-east-1:123456789012:function:受付:1", None, ("task", "square-function", "受付 · function")),
    ("arn:aws:states:::lambda:invoke.waitForTaskToken", {"FunctionName": "pay"},
     ("task", "square-function", "pay · function")),
    ("arn:aws:states:::lambda:invoke", {"FunctionName.$": "$.f"}, ("task", "square-function", "Lambda · function")),
    ("arn:aws:states:::aws-sdk:dynamodb:getItem", {}, ("task", "database", "DynamoDB: GetItem")),
    ("arn:aws:states:::sqs:sendMessage", {}, ("task", "inbox", "SQS: SendMessage")),
    ("arn:aws:states:us-east-1:1:activity:pick", {}, ("task", "radio-tower", "pick · activity")),
    ("arn:aws:states:::approval:request", {}, ("approval", "stamp", "A person decides")),
    ("nonsense", {}, ("task", "box", "nonsense")), (None, None, ("task", "square", "No resource yet")),
])
def test_faces_of_tasks(resource: Any, parameters: Any, face: tuple[str, str, str]) -> None:
    found = face_of(resource, parameters)
    assert (found.kind, found.icon, found.subtitle) == face


def test_durations() -> None:
    words = [duration(seconds) for seconds in (0, 59, 90, 3600, 90061)]
    assert words == ["0 s", "59 s", "1 min 30 s", "1 h", "1 d 1 h"]


def test_a_full_width_character_is_one_em() -> None:
    assert text_width("在庫", 13) == 26
    assert text_width("ＡＢ", 10) == 20
    assert text_width("が", 10) == text_width("か\u3099", 10)  # a combining mark has no width of its own


def test_texts_are_shortened_to_fit() -> None:
    assert shorten("short", 100, 11) == "short"
    long = shorten("a long text that does not fit at all", 100, 11)
    assert long.endswith("…")
    assert text_width(long, 11) <= 100


@pytest.mark.parametrize(("text", "lines"), [
    ("Check the stock of every order", ["Check the stock of", "every order"]),
    ("注文確認メールの送信と記録の保存", ["注文確認メールの", "送信と記録の保存"]),
    ("CheckTheStockOfEveryOrder", ["CheckTheStockOf", "EveryOrder"]),
])
def test_names_break_between_words_and_phrases(text: str, lines: list[str]) -> None:
    assert wrap(text, 130, 13, SEMIBOLD) == lines


@pytest.mark.parametrize("path", [WORKFLOWS[3], WORKFLOWS[40], ARTICLE[0]], ids=lambda path: path.name)
def test_svg_is_whole_and_uses_plain_colours(path: Path) -> None:
    text = svg(read(path), theme="dark")
    root = ElementTree.fromstring(text)
    assert "var(" not in text
    assert "currentColor" not in text
    names = {node["lines"][0] for node in draw(read(path))["nodes"]}
    assert names <= {element.text for element in root.iter("{http://www.w3.org/2000/svg}text")}


def test_the_palette_is_the_one_of_the_pages() -> None:
    assert palette("light")["accent"] == "#4347c8"
    assert palette("dark")["t-task"] == "#9db4ff"


def test_without_dot_the_engine_in_this_process_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    definition = large(30)
    with_dot = draw(definition)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(layout, "_known", layout._Known(10))
    drawn = draw({**definition, "Comment": "another"})
    assert faults(drawn) == []
    assert [node["id"] for node in drawn["nodes"]] == [node["id"] for node in with_dot["nodes"]]


def test_a_graph_that_takes_too_long_is_drawn_in_the_order_of_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_long(sources: Any) -> list[str]:
        raise TimeoutError

    monkeypatch.setattr(layout, "_known", layout._Known(10))
    monkeypatch.setattr(layout, "_run", too_long)
    assert faults(draw({**large(40), "Comment": "slow"})) == []
