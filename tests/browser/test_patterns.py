"""Patterns of the state browser: every one is put into the machine whole, in both query languages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.building import Mouse
from tests.browser.conftest import Visit
from tests.support import rest
from tests.support.server import Server

pytestmark = pytest.mark.browser
Keep = Callable[[Page, str], None]


def test_patterns_are_added_and_sound_but_for_what_they_call(visit: Visit, server: Server, keep: Keep) -> None:
    page = visit("/new-machine/")
    page.keyboard.press("n")
    page.wait_for_url(re.compile("/new-machine/editor/"))
    names = {"Retry with back-off": "Call", "Human in the loop": "Ask a person", "Saga": "Reserve",
             "Poll until done": "Start the job", "Fan out, fan in": "Split", "Circuit breaker": "Call 2"}
    for label, first in names.items():
        page.locator(".browser__entry").filter(has=page.get_by_text(label, exact=True)).click()
        expect(Mouse(page, server).node(first)).to_be_visible()
    keep(page, "all")
    errors = page.locator(".problem", has_text="Error")
    expect(errors.first).to_be_attached()
    assert [text for text in errors.all_text_contents() if "resource" not in text.lower()] == []


def test_a_pattern_speaks_the_machines_language(visit: Visit, server: Server) -> None:
    definition = {"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
    rest.call(server.url, "POST", "machines/", {"name": "pattern-jsonata", "definition": json.dumps(definition)})
    page = visit("/machines/pattern-jsonata/")
    mouse = Mouse(page, server).open("A")
    page.locator(".browser__entry").filter(has=page.get_by_text("Human in the loop", exact=True)).click()
    expect(mouse.node("Approved?")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Rev. 2").first).to_be_visible()
    states = mouse.definition("pattern-jsonata")["States"]
    assert states["A"]["Next"] == "Ask a person"
    assert states["Ask a person"]["Arguments"]["data"] == "{% $states.input %}"
    assert "Condition" in states["Approved?"]["Choices"][0]
