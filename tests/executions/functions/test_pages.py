"""Function pages and REST: saving, what is refused, testing, deleting, and who sees what."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from designer.errors import ActionError
from executions.integrations.functions import actions
from executions.integrations.functions.actions import TestResult as Result
from executions.models import Function, Invocation
from tests.designer.people import actor, person, signed_in

pytestmark = pytest.mark.django_db

SOURCE = "def handler(event, context):\n    return {'stock': 12}\n"
FORM = {"source": SOURCE, "handler": "index.handler", "timeout": "5", "memory": "128", "description": "Looks up"}


@pytest.fixture
def designer() -> Client:
    return signed_in(person("ken", "designer"))


@pytest.fixture
def stock() -> Function:
    return actions.save_function(
        actor(person("maker", "designer")), "check-stock", source=SOURCE, environment={"TOKEN": "s3cret"})


def zipped(**files: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.py", text)
    return data.getvalue()


def page_of(answer) -> str:
    return html.unescape(answer.content.decode())


def test_a_new_function_from_its_name_to_its_code(designer):
    answer = designer.get("/functions/", {"create": " 在庫確認 "})
    assert answer.status_code == 302
    page = page_of(designer.get(answer.headers["Location"]))
    assert "def handler(event, context):" in page
    assert not Function.objects.exists()
    saved = designer.post(answer.headers["Location"], {
        **FORM, "env_name": ["TABLE", "", " SPACED "], "env_value": ["stock", "ignored", " kept "]})
    assert saved.status_code == 302
    made = Function.objects.get()
    assert (made.name, made.source, made.description) == ("在庫確認", SOURCE, "Looks up")
    assert (made.timeout, made.memory) == (5, 128)
    assert made.environment == {"TABLE": "stock", "SPACED": " kept "}
    assert made.updated_by is not None


@pytest.mark.parametrize("name", ["has space", "slash/es", "x" * 65, "<b>"])
def test_a_name_that_is_none_is_refused(designer, name):
    page = page_of(designer.get("/functions/", {"create": name}))
    assert "is no name for a function" in page


@pytest.mark.parametrize(("wrong", "said"), [
    ({"source": "def handler(:\n"}, "line 1"),
    ({"timeout": "0"}, "greater than or equal to 1"),
    ({"timeout": "x"}, "whole number"),
    ({"memory": "99999"}, "less than or equal"),
    ({"handler": "nowhere"}, "MODULE.FUNCTION"),
    ({"env_name": ["1BAD"], "env_value": ["x"]}, "1BAD"),
    ({"env_name": ["AWS_REGION"], "env_value": ["x"]}, "reserved"),
    ({"source": " "}, "needs code"),
])
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(designer, wrong, said):
    answer = designer.post("/functions/broken/", {**FORM, "description": "still here", **wrong})
    assert answer.status_code == 422
    assert said in page_of(answer)
    assert 'value="still here"' in page_of(answer)
    assert not Function.objects.exists()


def test_code_comes_as_a_zip_too_and_stays_when_none_is_typed(designer):
    data = zipped(index="from part import answer\ndef handler(e, c):\n    return answer\n", part="answer = 42\n")
    form = {**FORM, "source": "", "zip_file": SimpleUploadedFile("code.zip", data)}
    assert designer.post("/functions/zipped/", form).status_code == 302
    assert bytes(Function.objects.get().code) == data
    assert "uploaded as a zip" in page_of(designer.get("/functions/zipped/"))
    assert designer.post("/functions/zipped/", {**FORM, "source": "", "timeout": "9"}).status_code == 302
    kept = Function.objects.get()
    assert (bytes(kept.code), kept.timeout) == (data, 9)
    bad = {**FORM, "source": "", "zip_file": SimpleUploadedFile("code.zip", b"no zip")}
    assert designer.post("/functions/zipped/", bad).status_code == 422


def test_secrets_are_shown_to_those_only_who_may_change_them(designer, stock):
    assert "s3cret" in page_of(designer.get("/functions/check-stock/"))
    for role in ("viewer", "operator"):
        client = signed_in(person(f"a-{role}", role))
        for path in ("/functions/check-stock/", "/api/v1/functions/check-stock/", "/api/v1/functions/"):
            page = page_of(client.get(path))
            assert "TOKEN" in page
            assert "s3cret" not in page


def test_a_viewer_cannot_save_and_sees_no_buttons(stock):
    viewer = signed_in(person("v", "viewer"))
    page = page_of(viewer.get("/functions/check-stock/"))
    assert "function-form" in page
    assert not re.search(r'<button class="button button--primary" form="function-form"', page)
    assert "readonly" in page
    assert viewer.get("/functions/not-there/").status_code == 404


def test_the_test_button_shows_result_error_log_and_duration(designer, stock, monkeypatch):
    given = []

    def called(by, name, payload):
        given.append((by.name, name, payload))
        if payload == {"fail": True}:
            return Result("r2", None, "KeyError", '{"errorMessage": "sku"}', "Traceback <b>", 1.25, False)
        return Result("r1", '{"stock":12}', None, None, "looking", 12.5, True)

    monkeypatch.setattr(actions, "invoke_function", called)
    page = page_of(designer.post("/functions/check-stock/test/", {"event": '{"sku": 1}'}))
    for words in ('{"stock":12}', "looking", "12.5 ms", "cold start", "Succeeded"):
        assert words in page
    answer = designer.post("/functions/check-stock/test/", {"event": '{"fail": true}'})
    assert "KeyError" in page_of(answer)
    assert "Traceback &lt;b&gt;" in answer.content.decode()
    assert given == [("ken", "check-stock", {"sku": 1}), ("ken", "check-stock", {"fail": True})]


def test_an_event_that_is_no_json_is_said_and_kept(designer, stock):
    page = page_of(designer.post("/functions/check-stock/test/", {"event": '{"a": \n oops}'}))
    assert "line 2, column 2" in page
    assert "oops" in page


@pytest.mark.parametrize("event", ["9" * 5_000, "[" * 100_000 + "]" * 100_000, "NaN"])
def test_an_event_that_nobody_can_read_is_said(event, designer, stock):
    assert "This is no JSON." in page_of(designer.post("/functions/check-stock/test/", {"event": event}))


def test_a_call_that_is_refused_is_said(designer, stock, monkeypatch):
    def refused(*_given):
        raise ActionError("ServiceException", "All workers are busy.")

    monkeypatch.setattr(actions, "invoke_function", refused)
    assert "All workers are busy." in page_of(designer.post("/functions/check-stock/test/", {"event": "{}"}))


def test_recent_calls_are_listed_with_their_logs_newest_first(designer, stock):
    for number in range(40):
        Invocation.objects.create(
            request_id=f"r{number}", function=stock, started_at=1_700_000_000_000 + number, duration_ms=number,
            cold=False, error="KeyError" if number == 39 else "", log=f"log of call {number}.")
    page = page_of(designer.get("/functions/check-stock/"))
    assert page.index("log of call 39.") < page.index("log of call 38.")
    assert "log of call 5." not in page
    assert len(designer.get("/api/v1/functions/check-stock/invocations/").json()) == 40


def test_deleting_asks_first(designer, stock):
    assert "Delete check-stock?" in page_of(designer.get("/functions/check-stock/delete/"))
    assert Function.objects.exists()
    assert designer.post("/functions/check-stock/delete/").headers["Location"] == "/functions/"
    assert not Function.objects.exists()
    assert designer.post("/functions/check-stock/delete/").status_code == 404


def test_the_list_is_searched(designer, stock):
    assert "check-stock" in page_of(designer.get("/functions/", {"q": "STOCK"}))
    assert "Nothing found" in page_of(designer.get("/functions/", {"q": "zzz"}))
    stock.delete()
    assert "No functions yet" in page_of(designer.get("/functions/"))


def put(client: Client, name: str, body: object):
    return client.put(f"/api/v1/functions/{name}/", json.dumps(body), content_type="application/json")


def test_rest_saves_and_says_where_the_code_is_broken(designer):
    answer = put(designer, "f", {"source": SOURCE, "environment": {"A": ""}, "timeout": 3})
    assert answer.status_code == 200
    assert (answer.json()["timeout"], answer.json()["environment"]) == (3, {"A": ""})
    broken = put(designer, "f", {"source": "def handler(e, c):\n    return (\n"})
    assert broken.status_code == 400
    assert (broken.json()["code"], broken.json()["line"]) == ("InvalidParameterValueException", 2)
    assert put(designer, "f", {"zipFile": "!!!"}).json()["field"] == "zipFile"
    assert put(designer, "f", {"source": SOURCE, "timeout": 0}).json()["field"] == "timeout"
    assert Function.objects.get().timeout == 3


def test_rest_invokes(designer, stock, monkeypatch):
    monkeypatch.setattr(actions, "invoke_function", lambda by, name, payload: Result(
        "r", json.dumps(payload), None, None, "", 1.0, False))
    answer = designer.post("/api/v1/functions/check-stock/invoke/", json.dumps({"event": [1, None]}),
                           content_type="application/json")
    assert (answer.json()["payload"], answer.json()["durationMs"]) == ("[1, null]", 1.0)
