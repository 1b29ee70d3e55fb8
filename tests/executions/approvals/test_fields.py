"""From a JSON Schema to fields, and from what was typed to data."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone

from executions.approvals.fields import every, fields_of, read, show_problems
from executions.approvals.form import problems


def one(schema, required=False, key="it"):
    (field,) = fields_of({"type": "object", "properties": {key: schema}, "required": [key] if required else []})
    return field


def typed(schema, *texts, required=False):
    field = one(schema, required)
    data = read([field], {field.input_name: list(texts)} if texts else {})
    return field, data


@pytest.mark.parametrize(("schema", "kind"), [
    ({"type": "string"}, "text"),
    ({}, "text"),
    ({"type": ["string", "null"]}, "text"),
    ({"type": "string", "maxLength": 200}, "text"),
    ({"type": "string", "maxLength": 201}, "multiline"),
    ({"type": "string", "format": "multiline"}, "multiline"),
    ({"type": "string", "format": "date"}, "date"),
    ({"type": "string", "format": "date-time"}, "moment"),
    ({"type": "string", "format": "email"}, "email"),
    ({"type": "number"}, "number"),
    ({"type": "integer"}, "integer"),
    ({"type": "boolean"}, "boolean"),
    ({"enum": ["a", "b"]}, "choice"),
    ({"oneOf": [{"const": 1, "title": "One"}]}, "choice"),
    ({"oneOf": [{"type": "string"}, {"type": "number"}]}, "text"),
    ({"type": "array", "items": {"enum": ["a"]}}, "choices"),
    ({"type": "array", "items": {"type": "string"}}, "lines"),
    ({"type": "array", "items": {"type": "object"}}, "json"),
    ({"type": "object", "properties": {"a": {}}}, "group"),
    ({"type": "object"}, "json"),
    ({"type": "array"}, "json"),
    (True, "text"),
])
def test_the_kind_of_field(schema, kind):
    assert one(schema).kind == kind


@pytest.mark.parametrize(("key", "label"), [
    ("orderTotal", "Order total"), ("order_total", "Order total"), ("order-total", "Order total"), ("SKU", "SKU"),
    ("URLOfOrder", "URL of order"), ("金額", "金額"), ("_", "_"), ("a.b", "A.b"),
])
def test_labels_are_words(key, label):
    assert one({"type": "string"}, key=key).label == label


def test_title_description_and_limits_are_shown():
    field = one({"type": "integer", "title": "限度額", "description": "In yen", "minimum": 0, "maximum": 50000})
    assert (field.label, field.hint) == ("限度額", "In yen · 0 to 50,000")


@pytest.mark.parametrize(("schema", "text", "value"), [
    ({"type": "string"}, "  trimmed ", "trimmed"),
    ({"type": "string", "format": "multiline"}, "a\r\nb", "a\nb"),
    ({"type": "integer"}, "12", 12),
    ({"type": "integer"}, "１２,０００", 12000),
    ({"type": "integer"}, "-3", -3),
    ({"type": "integer"}, "123456789012345678901234567890", 123456789012345678901234567890),
    ({"type": "number"}, "0.5", 0.5),
    ({"type": "number"}, "1e3", 1000.0),
    ({"type": "number"}, "7", 7),
    ({"enum": [1, "1", None]}, "1", 1),
    ({"enum": [1, "1", None]}, '"1"', "1"),
    ({"enum": [1, "1", None]}, "null", None),
    ({"oneOf": [{"const": "us", "title": "Us"}]}, '"us"', "us"),
    ({"type": "array", "items": {"type": "string"}}, "a\r\n\r\n b ", ["a", "b"]),
    ({"type": "object"}, '{"a": [1]}', {"a": [1]}),
    ({"type": "string", "format": "date"}, "2026-11-18", "2026-11-18"),
])
def test_what_is_typed_becomes_a_value(schema, text, value):
    field, data = typed(schema, text)
    assert data == {"it": value}
    assert type(data["it"]) is type(value)
    assert field.error == ""


@pytest.mark.parametrize(("schema", "text"), [
    ({"type": "integer"}, "twelve"), ({"type": "integer"}, "1.5"), ({"type": "number"}, "NaN"),
    ({"type": "number"}, "inf"), ({"type": "number"}, "1e999"), ({"type": "object"}, "{"), ({"type": "integer"}, "٠x"),
])
def test_what_is_no_value_is_kept_and_marked(schema, text):
    field, data = typed(schema, text)
    assert field.error
    assert field.value == text
    assert json.dumps(data)


def test_a_choice_that_is_not_offered_does_not_fit_the_schema():
    schema = {"enum": ["a", "b"]}
    _field, data = typed(schema, '"c"')
    assert problems({"type": "object", "properties": {"it": schema}}, data)


@pytest.mark.parametrize("schema", [
    {"type": "string"}, {"type": "number"}, {"enum": ["a"]}, {"type": "array", "items": {"enum": ["a"]}},
    {"type": "string", "format": "date"}, {"type": "object"},
])
@pytest.mark.parametrize("text", ["", "   "])
def test_what_is_left_empty_is_left_out(schema, text):
    assert typed(schema, text)[1] == {} or schema.get("type") == "array"
    assert typed(schema)[1] == {}


def test_a_box_that_is_not_ticked_is_false():
    assert typed({"type": "boolean"})[1] == {"it": False}
    assert typed({"type": "boolean"}, "true")[1] == {"it": True}


def test_boxes_give_a_list_also_an_empty_one_when_it_is_required():
    schema = {"type": "array", "items": {"enum": ["a", 2]}}
    assert typed(schema, '"a"', "2", '"unknown"')[1] == {"it": ["a", 2]}
    assert typed(schema, required=True)[1] == {"it": []}


def test_a_local_time_is_one_of_the_reader():
    with timezone.override("Asia/Tokyo"):
        assert typed({"type": "string", "format": "date-time"}, "2026-11-18T09:30")[1] == {
            "it": "2026-11-18T09:30:00+09:00"}
        assert one({"type": "string", "format": "date-time", "default": "2026-11-18T00:30:00Z"}).value == (
            "2026-11-18T09:30")


def test_defaults_are_filled_in():
    form = {"properties": {
        "text": {"default": "x"}, "number": {"type": "number", "default": 0},
        "yes": {"type": "boolean", "default": True}, "one": {"enum": ["a", "b"], "default": "b"},
        "some": {"type": "array", "items": {"enum": ["a", "b"]}, "default": ["a"]},
        "lines": {"type": "array", "items": {"type": "string"}, "default": ["a", "b"]},
        "any": {"type": "object", "default": {"名": 1}},
    }}
    shown = {field.key: field.value for field in fields_of(form)}
    assert shown == {"text": "x", "number": "0", "yes": True, "one": '"b"', "some": ['"a"'], "lines": "a\nb",
                     "any": '{\n  "名": 1\n}'}


def test_groups_and_dotted_names_stay_apart():
    form = {"properties": {
        "address": {"type": "object", "properties": {"city": {"type": "string"}}},
        "address.city": {"type": "string"},
    }}
    fields = fields_of(form)
    assert [field.name for field in every(fields)] == ["address", "address.city", "address.city"]
    assert read(fields, {"form.address.city": ["大阪"]}) == {"address": {"city": "大阪"}, "address.city": "大阪"}


def test_references_within_the_form_are_followed_and_circles_end():
    form = {"$defs": {"money": {"type": "integer", "minimum": 1}},
            "properties": {"a": {"$ref": "#/$defs/money", "title": "A"}, "b": {"$ref": "#/nowhere"}}}
    fields = fields_of(form)
    assert [(field.kind, field.label) for field in fields] == [("integer", "A"), ("text", "B")]
    circle = {"$defs": {"node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}}}},
              "properties": {"next": {"$ref": "#/$defs/node"}}}
    assert [field.kind for field in every(fields_of(circle))][-1] == "json"


def test_problems_find_their_field_or_are_told_above_the_form():
    fields = fields_of({"properties": {
        "amount": {"type": "number"}, "items": {"type": "array", "items": {"type": "object"}},
        "to": {"type": "object", "properties": {"city": {}}}}})
    rest = show_problems(fields, {
        "amount": "too much", "items.0.name": "missing", "to.city": "unknown", "": "all wrong", "other": "no such"})
    assert {field.name: field.error for field in every(fields) if field.error} == {
        "amount": "too much", "items": "missing", "to.city": "unknown"}
    assert rest == ["all wrong", "no such"]
