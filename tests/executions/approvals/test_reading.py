"""Data as a person reads it."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from executions.approvals.reading import MOST_ITEMS, answered, figure, node, readable


@pytest.mark.parametrize(("value", "kind", "text"), [
    (None, "nothing", ""), ("", "nothing", ""), ([], "nothing", ""), ({}, "nothing", ""),
    (True, "text", "Yes"), (False, "text", "No"), (0, "number", "0"), (684200, "number", "684,200"),
    (0.125, "number", "0.125"), (1e300, "number", "1e+300"), (-1234.5, "number", "-1,234.5"),
    (12345678901234567890, "number", "12,345,678,901,234,567,890"),
    ("大阪", "text", "大阪"), ("a\nb", "prose", "a\nb"), ("x" * 121, "prose", "x" * 121),
    ("https://example.co.jp/a?b=c", "link", "https://example.co.jp/a?b=c"),
    ("javascript:alert(1)", "text", "javascript:alert(1)"), ("http://a b", "text", "http://a b"),
    ("2001-11-18T09:31:07Z", "text", "18 Nov 2001, 18:31"), ("2001-99-18T09:31:07Z", "text", "2001-99-18T09:31:07Z"),
    ("0001-01-01T00:00:00+14:00", "text", "0001-01-01T00:00:00+14:00"),
])
def test_one_value(value, kind, text):
    with translation.override("en"), timezone.override("Asia/Tokyo"):
        found = node(value)
    assert (found.kind, found.text) == (kind, text)


def test_amounts_stand_out_and_are_not_said_twice():
    found = readable({"orderTotal": 684200, "shippingCost": 18400, "unitPrice": 5, "customer": "大阪堂"})
    assert found.figures == [("Order total", "684,200"), ("Shipping cost", "18,400")]
    assert [label for label, _node in found.body.pairs] == ["Unit price", "Customer"]


@pytest.mark.parametrize(("data", "text"), [
    ({"count": 1, "total": 1234}, "1,234"), ({"金額": 5}, "5"), ({"total": "5"}, ""), ({}, ""), ([1], ""), (None, ""),
])
def test_the_figure_of_a_line(data, text):
    assert figure(data) == text


def test_alike_things_are_a_table_others_a_list():
    table = node([{"sku": "a", "qty": 1}, {"qty": 2, "note": "x"}])
    assert table.columns == [("Sku", False), ("Qty", True), ("Note", False)]
    assert [[cell.text for cell in row] for row in table.rows] == [["a", "1", ""], ["", "2", "x"]]
    assert node([{"a": {"b": 1}}]).kind == "list"
    assert node(["a", 1, None]).kind == "list"
    assert node([{str(number): 1 for number in range(20)}]).kind == "list"


def test_long_lists_are_counted_and_deep_data_ends():
    assert node(list(range(MOST_ITEMS + 7))).more == 7
    deep: object = "end"
    for _ in range(50):
        deep = {"a": deep}
    assert "…" in render_to_string("parts/readable.html", {"readable": readable(deep)})


def test_nothing_in_the_data_is_markup():
    evil = "<script>alert(1)</script>"
    data = {evil: evil, "list": [evil], "table": [{evil: evil}], "link": "https://x/<b>\"onclick='x'"}
    page = render_to_string("parts/readable.html", {"readable": readable(data)})
    assert "<script" not in page
    assert 'onclick=' not in page.replace("onclick=&#x27;", "")
    assert "&lt;script&gt;" in page


def test_answers_have_the_labels_of_the_form():
    found = answered({"limit": 5, "extraNote": "x"}, {"limit": "New limit"})
    assert [label for label, _node in found.body.pairs] == ["New limit", "Extra note"]
