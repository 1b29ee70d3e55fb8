"""The pages while things happen: a lost server, a second tab, stopping, running again, a double click, Back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.waiting import approval, ended, start
from tests.support import rest
from tests.support.server import Server

pytestmark = pytest.mark.browser
ORDER = {"orderId": "L-1", "customer": {"name": "Ann", "email": "ann@example.com"},
         "items": [{"sku": "P-100", "quantity": 9, "unitPrice": 19800}]}
NAP = {"StartAt": "Nap", "States": {"Nap": {"Type": "Wait", "Seconds": 3600, "End": True}}}
Keep = Callable[[Page, str], None]


def node(page: Page, name: str) -> Any:
    return page.locator(f".node[data-id='{name}']")


def ask(server: Server, order: str) -> tuple[str, str]:
    """An order that waits for a person: (execution, approval)."""
    execution = start(server, "order-processing", ORDER | {"orderId": order})
    return execution, approval(server, order)


def history(server: Server, execution: str) -> list[str]:
    return [event["type"] for event in events_of(server, execution)]


def events_of(server: Server, execution: str) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = rest.call(server.url, "GET", f"executions/{execution}/events/?limit=1000")["events"]
    return events


def test_a_server_that_is_killed(tolerant: Visit, server: Server, keep: Keep) -> None:
    execution, asked = ask(server, "L-10")
    page = tolerant(f"/executions/{execution}/")
    chip = page.locator(".chip--large")
    expect(page.locator(".connection--live")).to_be_visible()
    expect(chip).to_contain_text("Waiting for a person")
    page.evaluate("document.body.dataset.loaded = 'once'")
    server.kill()
    expect(page.locator(".connection--lost")).to_contain_text("Connection lost. Trying again in")
    keep(page, "lost")
    expect(chip).to_contain_text("Waiting for a person")  # what was known stays
    server.start()
    rest.call(server.url, "POST", f"approvals/{asked}/decide/", {"decision": "APPROVED", "comment": "", "form": {}})
    assert ended(server, execution) == "SUCCEEDED"
    if page.get_by_role("button", name="Try now").is_visible():
        page.get_by_role("button", name="Try now").click()
    expect(chip).to_contain_text("Succeeded", timeout=30_000)
    expect(node(page, "Order complete")).to_have_attribute("aria-label", re.compile("Succeeded"))
    expect(page.get_by_role("tab", name="Events")).to_contain_text(str(len(history(server, execution))))
    assert page.evaluate("document.body.dataset.loaded") == "once"


def test_a_list_that_lost_its_server(tolerant: Visit, server: Server) -> None:
    page = tolerant("/executions/")
    expect(page.locator(".connection--live")).to_be_visible()
    server.kill()
    expect(page.locator(".connection--lost")).to_be_visible()
    server.start()
    start(server, "order-processing", {"orderId": "x"}, "after-the-kill")
    expect(page.get_by_role("link", name="after-the-kill")).to_be_visible(timeout=30_000)
    expect(page.locator("tr", has_text="after-the-kill")).to_contain_text("Failed", timeout=15_000)
    expect(page.locator(".connection--live")).to_be_visible()


def test_a_second_tab_sees_the_decision(visit: Visit, server: Server) -> None:
    execution, asked = ask(server, "L-20")
    watching = visit(f"/executions/{execution}/")
    deciding = visit(f"/approvals/{asked}/")
    deciding.locator("#comment").fill("not this month")
    deciding.get_by_role("button", name="Reject", exact=True).click()
    expect(deciding.locator(".approval__outcome")).to_contain_text("not this month")
    expect(watching.locator(".chip--large")).to_contain_text("Failed")
    expect(node(watching, "Order rejected")).to_have_attribute("aria-label", re.compile("Failed"))


def test_too_late_to_decide(tolerant: Visit, server: Server, keep: Keep) -> None:
    _execution, asked = ask(server, "L-30")
    late = tolerant(f"/approvals/{asked}/")
    rest.call(server.url, "POST", f"approvals/{asked}/decide/", {"decision": "REJECTED", "comment": "", "form": {}})
    late.get_by_role("button", name="Approve", exact=True).click()
    expect(late.get_by_role("alert")).to_contain_text("came too late")
    expect(late.locator(".approval__outcome")).to_contain_text("Rejected")
    expect(late.locator(".approval__outcome")).to_contain_text("admin")
    expect(late.locator("#comment")).to_have_count(0)
    keep(late, "late")


def test_stop_with_a_cause(visit: Visit, server: Server) -> None:
    rest.call(server.url, "POST", "machines/", {"name": "nap", "definition": NAP})
    execution = start(server, "nap", {"a": 1})
    page = visit(f"/executions/{execution}/")
    page.get_by_role("button", name="Stop…").click()
    page.get_by_label("Cause (optional)").fill("ordered by phone instead")
    page.get_by_label("Error name (optional)").fill("Operator")
    page.get_by_role("dialog").get_by_role("button", name="Stop").click()
    expect(page.locator(".chip--large")).to_contain_text("Aborted")
    expect(page.locator(".run__panel")).to_contain_text("ordered by phone instead")
    expect(page.get_by_role("button", name="Stop…")).to_have_count(0)
    page.reload()
    expect(page.locator(".run__panel")).to_contain_text("Operator")
    described = rest.call(server.url, "GET", f"executions/{execution}/")
    assert (described["status"], described["cause"]) == ("ABORTED", "ordered by phone instead")


def test_run_again_with_another_input(visit: Visit, server: Server) -> None:
    first = start(server, "order-processing", {"orderId": "L-40"})
    assert ended(server, first) == "FAILED"
    page = visit(f"/executions/{first}/")
    page.get_by_role("button", name="Run again with another input…").click()
    editor = page.locator(".start__input .cm-content")
    expect(editor).to_contain_text("L-40")
    editor.click()
    page.keyboard.press("Control+a")
    mended = ORDER | {"orderId": "L-41", "items": [{"sku": "P-100", "quantity": 1, "unitPrice": 500}]}
    page.keyboard.insert_text(json.dumps(mended))
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(rf"/executions/(?!{first})\d+/"))
    expect(page.locator(".chip--large")).to_contain_text("Succeeded", timeout=20_000)
    second = re.findall(r"/executions/(\d+)/", page.url)[0]
    assert json.loads(rest.call(server.url, "GET", f"executions/{second}/")["input"]) == mended


def test_a_double_click_decides_once(visit: Visit, server: Server) -> None:
    execution, asked = ask(server, "L-50")
    page = visit(f"/approvals/{asked}/")
    page.get_by_role("button", name="Approve", exact=True).dblclick()
    expect(page.locator(".approval__outcome")).to_contain_text("Approved")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert ended(server, execution) == "SUCCEEDED"
    decided = [event for event in events_of(server, execution) if event["type"] == "TaskSucceeded"
               and event["taskSucceededEventDetails"]["resourceType"] == "approval"]
    assert len(decided) == 1


def test_back_after_deciding(visit: Visit, server: Server) -> None:
    """The Back button leads to what is true now, not to a form that was sent."""
    _execution, asked = ask(server, "L-60")
    page = visit(f"/approvals/{asked}/")
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.locator(".approval__outcome")).to_contain_text("Approved")
    page.go_back()
    expect(page.locator(".approval__outcome")).to_contain_text("Approved")
    expect(page.locator("#comment")).to_have_count(0)
    page.get_by_role("link", name="Approvals").click()
    expect(page.locator(".inbox__tabs")).to_be_visible()
    expect(page.locator(".inbox__list")).not_to_contain_text("L-60")
