"""Without a mouse: signing in, looking at an execution, deciding, writing a function.  The focus can always be seen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visit
from tests.browser.waiting import approval, ended, start
from tests.support.server import PASSWORD, Server

pytestmark = pytest.mark.browser
ORDER = {"orderId": "K-1", "customer": {"name": "Ann", "email": "ann@example.com"},
         "items": [{"sku": "P-100", "quantity": 9, "unitPrice": 19800}]}

# The focused element, or a box around it, has an outline or a ring; and it is on the screen.
SHOWN = """() => {
  const element = document.activeElement;
  const around = [];
  for (let each = element; each && around.length < 6; each = each.parentElement) around.push(getComputedStyle(each));
  const halo = element.querySelector(".node__halo");
  const box = element.getBoundingClientRect();
  return {
    name: `${element.tagName} ${element.getAttribute("class")} ${element.textContent.trim().slice(0, 40)}`,
    ring: around.some((style) => (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1)
      || /0px 0px 0px [1-4]px/.test(style.boxShadow)) || Boolean(halo && getComputedStyle(halo).stroke !== "none"),
    seen: box.width > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
  };
}"""


def tab_to(page: Page, target: str, *, most: int = 60, key: str = "Tab") -> None:
    """Press Tab until `target` has the focus; each stop on the way must be seen."""
    wanted = page.locator(target).first
    for _ in range(most):
        page.keyboard.press(key)
        stop = page.evaluate(SHOWN)
        assert (stop["ring"], stop["seen"]) == (True, True), stop
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab does not reach {target}.")


def test_sign_in_and_skip(browser: Browser, server: Server) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server.url}/machines/")
    expect(page.locator("[name=username]")).to_be_focused()
    page.keyboard.type("admin")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{server.url}/machines/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    tab_to(page, "[type=search]", most=1)
    tab_to(page, "tbody a", most=1)
    context.close()


def test_an_execution(visit: Visit, server: Server) -> None:
    execution = start(server, "order-processing", ORDER, "by-keyboard")
    approval(server, "K-1")
    page = visit("/executions/")
    expect(page.get_by_role("link", name="by-keyboard")).to_be_visible()
    tab_to(page, "tbody a")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"/executions/{execution}/"))
    expect(page.locator(".node[data-id='Receive order']")).to_be_visible()
    tab_to(page, ".node[data-id='Receive order']")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".node[data-id='Check stock']")).to_be_focused()
    page.keyboard.press("Enter")
    panel = page.locator(".run__panel")
    expect(panel.get_by_role("heading", name="Check stock")).to_be_visible()
    tab_to(page, ".run__panel [role=tab][aria-selected=true]")
    page.keyboard.press("ArrowRight")
    expect(panel.get_by_role("tab", selected=True)).to_be_focused()
    expect(panel.get_by_role("tab", selected=True)).to_contain_text("Tries")
    page.keyboard.press("Escape")
    expect(panel.get_by_role("heading", name="Execution")).to_be_visible()
    page.keyboard.press("2")
    expect(page.get_by_role("tab", name="Table")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("4")
    expect(page.locator(".event-row[aria-rowindex='2']")).to_contain_text("ExecutionStarted")
    page.keyboard.press("1")
    expect(page.locator(".node[data-id='Receive order']")).to_be_visible()


def test_a_dialog_keeps_the_focus(visit: Visit, server: Server) -> None:
    execution = start(server, "order-processing", ORDER | {"orderId": "K-2"})
    approval(server, "K-2")
    page = visit(f"/executions/{execution}/")
    stop = page.get_by_role("button", name="Stop…")
    stop.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=re.compile("^Stop"))
    expect(dialog).to_be_visible()
    inside = "() => document.activeElement === document.body || Boolean(document.activeElement.closest('dialog'))"
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate(inside)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(stop).to_be_focused()


def test_a_decision(visit: Visit, server: Server) -> None:
    execution = start(server, "order-processing", ORDER | {"orderId": "K-3"})
    approval(server, "K-3")
    page = visit("/approvals/?tab=anybody&q=K-3")
    tab_to(page, ".inbox__row")
    page.keyboard.press("Enter")
    expect(page.locator("[data-decision-form]")).to_be_visible()
    tab_to(page, "[data-decision-form] [type=radio]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#comment")
    page.keyboard.type("by keyboard")
    tab_to(page, "button[value=APPROVED]")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Approved: Approve order K-3")).to_be_visible()
    assert ended(server, execution) == "SUCCEEDED"


def test_a_fresh_list_keeps_the_focus(visit: Visit, server: Server) -> None:
    start(server, "order-processing", ORDER | {"orderId": "K-5"})
    approval(server, "K-5")
    page = visit("/approvals/?tab=anybody")
    page.clock.install()
    with page.expect_response(re.compile("/approvals/counts/")):
        page.reload()
    row = page.locator(".inbox__row", has_text="K-5")
    tab_to(page, ".inbox__row:has-text('K-5')")
    page.keyboard.press("Enter")
    expect(page.locator("h2.approval__title")).to_be_focused()
    tab_to(page, ".inbox__row:has-text('K-5')", key="Shift+Tab")
    start(server, "order-processing", ORDER | {"orderId": "K-6"})
    approval(server, "K-6")
    page.clock.run_for(10_001)
    expect(page.locator(".inbox__row", has_text="K-6")).to_be_visible()
    expect(row).to_be_focused()


def test_enter_in_a_field_does_not_decide(visit: Visit, server: Server) -> None:
    start(server, "human-in-the-loop", {"document": "K-4", "riskScore": 64})
    page = visit(f"/approvals/{approval(server, 'K-4')}/")
    page.get_by_label("Reason").fill("because of reasons")
    page.get_by_label("Reason").press("Enter")
    expect(page.get_by_role("button", name="Approve", exact=True)).to_be_enabled()
    expect(page.locator(".chip", has_text="Waiting for a person").first).to_be_visible()


def test_a_function(visit: Visit) -> None:
    page = visit("/functions/numbers-add/")
    tab_to(page, ".cm-content")
    page.keyboard.press("Control+Home")
    page.keyboard.type("# typed")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")  # then Tab leaves the editor instead of indenting
    tab_to(page, "#event")
    page.keyboard.press("Control+a")
    page.keyboard.type('{"numbers": [20, 22]}')
    tab_to(page, "[data-test] button", most=1)
    page.keyboard.press("Enter")
    expect(page.locator("[data-result]")).to_contain_text("42", timeout=20_000)


def test_the_drawer_of_a_phone(visit: Visit) -> None:
    page = visit("/executions/", width=390, height=844)
    tab_to(page, ".top__menu")
    page.keyboard.press("Enter")
    expect(page.locator(".navigation__brand")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#navigation")).to_be_hidden()
