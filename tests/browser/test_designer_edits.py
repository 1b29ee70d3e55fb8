"""The designer in real Chromium: fixes, groups, dragging, the palette, merging, testing a state, templates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.support import rest
from tests.support.server import Server

pytestmark = pytest.mark.browser
CHAIN = {"StartAt": "A", "States": {
    "A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Wait", "Seconds": 1, "Next": "C"},
    "C": {"Type": "Pass", "Next": "D"},
    "D": {"Type": "Succeed"}}}


def node(page: Page, name: str) -> Any:
    return page.locator(f".node[data-id='{name}']")


def opened(visit: Visit, server: Server, name: str, definition: dict[str, Any]) -> Page:
    rest.call(server.url, "POST", "machines/", {"name": name, "definition": json.dumps(definition, indent=2)})
    page = visit(f"/machines/{name}/", width=1280, height=720)
    expect(node(page, definition["StartAt"])).to_be_visible()
    return page


def saved(page: Page, server: Server, name: str, revision: int) -> Any:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(f"Rev. {revision}").first).to_be_visible()
    return json.loads(rest.call(server.url, "GET", f"machines/{name}/")["definition"])


def test_a_group_is_wrapped_by_the_menu_and_undone(visit: Visit, server: Server) -> None:
    page = opened(visit, server, "wrapping", CHAIN)
    node(page, "B").click()
    node(page, "C").click(modifiers=["Shift"])
    node(page, "C").click(button="right")
    assert violations(page) == []
    page.get_by_role("menuitem", name="Wrap in a Parallel").click()
    expect(node(page, "Parallel")).to_be_visible()
    found = saved(page, server, "wrapping", 2)
    assert list(found["States"]) == ["A", "Parallel", "D"]
    assert list(found["States"]["Parallel"]["Branches"][0]["States"]) == ["B", "C"]
    page.keyboard.press("Control+z")
    expect(node(page, "Parallel")).to_have_count(0)


def test_a_state_is_dragged_to_another_place(visit: Visit, server: Server) -> None:
    page = opened(visit, server, "dragging", CHAIN)
    a, c, d = (node(page, name).bounding_box() for name in "ACD")
    page.mouse.move(a["x"] + 40, a["y"] + 20)
    page.mouse.down()
    page.mouse.move(a["x"] + 60, a["y"] + 60, steps=3)
    page.mouse.move(c["x"] + c["width"] / 2, (c["y"] + c["height"] + d["y"]) / 2, steps=6)
    expect(page.locator(".place.is-near")).to_have_count(1)
    page.mouse.up()
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_enabled()
    found = saved(page, server, "dragging", 2)
    assert (found["StartAt"], found["States"]["C"]["Next"], found["States"]["A"]["Next"]) == ("B", "A", "D")


def test_the_palette_finds_states_and_commands(visit: Visit, server: Server) -> None:
    page = opened(visit, server, "finding", CHAIN)
    page.keyboard.press("Control+k")
    expect(page.locator(".palette input")).to_be_focused()
    assert violations(page) == []
    page.keyboard.type("C")
    page.keyboard.press("Enter")
    expect(page.locator("#inspector h2")).to_have_text("C")
    page.keyboard.press("Control+k")
    page.keyboard.type("duplicate")
    page.keyboard.press("Enter")
    expect(node(page, "C 2")).to_be_visible()


def test_another_persons_change_is_merged(tolerant: Visit, server: Server) -> None:
    page = opened(tolerant, server, "merging", CHAIN)
    node(page, "A").click()
    page.locator("#field-A-comment").fill("mine")
    page.locator("#field-A-comment").press("Tab")
    theirs = json.loads(json.dumps(CHAIN))
    theirs["States"]["B"]["Seconds"] = 9
    rest.call(server.url, "PUT", "machines/merging/", {"definition": json.dumps(theirs)})
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("can be put together")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Merge and save").click()
    expect(page.get_by_text("Rev. 3").first).to_be_visible()
    found = json.loads(rest.call(server.url, "GET", "machines/merging/")["definition"])["States"]
    assert (found["A"]["Comment"], found["B"]["Seconds"]) == ("mine", 9)


def test_a_state_is_tested_and_the_next_follows(visit: Visit, server: Server) -> None:
    page = opened(visit, server, "trying", CHAIN)
    node(page, "A").click()
    page.keyboard.press("r")
    page.locator(".trial textarea").first.fill('{"n": 1}')
    page.keyboard.press("Control+Enter")
    expect(page.locator(".trial__status")).to_contain_text("Succeeded")
    assert violations(page) == []
    page.get_by_role("button", name="On to the end").click()
    expect(page.locator("#trial-title")).to_have_text("Test “D”")
    expect(page.locator(".trial__status")).to_contain_text("Succeeded")


def test_a_template_is_brought_with_its_placeholders(visit: Visit, tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text("""Resources:
  Orders:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: A, States: {A: {Type: Task, Resource: "${Charge}", End: true}, B: {Type: Succeed, X: 1}}}
""", encoding="utf-8")
    page = visit("/new-machine/")
    page.locator("input[type=file]").set_input_files(path)
    page.locator("dialog input").fill("arn:aws:lambda:us-east-1:000000000000:function:expense-check")
    page.get_by_role("button", name="Open in the editor").click()
    expect(node(page, "A")).to_contain_text("expense-check", timeout=20_000)
    fix = page.locator(".problem-row", has_text="'X'").locator(".problem-row__fix")
    fix.click()  # the field is taken away …
    expect(page.locator(".problem", has_text="'X'")).to_have_count(0)
    page.get_by_label("Undo (Ctrl Z)").click()  # … and back
    expect(page.locator(".problem", has_text="'X'")).to_have_count(1)
