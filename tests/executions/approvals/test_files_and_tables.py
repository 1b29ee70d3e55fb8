"""Money, tables and files in forms; attachments and who may see them."""

from __future__ import annotations

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict

from designer.errors import ActionError
from executions.approvals import attachments
from executions.approvals.attachments import attach, of_approval
from executions.approvals.decide import decide
from executions.approvals.fields import FEWEST_ROWS, fields_of, read
from executions.approvals.models import Attachment
from executions.approvals.policy_form import body_of, changed
from executions.models import Approval
from tests.designer.people import actor, person, signed_in
from tests.executions.approvals.asking import ask

pytestmark = pytest.mark.django_db
QUOTES = {"type": "array", "items": {"type": "object", "required": ["price"], "properties": {
    "supplier": {"type": "string"}, "price": {"type": "integer", "currency": "JPY"}}}}
FORM = {"type": "object", "required": ["receipt"], "properties": {
    "receipt": {"type": "string", "format": "file"}, "quotes": QUOTES,
    "sum": {"type": "number", "currency": "JPY"}}}


@pytest.fixture
def ana():
    return person("ana", "approver")


def upload(name: str = "receipt.pdf", content: bytes = b"%PDF") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/html")


def test_kinds_of_fields():
    receipt, quotes, total = fields_of(FORM)
    assert (receipt.kind, quotes.kind, total.kind, total.unit) == ("file", "table", "number", "JPY")
    assert len(quotes.rows) == FEWEST_ROWS
    assert [cell.input_name for cell in quotes.rows[1]] == ["form.quotes.1.supplier", "form.quotes.1.price"]


def test_a_default_fills_a_table():
    form = {"properties": {"quotes": {**QUOTES, "default": [{"supplier": "A", "price": 5}, {"supplier": "B"}, "x"]}}}
    (quotes,) = fields_of(form)
    assert [[cell.value for cell in row] for row in quotes.rows] == [["A", "5"], ["B", ""], ["", ""]]


def test_rows_that_are_empty_are_left_out_and_the_rest_stand_where_they_do_in_the_data():
    (quotes,) = fields_of({"properties": {"quotes": QUOTES}})
    data = read([quotes], {"form.quotes.0.supplier": [""], "form.quotes.0.price": [" "],
                           "form.quotes.3.supplier": ["A"], "form.quotes.3.price": ["１,２００"],
                           "form.quotes.7.supplier": ["B"], "form.quotes.7.price": ["many"]})
    assert data == {"quotes": [{"supplier": "A", "price": 1200}, {"supplier": "B", "price": "many"}]}
    assert [row[0].value for row in quotes.rows] == ["A", "B", ""]
    assert quotes.rows[1][1].error
    assert quotes.rows[1][1].name == "quotes.1.price"


def test_through_the_page(ana):
    approval = ask("Receipt", users=(ana,), form=FORM)
    client = signed_in(ana)
    address = f"/approvals/{approval.public_id}/"
    answer = client.post(address, {"decision": "APPROVED", "form.receipt.file": upload(), "form.sum": "x"})
    assert answer.status_code == 422
    kept = Attachment.objects.get()
    assert f'name="form.receipt" value="{kept.public_id}"' in answer.content.decode()
    answer = client.post(address, {
        "decision": "APPROVED", "form.receipt": kept.public_id, "form.sum": "1,200.5",
        "form.quotes.0.supplier": "A", "form.quotes.0.price": "7"})
    assert answer.status_code == 302
    assert Approval.objects.get().form_data == {
        "receipt": kept.public_id, "sum": 1200.5, "quotes": [{"supplier": "A", "price": 7}]}
    assert of_approval(approval)[0] | {"id": ""} == {
        "id": "", "name": "receipt.pdf", "type": "application/pdf", "size": 4, "field": "receipt",
        "sha256": hashlib.sha256(b"%PDF").hexdigest()}
    assert "receipt.pdf" in client.get(address).content.decode()


