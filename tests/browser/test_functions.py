"""A function from nothing: created, wrong at first, then right, tested, with a variable, and deleted."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.waiting import PHRASE, person
from tests.support import rest
from tests.support.server import Server

pytestmark = pytest.mark.browser
BROKEN = 'def handler(event, context):\n    return {"sum": sum(event["numbers"])\n'
RIGHT = ('import os\n\n\ndef handler(event, context):\n    print("adding", len(event["numbers"]))\n'
         '    return {"sum": sum(event["numbers"]), "unit": os.environ["UNIT"]}\n')


def typed(page: Page, text: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def saved(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_contain_text("Saved")


def test_create_mend_and_test(tolerant: Visit, server: Server, keep: Callable[[Page, str], None]) -> None:
    page = tolerant("/functions/")
    page.locator("summary", has_text="New function").click()
    page.locator("#new-name").fill("合計")
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_role("heading", name="合計")).to_be_visible()
    expect(page.locator("[data-test]")).to_have_count(0)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-test]")).to_be_visible()

    # Saved from the editor with a mistake: the line and the reason, and nothing is lost.
    typed(page, BROKEN)
    page.keyboard.press("Control+s")
    expect(page.locator("[data-problems]")).to_contain_text(re.compile("never closed|line 2", re.IGNORECASE))
    expect(page.locator(".cm-lintRange-error, .cm-lint-marker-error").first).to_be_visible()
    keep(page, "syntax-error")

    # Mended, with a variable; what is in the editor is saved and tested in one go.
    typed(page, RIGHT)
    page.get_by_role("button", name="Add a variable").click()
    page.get_by_label("Name of the variable").fill("UNIT")
    page.get_by_label("Value of the variable").fill("kg")
    page.locator("#event").fill("[1, 2")
    page.get_by_role("button", name="Save and test").click()
    expect(page.locator("#event-error")).to_contain_text("no JSON")
    page.locator("#event").fill('{"numbers": [1, 2, 39]}')
    page.locator("#event").press("Control+Enter")
    result = page.locator("[data-result]")
    expect(result).to_contain_text('"sum": 42', timeout=20_000)
    expect(result).to_contain_text('"unit": "kg"')
    expect(result).to_contain_text("adding 3")
    expect(page.locator("[data-problems]")).to_be_empty()
    keep(page, "tested")
    row = rest.call(server.url, "GET", "functions/%E5%90%88%E8%A8%88/")
    assert (row["source"], row["environment"]) == (RIGHT, {"UNIT": "kg"})

    # An error of the function is a result like any other.
    page.locator("#event").fill("{}")
    page.get_by_role("button", name="Test", exact=True).click()
    expect(result).to_contain_text("KeyError", timeout=20_000)
    expect(page.locator("[data-recent]")).to_contain_text("KeyError", timeout=20_000)

    page.get_by_role("link", name="Delete the function").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.wait_for_url(f"{server.url}/functions/")
    expect(page.get_by_role("link", name="合計")).to_have_count(0)


def test_a_change_is_not_lost_by_leaving(visit: Visit) -> None:
    page = visit("/functions/order-receive/")
    page.locator(".cm-content").click()
    page.keyboard.type("# x")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="Executions").click()
    expect(page.locator(".cm-content")).to_contain_text("# x")
    assert asked == ["beforeunload"]


def test_a_viewer_reads_only(visit: Visit, server: Server) -> None:
    person(server, "reader", "viewer")
    page = visit("/functions/order-receive/", user="reader", password=PHRASE)
    expect(page.locator(".cm-content")).to_have_attribute("contenteditable", "false")
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    expect(page.get_by_text("Your role does not allow calling it.")).to_be_visible()
