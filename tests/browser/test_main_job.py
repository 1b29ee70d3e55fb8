"""The main job, end to end: an order workflow is seen, changed, run, watched, approved and found in the history;
then again with boto3."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.support import rest
from tests.support.server import Server

pytestmark = pytest.mark.browser
ORDER = {"orderId": "B-77", "customer": {"name": "Ann", "email": "ann@example.com"},
         "items": [{"sku": "P-100", "quantity": 4, "unitPrice": 15000}]}
MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:order-processing"


def node(page: Page, name: str) -> Any:
    return page.locator(f".node[data-id='{name}']")


def typed(page: Page, editor: str, text: str) -> None:
    """Replace what a code editor holds by typing, as a person would."""
    content = page.locator(f"{editor} .cm-content")
    content.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def test_draw_run_watch_approve(visit: Visit, server: Server, keep: Callable[[Page, str], None]) -> None:
    page = visit("/machines/")
    keep(page, "1-machines")
    page.get_by_role("link", name=re.compile("order-processing")).first.click()
    expect(node(page, "Large order?")).to_be_visible()
    keep(page, "2-editor")

    # Change it: orders from 50,000 on are large, in the code beside the diagram.
    page.get_by_role("button", name="Split", exact=True).click()
    definition = json.loads(rest.call(server.url, "GET", "machines/order-processing/")["definition"])
    definition["States"]["Large order?"]["Choices"][0]["NumericGreaterThanEquals"] = 50000
    typed(page, "#code", json.dumps(definition, indent=2).replace('"Next": "Check stock"', '"Next": "Nowhere"'))
    problem = page.locator("#problems").get_by_text(re.compile("Missing 'Next' target: Nowhere"))
    expect(problem.first).to_be_visible()
    keep(page, "3-problem")
    typed(page, "#code", json.dumps(definition, indent=2))
    expect(problem).to_have_count(0)
    expect(page.locator("#canvas text").get_by_text("total ≥ 50,000").first).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Rev. 2").first).to_be_visible()

    # Run it, with input typed by hand.
    page.get_by_role("button", name="Run", exact=True).click()
    page.locator("#start-name").fill("browser-order")
    typed(page, ".start__input", "{ not json")
    page.locator("dialog.start .button--primary").click()
    expect(page.locator("dialog.start .error")).to_contain_text("Line 1")
    typed(page, ".start__input", json.dumps(ORDER))
    keep(page, "4-start")
    page.locator("dialog.start .button--primary").click()
    page.wait_for_url(re.compile(r"/executions/\d+/"))

    # Watch it live: it comes to wait for a person, without a reload.
    expect(page.locator(".chip--large")).to_contain_text("Waiting for a person")
    expect(node(page, "Check stock")).to_have_attribute("aria-label", re.compile("Succeeded"))
    expect(node(page, "Approve order")).to_have_attribute("aria-label", re.compile("Waiting for a person"))
    keep(page, "5-waiting")

    # Approve it in the inbox, in a second tab.
    inbox = visit("/approvals/")
    keep(inbox, "6-inbox")
    inbox.get_by_role("link", name=re.compile("Approve order B-77")).first.click()
    inbox.get_by_text("express", exact=True).first.click()
    inbox.locator("#comment").fill("fine")
    keep(inbox, "7-approval")
    inbox.get_by_role("button", name="Approve", exact=True).click()

    # The first tab sees the rest as it happens: a retry, two branches, the end.
    expect(page.locator(".chip--large")).to_contain_text("Succeeded", timeout=20_000)
    for name in ("Charge customer", "Arrange shipping", "Confirm by mail", "Order complete"):
        expect(node(page, name)).to_have_attribute("aria-label", re.compile("Succeeded"))
    expect(node(page, "Order rejected")).to_have_attribute("aria-label", re.compile("Not reached"))
    node(page, "Charge customer").click()
    page.get_by_role("tab", name=re.compile("Tries")).click()
    expect(page.get_by_text("PaymentServiceBusy").first).to_be_visible()
    keep(page, "8-succeeded")
    page.get_by_role("tab", name=re.compile("Events")).click()
    expect(page.get_by_role("row", name=re.compile("ExecutionStarted")).first).to_be_visible()
    keep(page, "9-events")

    # What the page showed is what boto3 reads.
    client = server.client()
    arn = f"{MACHINE.replace(':stateMachine:', ':execution:')}:browser-order"
    described = client.describe_execution(executionArn=arn)
    assert described["status"] == "SUCCEEDED"
    assert_complete(json.loads(described["output"]), "B-77", 60000)
    events = client.get_execution_history(executionArn=arn, maxResults=1000)["events"]
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    assert [event["type"] for event in events].count("LambdaFunctionFailed") == 1


def test_the_same_with_boto3(server: Server) -> None:
    client = server.client()
    order = ORDER | {"orderId": "C-1", "items": [{"sku": "P-200", "quantity": 3, "unitPrice": 74800}]}
    run = client.start_execution(stateMachineArn=MACHINE, input=json.dumps(order))
    approval = wait_for(lambda: next(
        (row for row in rest.call(server.url, "GET", "approvals/") if "C-1" in row["title"]), None))
    rest.call(server.url, "POST", f"approvals/{approval['id']}/decide/",
              {"decision": "APPROVED", "comment": "", "form": {"shipping": "standard"}})
    described = wait_for(lambda: ended(client, run["executionArn"]))
    assert described["status"] == "SUCCEEDED", described
    assert_complete(json.loads(described["output"]), "C-1", 224400)


def assert_complete(output: dict[str, Any], order: str, total: int) -> None:
    assert (output["orderId"], output["status"], output["total"]) == (order, "COMPLETED", total)
    assert re.fullmatch(r"pay-[0-9a-f]{8}", output["paymentId"])
    assert re.fullmatch(r"\d{12}", output["trackingNumber"])


def ended(client: Any, arn: str) -> dict[str, Any] | None:
    described: dict[str, Any] = client.describe_execution(executionArn=arn)
    return None if described["status"] == "RUNNING" else described


def wait_for(look: Callable[[], Any], seconds: float = 30) -> Any:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(0.1)
    raise AssertionError("It did not come.")
