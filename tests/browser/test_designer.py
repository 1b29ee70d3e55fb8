"""The designer in real Chromium: from blank by keyboard, by mouse, broken text, what one brings, a large machine."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.designer.drawings import ARTICLE
from tests.designer.test_drawing import large
from tests.support import rest
from tests.support.server import Server

pytestmark = pytest.mark.browser
Keep = Callable[[Page, str], None]


def node(page: Page, name: str) -> Any:
    return page.locator(f".node[data-id='{name}']")


def test_a_machine_by_keyboard_alone(visit: Visit, server: Server, keep: Keep) -> None:
    page = visit("/new-machine/")
    expect(page.locator(".sample").first).to_be_visible()
    page.keyboard.press("n")
    page.wait_for_url(re.compile("/new-machine/editor/"))
    expect(page.get_by_text("Begin here")).to_be_visible()
    page.keyboard.press("a")
    expect(node(page, "Pass")).to_be_focused()
    page.keyboard.press("F2")
    page.keyboard.type("Prepare")
    page.keyboard.press("Enter")
    expect(node(page, "Prepare")).to_be_visible()
    page.locator("#field-name").press("F6")  # from the inspector to the next region
    node(page, "Prepare").focus()
    page.keyboard.press("c")
    expect(node(page, "Choice")).to_be_focused()
    expect(node(page, "Done")).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(node(page, "Prepare")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(node(page, "Choice")).to_be_focused()
    expect(page.locator(".problems__count--none")).to_contain_text("None")
    keep(page, "drawn")
    page.keyboard.press("Control+s")
    page.locator("#new-name").fill("by-keyboard")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Rev. 1").first).to_be_visible()
    saved = json.loads(rest.call(server.url, "GET", "machines/by-keyboard/")["definition"])
    assert saved == {"StartAt": "Prepare", "States": {
        "Prepare": {"Type": "Pass", "Next": "Choice"},
        "Choice": {"Type": "Choice", "Choices": [{"Variable": "$.value", "NumericGreaterThan": 0, "Next": "Done"}],
                   "Default": "Done"},
        "Done": {"Type": "Succeed"}}}
    page.keyboard.press("Control+Enter")
    page.locator("dialog.start .cm-content").press("Control+a")
    page.keyboard.insert_text('{"value": 1}')
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/executions/\d+/"))
    expect(page.locator(".chip--large")).to_contain_text("Succeeded")


def test_drag_delete_and_undo(visit: Visit, server: Server, keep: Keep) -> None:
    page = visit("/machines/expense-approval/")
    before = json.loads(rest.call(server.url, "GET", "machines/expense-approval/")["definition"])
    first = before["StartAt"]
    expect(node(page, first)).to_be_visible()
    entry = page.locator(".browser__entry", has_text="Until a time").bounding_box()
    start = page.locator(".terminal--start").bounding_box()
    assert entry
    assert start
    page.mouse.move(entry["x"] + 30, entry["y"] + 15)
    page.mouse.down()
    page.mouse.move(entry["x"] + 200, entry["y"] + 60, steps=4)
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] + 8, steps=6)
    expect(page.locator(".place.is-near")).to_have_count(1)
    keep(page, "dragging")
    page.mouse.up()
    expect(node(page, "Wait")).to_be_visible()
    expect(page.locator("#field-name")).to_have_value("Wait")
    node(page, first).click()
    page.keyboard.press("Delete")
    expect(node(page, first)).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(node(page, first)).to_be_visible()
    page.keyboard.press("Control+z")
    expect(node(page, "Wait")).to_have_count(0)
    expect(page.get_by_role("button", name="Save")).to_be_disabled()  # the text is what was saved, to the letter


def test_a_broken_text_keeps_the_last_good_graph(visit: Visit, keep: Keep) -> None:
    page = visit("/machines/order-processing/")
    expect(node(page, "Receive order")).to_be_visible()
    page.get_by_role("button", name="Split", exact=True).click()
    page.locator("#code .cm-content").press("Control+Home")
    page.keyboard.press("End")
    page.keyboard.insert_text('\n  "Comment": "x')
    expect(page.locator(".floating--notice")).to_contain_text("is not finished yet")
    expect(node(page, "Receive order")).to_be_visible()
    expect(page.locator(".problem").first).to_be_visible()
    keep(page, "broken")
    page.keyboard.press("Control+z")
    expect(page.locator(".floating--notice")).to_have_count(0)


def test_selection_is_shared(visit: Visit) -> None:
    page = visit("/machines/order-processing/")
    page.get_by_role("button", name="Split", exact=True).click()
    node(page, "Approve order").click()
    expect(page.locator("#inspector h2")).to_have_text("Approve order")
    expect(page.locator("#code .cm-activeLine")).to_contain_text("Approve order")
    page.locator("#code .cm-line", has_text='"Large order?": {').click()
    expect(node(page, "Large order?")).to_have_class(re.compile("is-selected"))
    expect(page.locator("#inspector h2")).to_have_text("Large order?")


@pytest.mark.parametrize("path", ARTICLE, ids=lambda path: path.name)
def test_the_articles_definitions_open(path: Path, visit: Visit) -> None:
    page = visit("/new-machine/")
    page.locator("input[type=file]").set_input_files(path)
    page.wait_for_url(re.compile("/new-machine/editor/"))
    definition = json.loads(path.read_text(encoding="utf-8"))
    if "States" in definition:
        expect(page.locator(".node")).not_to_have_count(0)
        expect(node(page, definition["StartAt"])).to_be_visible()
    else:
        expect(page.get_by_text("a state machine was made around it")).to_be_visible()
        expect(page.locator(".node").first).to_be_visible()


def test_two_hundred_states_are_drawn(visit: Visit, server: Server, keep: Keep) -> None:
    rest.call(server.url, "POST", "machines/", {"name": "large", "definition": _valid(large(200))})
    page = visit("/machines/order-processing/")
    expect(node(page, "Receive order")).to_be_visible()
    spent = page.evaluate("""async () => {
      const { createCanvas } = await import('/static/js/canvas/canvas.js');
      const { get, post } = await import('/static/js/lib/api.js');
      const machine = await get('machines/large/');
      const holder = document.body.appendChild(document.createElement('div'));
      holder.style.cssText = 'position:fixed;inset:0;z-index:99';
      const started = performance.now();
      const { drawing } = await post('check/', { definition: machine.definition });
      const canvas = createCanvas(holder, {});
      canvas.update(drawing);
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      return { ms: performance.now() - started, nodes: holder.querySelectorAll('.node').length };
    }""")
    keep(page, "large")
    print(f"200 states checked, laid out and drawn in {spent['ms']:.0f} ms")  # the promise: under a second
    assert spent["nodes"] >= 200


def _valid(definition: dict[str, Any]) -> dict[str, Any]:
    """With resources that name a function, so that it can be saved."""
    arn = "arn:aws:lambda:us-east-1:000000000000:function:f"
    done: dict[str, Any] = json.loads(json.dumps(definition).replace('"Resource": "x"', f'"Resource": "{arn}"'))
    return done


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
@pytest.mark.parametrize(("scheme", "locale"), [("light", "en-GB"), ("dark", "ja")])
def test_pictures_of_every_page(visit: Visit, keep: Keep, width: int, height: int, scheme: str, locale: str) -> None:
    page = visit("/machines/", width=width, height=height, scheme=scheme, locale=locale)
    expect(page.locator("tbody tr").first).to_be_visible()
    keep(page, "list")
    page.goto(page.url.replace("machines/", "new-machine/"))
    expect(page.locator(".sample").first).to_be_visible()
    keep(page, "gallery")
    page.goto(page.url.replace("new-machine/", "machines/%E6%B3%A8%E6%96%87%E5%87%A6%E7%90%86/"))
    page.locator(".node").nth(3).click()
    expect(page.locator("#inspector h2")).to_be_visible()
    keep(page, "editor")
