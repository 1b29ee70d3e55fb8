"""Versions in real Chromium: differences, restoring, publishing, routing an alias; presence; fit for AWS."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.building import Mouse
from tests.browser.conftest import Visit
from tests.browser.waiting import PHRASE, person
from tests.support import rest
from tests.support.server import Server

pytestmark = pytest.mark.browser
Keep = Callable[[Page, str], None]


def chain(*names: str, **changed: Any) -> str:
    states = {name: {"Type": "Pass", "Next": after} | changed.get(name, {})
              for name, after in zip(names, [*names[1:], "End"], strict=True)}
    return json.dumps({"StartAt": names[0], "States": states | {"End": {"Type": "Succeed"}}}, indent=2)


@pytest.fixture(scope="module")
def machine(server: Server) -> str:
    rest.call(server.url, "POST", "machines/", {"name": "versioned", "definition": chain("A", "B", "C")})
    rest.call(server.url, "PUT", "machines/versioned/", {
        "definition": chain("A", "C", "D", C={"Comment": "x"}), "comment": "B left"})
    return "versioned"


def opened(visit: Visit, server: Server, command: str, **options: Any) -> Page:
    page = visit("/machines/versioned/", **options)
    expect(Mouse(page, server).node("A")).to_be_visible()
    page.get_by_label("More", exact=True).click()
    page.locator(".menu").get_by_role("button", name=command, exact=True).click()
    return page


def test_revisions_are_compared_and_restored(visit: Visit, server: Server, machine: str, keep: Keep) -> None:
    page = opened(visit, server, "Versions")
    first = page.locator(".versions__row", has_text="Rev. 1")
    first.get_by_role("button", name="Compare").click()
    expect(page.locator(".difference__canvas .node.is-removed")).to_have_attribute("data-id", "B")
    expect(page.locator(".difference__canvas .node.is-added")).to_have_attribute("data-id", "D")
    expect(page.locator(".difference__canvas .node.is-changed[data-id='C']")).to_have_count(2)
    keep(page, "graph")
    assert violations(page) == []
    page.get_by_role("button", name="Text", exact=True).click()
    expect(page.locator(".difference__row--added", has_text='"Comment": "x"')).to_be_visible()
    keep(page, "text")
    first.get_by_role("button", name="Restore").click()
    expect(Mouse(page, server).node("B")).to_be_visible()
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_enabled()


def test_a_version_is_published_and_routed(visit: Visit, server: Server, machine: str, keep: Keep) -> None:
    rest.call(server.url, "POST", "machines/versioned/versions/", {})
    rest.call(server.url, "PUT", "machines/versioned/", {"definition": chain("A", "C")})
    page = opened(visit, server, "Versions")
    page.get_by_role("tab", name="Versions").click()
    page.get_by_label("Note").fill("without D")
    page.get_by_role("button", name="Publish the current revision").click()
    expect(page.locator(".versions__row", has_text="without D")).to_be_visible()
    page.get_by_role("tab", name="Aliases").click()
    form = page.locator(".versions__alias")
    form.get_by_label("New alias").fill("live")
    form.get_by_label("leads to").select_option(label="Version 1")
    form.get_by_label("and to").select_option(label="Version 2")
    form.get_by_label("Share of the second").fill("10")
    expect(form.locator("output")).to_have_text("90 % / 10 %")
    form.get_by_role("button", name="Create").click()
    expect(page.get_by_role("tab", name="Aliases 1")).to_be_visible()
    expect(page.locator(".versions__alias").first.locator("[name=alias]")).to_have_value("live")
    keep(page, "aliases")
    assert violations(page) == []
    (alias,) = rest.call(server.url, "GET", "machines/versioned/aliases/")
    assert alias["routes"] == [{"version": 1, "weight": 90}, {"version": 2, "weight": 10}]


def test_who_else_is_here(visit: Visit, server: Server, machine: str) -> None:
    person(server, "petra", "designer", name="Petra P")
    visit("/machines/versioned/", user="petra", password=PHRASE)
    page = visit("/machines/versioned/")
    expect(page.locator(".editor__others")).to_contain_text("Petra P")


def test_the_fit_for_aws(visit: Visit, server: Server, keep: Keep) -> None:
    page = visit("/machines/expense-approval/")
    expect(Mouse(page, server).node("Check claim")).to_be_visible()
    page.get_by_label("More", exact=True).click()
    page.locator(".menu").get_by_role("button", name="Fit for AWS").click()
    expect(page.locator("dialog")).to_contain_text("2 things would not work on AWS")
    expect(page.locator("dialog")).to_contain_text("$0.0001")
    keep(page, "fit")
    assert violations(page) == []
    page.locator("dialog").get_by_role("button", name="Director decides").click()
    expect(page.locator("#inspector h2")).to_have_text("Director decides")
