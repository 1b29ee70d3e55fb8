"""Hands for the designer: with the mouse alone (and typing into fields), or with the keyboard alone."""

from __future__ import annotations

import json
import re
from typing import Any, Self

from playwright.sync_api import Locator, Page, expect

from tests.support import rest
from tests.support.server import Server

FOCUSED = """() => {
  const element = document.activeElement;
  const label = element.labels?.[0];
  const texts = label && [...label.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
  const own = texts?.map((node) => node.data).join('');
  return (own ?? element.getAttribute('aria-label') ?? element.textContent).trim();
}"""


class Hands:
    """What both have in common: saving, running, reading the definition."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page, self.server = page, server
        page.set_default_timeout(10_000)

    def node(self, name: str) -> Locator:
        return self.page.locator(f".node[data-id='{name}']")

    def definition(self, name: str) -> Any:
        return json.loads(rest.call(self.server.url, "GET", f"machines/{name}/")["definition"])

    def _succeeds(self) -> None:
        self.page.wait_for_url(re.compile(r"/executions/\d+/"))
        expect(self.page.locator(".chip--large")).to_contain_text("Succeeded", timeout=20_000)


class Mouse(Hands):
    """Drags, clicks, and types into what was clicked."""

    def drag(self, entry: str, name: str, *, below: str | None = None, instead_of: str | None = None) -> Self:
        """Drags an entry of the state browser onto the place below a node (below the start without one); names it."""
        source = self.page.locator(".browser__entry").filter(has=self.page.get_by_text(entry, exact=True)).first
        source.scroll_into_view_if_needed()
        box = source.bounding_box()
        assert box
        self.page.mouse.move(box["x"] + 40, box["y"] + 15)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + 120, box["y"] + 40, steps=3)
        above = (self.node(below) if below else self.page.locator(".terminal--start")).bounding_box()
        assert above
        self.page.mouse.move(above["x"] + above["width"] / 2, above["y"] + above["height"] + 12, steps=5)
        expect(self.page.locator(".place.is-near")).to_have_count(1)
        self.page.mouse.up()
        self.named(name)
        if instead_of:
            self.open(instead_of)
            self.page.locator(".inspector__head").get_by_label("Delete (Del)").click()
            expect(self.node(instead_of)).to_have_count(0)
            self.open(name)
        return self

    def named(self, name: str) -> None:
        field = self.page.locator("#field-name")
        expect(field).to_be_visible()
        field.fill(name)
        field.press("Enter")
        expect(self.node(name)).to_be_visible()
        expect(self.page.locator("#inspector h2")).to_have_text(name)

    def open(self, name: str) -> Self:
        self.page.get_by_role("button", name="Fit", exact=False).first.click()
        self.node(name).click(position={"x": 20, "y": 12})
        expect(self.page.locator("#inspector h2")).to_have_text(name)
        return self

    def tab(self, label: str) -> Self:
        self.page.locator("#inspector").get_by_role("tab", name=label).click()
        return self

    def field(self, label: str, nth: int = 0) -> Locator:
        """By the beginning of its label, which may hold a button too."""
        labels = self.page.locator("#inspector label:visible").filter(has_text=re.compile(f"^\\s*{re.escape(label)}"))
        return self.page.locator(f"#{labels.nth(nth).get_attribute('for')}")

    def set(self, label: str, value: Any, nth: int = 0) -> Self:
        """Fills a field; what is no text is written as JSON."""
        field = self.field(label, nth)
        field.fill(value if isinstance(value, str) else json.dumps(value, indent=2))
        field.press("Tab")
        return self

    def choose(self, label: str, option: str, nth: int = 0) -> Self:
        self.field(label, nth).select_option(label=option)
        return self

    def press(self, label: str) -> Self:
        self.page.locator("#inspector").get_by_role("button", name=label).first.click()
        return self

    def comment(self, text: str) -> Self:
        """The comment of the machine: its form is there when nothing is selected."""
        self.page.locator("#canvas svg").first.click(position={"x": 8, "y": 300})
        expect(self.page.locator("#inspector h2")).to_have_text("New state machine")
        return self.set("Comment", text)

    def save(self, name: str) -> Any:
        self.page.get_by_role("button", name="Create", exact=True).click()
        self.page.locator("#new-name").fill(name)
        self.page.locator("dialog").get_by_role("button", name="Create").click()
        expect(self.page.get_by_text("Rev. 1").first).to_be_visible()
        return self.definition(name)

    def run(self, data: Any) -> None:
        self.page.get_by_role("button", name="Run", exact=True).click()
        self.page.locator("dialog.start .cm-content").fill(json.dumps(data))
        self.page.locator("dialog.start").get_by_role("button", name="Run").click()
        self._succeeds()


class Keyboard(Hands):
    """Presses keys; never points.  `last` is the state named last."""

    last = ""

    def keys(self, *keys: str) -> Self:
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def write(self, text: str) -> Self:
        """Puts text in the place of what the focused field holds, and leaves it by Tab."""
        self.keys("Control+a")
        self.page.keyboard.insert_text(text)
        return self.keys("Tab")

    def named(self, name: str) -> Self:
        self.keys("F2")
        expect(self.page.locator("#field-name")).to_be_focused()
        self.keys("Control+a")
        self.page.keyboard.insert_text(name)
        self.keys("Enter")
        expect(self.node(name)).to_be_visible()
        self.last = name
        return self

    def find(self, words: str) -> Self:
        """Ctrl K and Enter: a state, a command or something to add."""
        self.keys("Control+k")
        expect(self.page.locator(".palette input")).to_be_focused()
        self.page.keyboard.insert_text(words)
        self.keys("Enter")
        expect(self.page.locator(".palette")).to_have_count(0)
        return self

    def add(self, words: str, kind: str) -> Self:
        return self.find(words).appears(kind)

    def appears(self, name: str) -> Self:
        expect(self.node(name)).to_be_focused()
        return self

    def open(self, name: str) -> Self:
        self.find(name)
        expect(self.node(name)).to_be_focused()
        self.keys("Enter")
        expect(self.page.locator("#inspector h2")).to_have_text(name)
        return self

    def to(self, label: str) -> Self:
        """Tab until the control with this label has the focus."""
        passed = []
        for _ in range(70):
            passed.append(self.page.evaluate(FOCUSED)[:60])
            if passed[-1] == label:
                return self
            self.keys("Tab")
        raise AssertionError(f"Tab never reaches {label!r}, but {passed}")

    def tab(self, label: str) -> Self:
        """Another tab of the inspector, by the arrow keys."""
        for _ in range(10):
            self.keys("Tab")
            if self.page.evaluate("document.activeElement.role") == "tab":
                break
        for _ in range(5):
            if self.page.evaluate(FOCUSED).startswith(label):
                return self
            self.keys("ArrowRight")
        raise AssertionError(f"There is no tab {label!r}")

    def choose(self, option: str) -> Self:
        """An option of the focused list, by the arrow keys."""
        self.keys("Home")
        for _ in range(80):
            if self.page.evaluate("document.activeElement.selectedOptions[0].textContent.trim()") == option:
                return self
            self.keys("ArrowDown")
        raise AssertionError(f"There is no option {option!r}")

    def save(self, name: str) -> Any:
        self.keys("Control+s")
        expect(self.page.locator("#new-name")).to_be_focused()
        self.page.keyboard.insert_text(name)
        self.keys("Enter")
        expect(self.page.get_by_text("Rev. 1").first).to_be_visible()
        return self.definition(name)

    def run(self, data: Any) -> None:
        self.keys("Control+Enter")
        expect(self.page.locator("dialog.start .cm-content")).to_be_focused()
        self.keys("Control+a")
        self.page.keyboard.insert_text(json.dumps(data))
        self.keys("Control+Enter")
        self._succeeds()
