"""The pages: who sees them, and what they come with."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from designer.diagrams.layout import LayoutError
from executions.models import Execution
from executions.rest import describe
from executions.store import new_id
from tests.executions.live.conftest import person
from tests.executions.making import machine, new_execution, states

pytestmark = pytest.mark.django_db


def row(name: str = "run-1", **fields: Any) -> Execution:
    new = new_execution(machine(states("待つ", 待つ={"Type": "Wait", "Seconds": 1})), name=name)
    return Execution.objects.create(**{
        "id": new_id(), "arn": new.arn, "account": "0" * 12, "region": "us-east-1", "name": new.name,
        "machine_id": new.machine_id, "revision_id": new.revision_id, "role_arn": new.role_arn, "input": new.input,
        "started_at": 1_700_000_000_000, "seed": "s", "header": "{}", **fields,
    })


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(person(role))
    return client


def test_somebody_not_signed_in_is_asked_to() -> None:
    for path in ("/executions/", f"/executions/{row().pk}/"):
        answer = Client().get(path)
        assert (answer.status_code, answer["Location"]) == (302, f"/login/?next={path}")


def test_an_approver_does_not_see_executions() -> None:
    client = signed_in("approver")
    assert client.get("/executions/").status_code == 403
    assert client.get(f"/executions/{row().pk}/").status_code == 403


def test_an_execution_that_does_not_exist() -> None:
    client = signed_in("viewer")
    assert client.get("/executions/7/").status_code == 404
    assert client.get(f"/executions/{10**25}/").status_code == 404


def data_of(page: str, id: str) -> Any:
    found = re.search(rf'<script id="{id}" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_the_page_comes_with_everything_but_the_history() -> None:
    execution = row(input='{"text": "</script><b>"}')
    page = signed_in("viewer").get(f"/executions/{execution.pk}/").content.decode()
    data = data_of(page, "execution-data")
    assert (data["id"], data["input"]) == (str(execution.pk), '{"text": "</script><b>"}')
    assert "待つ" in [node["id"] for node in data["drawing"]["nodes"]]
    assert "<b>" not in page


def test_the_page_opens_when_nothing_can_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    def undrawable(definition: Any) -> Any:
        raise LayoutError("no dot")

    monkeypatch.setattr(describe, "draw", undrawable)
    page = signed_in("viewer").get(f"/executions/{row().pk}/").content.decode()
    assert data_of(page, "execution-data")["drawing"] is None


def test_the_list_names_the_machines() -> None:
    execution = row()
    page = signed_in("viewer").get("/executions/").content.decode()
    assert data_of(page, "machines") == [execution.machine.name]


def test_a_name_with_markup_is_text() -> None:
    execution = row()
    Execution.objects.filter(pk=execution.pk).update(name="<i>x</i>")
    page = signed_in("viewer").get(f"/executions/{execution.pk}/").content.decode()
    assert "<i>x</i>" not in page
