"""Forms whose check could take for ever, and data that nobody would fill in by hand."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from designer.errors import ActionError
from executions.approvals import form as forms
from executions.approvals.decide import decide
from executions.approvals.fields import MAX_FIELDS, every, fields_of, read
from executions.approvals.form import FormError, check_form, problems
from tests.designer.people import actor, person
from tests.executions.approvals.asking import ask

TOO_HARD = "This form cannot be checked: its rules take too long or lead back to themselves."


def one(schema: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"a": schema}}


@pytest.mark.parametrize(("schema", "good", "bad", "message"), [
    ({"type": "string", "pattern": "^[A-Z]{2}-[0-9]+$"}, "AB-1", "ab", "Does not have the required form."),
    ({"type": "array", "uniqueItems": True}, [1, 2], [1, 1], "[1, 1] has non-unique elements"),
    ({"$ref": "#/$defs/size"}, "S", 1, "Must be text."),
    ({"type": "object", "required": ["注"], "patternProperties": {"^注": {"type": "integer"}}}, {"注": 1}, {"注": "1"},
     "Must be a whole number."),
])
def test_what_may_take_long_is_checked_in_another_process(schema: Any, good: Any, bad: Any, message: str) -> None:
    form = check_form({**one(schema), "$defs": {"size": {"type": "string"}}})
    assert problems(form, {"a": good}) == {}
    assert list(problems(form, {"a": bad}).values()) == [message]


@pytest.mark.parametrize(("schema", "value"), [
    ({"type": "string", "pattern": "^(a+)+$"}, "a" * 60 + "!"),
    ({"$ref": "#/properties/a"}, 1),
    ({"allOf": [{"$ref": "#/properties/a"}]}, 1),
    ({"type": "string", "format": "regex"}, "(" * 5_000),
])
def test_a_form_that_takes_for_ever_is_given_up(schema: Any, value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "SECONDS", 2)
    assert problems(check_form(one(schema)), {"a": value}) == {"": TOO_HARD}


def test_a_pattern_nobody_can_read_is_refused() -> None:
    with pytest.raises(FormError):
        check_form(one({"pattern": "(" * 5_000}))


@pytest.mark.django_db
def test_no_transaction_waits_for_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    depth = len(connection.savepoint_ids)
    seen = []

    def look(*_: Any, **__: Any) -> dict[str, str]:
        seen.append(len(connection.savepoint_ids) - depth)
        return {"a": "wrong"}

    monkeypatch.setattr("executions.approvals.decide.problems", look)
    with pytest.raises(ActionError, match="InvalidForm"):
        decide(actor(person("ken", "approver")), ask("x", form=one({})).public_id, "APPROVED", form_data={"a": 1})
    assert seen == [0]


@pytest.mark.django_db
def test_data_nested_without_end_is_refused() -> None:
    data: dict[str, Any] = {}
    for _ in range(5_000):
        data = {"a": data}
    approval = ask("x")
    with pytest.raises(ActionError, match="nested too deeply"):
        decide(actor(person("ken", "approver")), approval.public_id, "APPROVED", form_data=data)
    (field,) = fields_of(one({"type": "array"}))
    assert read([field], {field.input_name: ["[" * 100_000]}) == {"a": "[" * 100_000}
    assert field.error


def test_a_form_that_refers_to_itself_has_some_fields_only() -> None:
    node = {"type": "object", "properties": {f"p{number}": {"$ref": "#/$defs/node"} for number in range(20)}}
    fields = list(every(fields_of({**node, "$defs": {"node": node}})))
    assert 20 < len(fields) <= MAX_FIELDS
    assert {field.kind for field in fields} == {"group", "json"}
