"""The YAML face in real Chromium: comments live through edits on the canvas and through saving."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.building import Mouse
from tests.browser.conftest import Visit
from tests.support import rest
from tests.support.server import Server

pytestmark = pytest.mark.browser
Keep = Callable[[Page, str], None]
DEFINITION = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Succeed"}}}


def code(page: Page) -> str:
    return "\n".join(page.locator("#code .cm-line").all_inner_texts())


def test_comments_survive_edits_and_saving(visit: Visit, server: Server, keep: Keep) -> None:
    rest.call(server.url, "POST", "machines/", {"name": "in-yaml", "definition": json.dumps(DEFINITION)})
    page = visit("/machines/in-yaml/", width=1600)
    page.get_by_role("button", name="Split", exact=True).click()
    page.get_by_role("button", name="YAML", exact=True).click()
    expect(page.locator("#code .cm-line").first).to_have_text("StartAt: A")
    page.locator("#code .cm-line", has_text="StartAt: A").click()
    page.keyboard.press("End")
    page.keyboard.insert_text(" # where it begins")
    mouse = Mouse(page, server)
    mouse.open("A").set("Comment", "new: text")
    expect(page.locator("#code .cm-line", has_text="Comment:")).to_have_text('      Comment: "new: text"'.strip())
    assert "StartAt: A # where it begins" in code(page)
    keep(page, "split")
    assert violations(page) == []
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Rev. 2").first).to_be_visible()
    assert mouse.definition("in-yaml")["States"]["A"] == {"Type": "Pass", "Next": "B", "Comment": "new: text"}
    page.reload()
    expect(mouse.node("A")).to_be_visible()
    assert "# where it begins" in code(page)
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    page.locator("#code .cm-line", has_text="Type: Succeed").click()
    page.keyboard.press("End")
    page.keyboard.insert_text("\nX: [")  # broken: the last good graph stays
    expect(page.locator(".floating--notice")).to_contain_text("is not finished yet")
    expect(mouse.node("B")).to_be_visible()
    page.keyboard.press("Control+z")
    page.get_by_role("button", name="JSON", exact=True).click()
    expect(page.locator("#code .cm-line").first).to_have_text("{")