def test_a_file_of_another_request_is_none_of_this(ana):
    other = attach(actor(ana), ask("Other", users=(ana,)), upload())
    approval = ask("Receipt", users=(ana,), form=FORM)
    with pytest.raises(ActionError) as caught:
        decide(actor(ana), approval.public_id, "APPROVED", "", {"receipt": other.public_id})
    assert caught.value.members["fields"] == {"receipt": "This file is not attached here."}
    assert not approval.votes.exists()


@pytest.mark.parametrize(("name", "content"), [
    ("page.html", b"<script>"), ("page.svg", b"<svg/>"), ("run.exe", b"MZ"), ("none", b"x"), ("empty.pdf", b"")])
def test_files_that_cannot_be_attached(ana, name, content):
    with pytest.raises(ActionError) as caught:
        attach(actor(ana), ask("Receipt", users=(ana,)), upload(name, content))
    assert caught.value.code == "InvalidFile"


def test_files_that_are_too_large(ana, monkeypatch):
    monkeypatch.setattr(attachments, "MAX_FILE", 10)
    monkeypatch.setattr(attachments, "MAX_ALL", 15)
    approval = ask("Receipt", users=(ana,))
    with pytest.raises(ActionError):
        attach(actor(ana), approval, upload(content=b"x" * 11))
    attach(actor(ana), approval, upload(content=b"x" * 10))
    with pytest.raises(ActionError):
        attach(actor(ana), approval, upload(content=b"x" * 10))


@pytest.mark.parametrize(("name", "kept"), [
    ("../../etc/passwd.txt", "passwd.txt"), ("C:\\temp\\見積書.pdf", "見積書.pdf"),
    ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt")])
def test_names_have_no_folders_and_no_lines(ana, name, kept):
    file = upload()
    file._name = name
    assert attach(actor(ana), ask("Receipt", users=(ana,)), file).name == kept


def test_who_gets_a_file(ana):
    approval = ask("Receipt", users=(ana,), started_by=person("rin", "operator"))
    file = attach(actor(ana), approval, upload("見積書.pdf", b"%PDF secret"))
    address = f"/approvals/{approval.public_id}/files/{file.public_id}/"
    answer = signed_in(ana).get(address)
    assert answer.content == b"%PDF secret"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E8")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert signed_in(person("bo", "approver")).get(address).status_code == 404
    other = ask("Other", users=(person("cy", "approver"),))
    assert signed_in(person("di", "viewer")).get(
        f"/approvals/{other.public_id}/files/{file.public_id}/").status_code == 404


def test_only_those_concerned_attach(ana):
    approval = ask("Receipt", users=(ana,), started_by=person("rin", "operator"))
    for one, wanted in ((person("vi", "viewer"), 0), (person("bo", "approver"), 0), (ana, 1)):
        signed_in(one).post(f"/approvals/{approval.public_id}/do/", {"do": "attach", "file": upload()})
        assert Attachment.objects.count() == wanted


def test_a_policy_without_people_does_not_approve_by_itself():
    posted = QueryDict("r0.c0.field=amount&r0.c0.is=between&r0.c0.to=5,000&r0.l0.name=&r0.l0.needed=1&r1.auto=on")
    body = body_of(posted)
    assert body["rows"][0] == {
        "when": [{"field": "amount", "is": "between", "from": None, "to": 5000}], "levels": [{}], "step_up": False}
    assert body["rows"][1]["levels"] == []
    assert len(changed(body, "add-row")["rows"]) == 3
    assert changed(body, "remove-row:9") == body
    assert changed(body, "up:1")["rows"][0]["levels"] == []


def test_in_bulk_only_what_allows_it(ana):
    allowed, alone = ask("Small", users=(ana,), bulk=True), ask("Large", users=(ana,))
    foreign = ask("Foreign", users=(person("bo", "approver"),), bulk=True)
    answer = signed_in(ana).post("/approvals/many/", {
        "id": [allowed.public_id, alone.public_id, foreign.public_id, "none"], "decision": "APPROVED"}, follow=True)
    assert "1 request was decided." in answer.content.decode()
    assert "Large: This request has to be looked at by itself." in answer.content.decode()
    found = dict(Approval.objects.values_list("title", "status"))
    assert found == {"Small": "APPROVED", "Large": "WAITING", "Foreign": "WAITING"}
