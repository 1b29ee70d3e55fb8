"""A purchase through two levels, as five people see it: who asks, approvers at a desk and on a phone, one who names a
substitute, an administrator.  Nobody sees JSON, and nobody decides what is not theirs."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.support import rest
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]
PASSWORD = "a password for all of them"
PHONE = {"width": 390, "height": 844}
PEOPLE = {"rin": ["designer"], "ana": ["approver"], "bo": ["approver"], "cy": ["approver"]}


@pytest.fixture(scope="module")
def people(server: Server) -> dict[str, Any]:
    """user name → user id."""
    return {name: rest.call(server.url, "POST", "people/", {
        "username": name, "password": PASSWORD, "groups": groups})["id"] for name, groups in PEOPLE.items()}


def start(server: Server, user_id: Any, machine: str, given: dict[str, Any]) -> str:
    """Start an execution as somebody; its id."""
    key = rest.call(server.url, "POST", "keys/", {"user": user_id})
    request = urllib.request.Request(
        f"{server.url}/api/v1/machines/{machine}/executions/", json.dumps({"input": given}).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {key['accessKeyId']}:{key['secretAccessKey']}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return str(json.load(answer)["id"])


def ended(server: Server, execution: str) -> dict[str, Any]:
    for _ in range(100):
        found: dict[str, Any] = rest.call(server.url, "GET", f"executions/{execution}/")
        if found["status"] != "RUNNING":
            return found
        time.sleep(0.1)
    raise AssertionError("it still runs")


def opened(visit: Visit, user: str, title: str, **options: Any) -> Page:
    """The request on a page of its own, from the inbox."""
    page = visit("/approvals/", user=user, password=PASSWORD, **options)
    row = page.get_by_role("link", name=re.compile(title)).first
    expect(row).to_be_visible()
    page.goto(page.url.split("/approvals/")[0] + str(row.get_attribute("href")))
    return page


def test_a_purchase_through_two_levels(
    visit: Visit, server: Server, people: dict[str, Any], keep: Callable[[Page, str], None], tmp_path: Any,
) -> None:
    execution = start(server, people["rin"], "purchase", {
        "item": "会議室モニター", "amount": 480000, "supplier": "梅田電機"})

    # Bo is away and names Cy.
    bo = visit("/approvals/away/", user="bo", password=PASSWORD)
    bo.get_by_label("Substitute").select_option("cy")
    now = datetime.now()
    bo.get_by_label("From").fill((now - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"))
    bo.get_by_label("Until").fill((now + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"))
    keep(bo, "away")
    bo.get_by_role("button", name="Name the substitute").click()
    expect(bo.get_by_text("Your substitute was named.")).to_be_visible()

    # Ana asks, on a desktop.
    ana = opened(visit, "ana", "Large purchase")
    expect(ana.get_by_text("Level 1 of 2")).to_be_visible()
    expect(ana.get_by_text("2 of 2 approvals missing")).to_be_visible()
    keep(ana, "request")
    ana.get_by_text("Ask a question").click()
    ana.get_by_label(re.compile("Your question to")).fill("Is there a cheaper one?")
    ana.get_by_role("button", name="Send the question").click()
    expect(ana.get_by_text("Is there a cheaper one?")).to_be_visible()

    # Rin, who asked, cannot decide, and answers with a file.
    quotation = tmp_path / "見積書.pdf"
    quotation.write_bytes(b"%PDF-1.4 a quotation")
    rin = visit("/approvals/?tab=requested", user="rin", password=PASSWORD)
    keep(rin, "requester-inbox")
    rin.goto(server.url + str(rin.get_by_role("link", name=re.compile("Large purchase")).first.get_attribute("href")))
    expect(rin.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
    expect(rin.get_by_text("You asked for this; others decide.")).to_be_visible()
    rin.get_by_label("Your answer").fill("No, this is the cheapest.")
    rin.locator("#answer-file").set_input_files(quotation)
    rin.get_by_role("button", name="Send the answer").click()
    expect(rin.get_by_role("link", name="見積書.pdf")).to_be_visible()
    keep(rin, "answered")

    # Ana decides: money, a table with an added row, a file.
    ana.reload()
    expect(ana.get_by_text("No, this is the cheapest.")).to_be_visible()
    ana.get_by_label(re.compile("Charge to the budget")).fill("480,000")
    table = ana.locator("[data-table-field]")
    quotes = [("梅田電機", "480,000"), ("難波", "５１０,０００"), ("京都", "530000")]
    for number, (supplier, price) in enumerate(quotes):
        if number == 2:
            table.get_by_role("button", name="Add a row").click()
        row = table.locator("tbody tr").nth(number)
        row.get_by_label("Supplier").fill(supplier)
        row.get_by_label("Price").fill(price)
    ana.locator("#field-quotation").set_input_files(quotation)
    keep(ana, "form")
    ana.get_by_role("button", name="Approve", exact=True).click()
    expect(ana.get_by_text(re.compile("Approved: Large purchase"))).to_be_visible()
    expect(ana.get_by_text("1 of 2 approvals missing")).to_be_visible()
    expect(ana.get_by_role("button", name="Approve", exact=True)).to_have_count(0)

    # Cy, on a phone, is the second of the two.
    cy = opened(visit, "cy", "Large purchase", **PHONE, locale="ja-JP", scheme="dark")
    keep(cy, "phone-ja-dark")
    assert violations(cy) == []
    cy.get_by_role("button", name="承認する", exact=True).click()
    expect(cy.get_by_text(re.compile("承認しました")).first).to_be_visible()

    # The board.
    board = visit("/approvals/")
    row = board.get_by_role("link", name=re.compile("Large purchase")).first
    expect(row).to_contain_text("Level 2 of 2")
    keep(board, "board")
    board.goto(server.url + str(row.get_attribute("href")))
    assert violations(board) == []
    board.locator("#comment").fill("fine")
    board.get_by_role("button", name="Approve", exact=True).click()
    expect(board.get_by_text(re.compile("Approved: Large purchase"))).to_be_visible()
    output = ended(server, execution)
    assert output["status"] == "SUCCEEDED"
    levels = json.loads(output["output"]["text"] if isinstance(output["output"], dict) else output["output"])["levels"]
    assert [[vote["by"] for vote in level["votes"]] for level in levels] == [["ana", "cy"], ["admin"]]
    first = levels[0]["votes"][0]["form"]
    assert first["budget"] == 480000
    assert [quote["price"] for quote in first["quotes"]] == [480000, 510000, 530000]

    # What was decided is on record.
    board.get_by_role("link", name="Recorded in the audit log").click()
    expect(board.get_by_text(re.compile("The log is whole"))).to_be_visible()
    keep(board, "proof")
    board.goto(server.url + "/audit/")
    board.get_by_role("button", name="Check the whole log").click()
    expect(board.get_by_text(re.compile("The log is whole"))).to_be_visible()
    keep(board, "audit")
    assert violations(board) == []


def test_a_policy_is_made_and_tried_without_json(
    tolerant: Visit, people: dict[str, Any], keep: Callable[..., None],
) -> None:
    page = tolerant("/new-policy/")
    page.get_by_label("Name", exact=True).fill("Expenses")
    page.get_by_role("button", name="Condition").click()
    page.get_by_label("If the field").fill("amount")
    page.get_by_label("To", exact=True).fill("50000")
    page.get_by_label("People").select_option("ana")
    page.get_by_role("button", name="Row", exact=True).click()
    page.get_by_role("button", name="Save a new version").click()
    expect(page.get_by_role("alert")).to_contain_text("a level names nobody")
    page.locator("#r1l0g").select_option("administrator")
    keep(page, "form")
    page.get_by_role("button", name="Save a new version").click()
    expect(page.get_by_text("Saved as version 1.")).to_be_visible()
    page.get_by_label("amount", exact=True).fill("60,000")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("status").filter(has_text="Row 2")).to_contain_text("admin")
    page.get_by_label("amount", exact=True).fill("5000")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("status").filter(has_text="Row 1")).to_contain_text("ana")
    keep(page, "tried")
    assert violations(page) == []
