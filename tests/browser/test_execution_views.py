"""The execution page's views and actions, the list's bulk actions, comparing, incidents: in real Chromium."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.conftest import Visit
from tests.browser.waiting import ended, start, wait_for
from tests.support import rest
from tests.support.server import Server

pytestmark = pytest.mark.browser
Keep = Callable[[Page, str], None]
ITEMS = 4_000
EACH = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
LARGE = {"StartAt": "Many", "States": {
    "Many": {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": EACH, "ResultPath": None, "Next": "More"},
    "More": {"Type": "Map", "ItemsPath": "$.more", "ItemProcessor": {
        "StartAt": "Q", "States": {"Q": {"Type": "Pass", "End": True}}}, "ResultPath": None, "Next": "Output"},
    "Output": {"Type": "Pass", "Parameters": {"big.$": "$.big"}, "End": True}}}
FLAWED = {"StartAt": "Prepare", "States": {
    "Prepare": {"Type": "Pass", "Result": {"price": 7}, "ResultPath": "$.order", "Next": "Price"},
    "Price": {"Type": "Pass", "Parameters": {"total.$": "$.order.cost"}, "End": True}}}
MENDED = {"StartAt": "Prepare", "States": {
    "Prepare": FLAWED["States"]["Prepare"],
    "Price": {"Type": "Pass", "Parameters": {"total.$": "$.order.price"}, "Next": "Added"},
    "Added": {"Type": "Pass", "End": True}}}
PAUSES = {"StartAt": "First", "States": {
    "First": {"Type": "Wait", "Seconds": 1, "Next": "Both"},
    "Both": {"Type": "Parallel", "Next": "Last", "Branches": [EACH, {
        "StartAt": "Each", "States": {"Each": {"Type": "Map", "ItemsPath": "$.items", "End": True, "ItemProcessor": {
            "StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}}}}}]},
    "Last": {"Type": "Pass", "End": True}}}


def define(server: Server, name: str, definition: dict[str, Any]) -> None:
    rest.call(server.url, "POST", "machines/", {"name": name, "definition": definition})


@pytest.fixture(scope="module")
def paused(server: Server) -> str:
    define(server, "pauses", PAUSES)
    execution = start(server, "pauses", {"items": [1, 2, 3]})
    assert ended(server, execution) == "SUCCEEDED"
    return execution


@pytest.fixture(scope="module")
def large(server: Server) -> str:
    define(server, "large", LARGE)
    big = [f"row-{n:05} " + "x" * 40 for n in range(4_000)]
    data = {"items": list(range(ITEMS)), "more": list(range(2_200)), "big": big}
    execution = start(server, "large", data)
    assert ended(server, execution) == "SUCCEEDED"
    return execution


def test_the_timeline_zooms_unfolds_and_has_its_address(visit: Visit, paused: str, keep: Keep) -> None:
    page = visit(f"/executions/{paused}/#view=timeline")
    lanes = page.locator(".lane[data-index]")
    expect(lanes).to_have_count(6)
    lanes.filter(has_text="First").click()
    expect(page.locator(".run__panel h2")).to_have_text("First")
    page.get_by_role("button", name=re.compile("Zoom in")).click()
    assert "sight=" in page.url
    page.reload()
    expect(page.get_by_role("button", name=re.compile("The whole run"))).to_be_enabled()
    expect(page.locator(".lane[aria-selected=true]")).to_contain_text("First")
    page.get_by_role("button", name=re.compile("The whole run")).click()
    assert "sight=" not in page.url
    iterations = lanes.filter(has_text=re.compile(r"^\s*I\s"))
    iterations.get_by_role("button", name="Unfold").click()
    expect(lanes).to_have_count(9)
    expect(page.locator(".lanes")).to_contain_text("Each › item 2")
    lanes.filter(has_text="Each › item 2").click()
    page.get_by_role("tab", name=re.compile("Table")).click()
    expect(page.locator(".states__row--state[aria-selected=true]")).to_contain_text("I")
    page.get_by_role("tab", name=re.compile("Timeline")).click()
    keep(page, "timeline")
    assert axe.violations(page) == []


def test_a_link_leads_to_the_run_as_it_stood(visit: Visit, paused: str, keep: Keep) -> None:
    page = visit(f"/executions/{paused}/#at=2")
    first = page.locator(".node[data-id='First']")
    expect(first).to_have_attribute("aria-label", re.compile("Running"))
    expect(page.locator(".replay__place")).to_contain_text("Event 2 of")
    slider = page.get_by_role("slider", name="Event shown")
    slider.focus()
    slider.press("ArrowRight")
    assert "at=3" in page.url
    expect(first).to_have_attribute("aria-label", re.compile("Succeeded"))
    keep(page, "replay")
    page.get_by_role("button", name="Replay the run").click()
    page.wait_for_url(lambda url: "at=" not in url)
    expect(page.locator(".node[data-id='Last']")).to_have_attribute("aria-label", re.compile("Succeeded"))


def test_25_000_events_and_a_map_of_4_000_items(visit: Visit, server: Server, large: str, keep: Keep) -> None:
    page = visit(f"/executions/{large}/#view=events")
    last = rest.call(server.url, "GET", f"executions/{large}/")["last_event"]
    assert last > 24_700
    expect(page.locator(".view--events .events__bar")).to_contain_text(f"{last:,} events", timeout=30_000)
    assert page.locator(".event-row").count() < 80  # only what is in sight exists
    page.get_by_role("searchbox", name="Search events").fill("row-03999")
    expect(page.locator(".view--events .events__bar")).to_contain_text(re.compile(r"\b[1-9] of 2"))
    expect(page.locator(".events__rows")).to_contain_text("PassStateExited")  # its text lies beyond what is shown
    assert "text=row-03999" in page.url
    page.goto(f"{server.url}/executions/{large}/#view=events&of=P&type=PassStateExited")
    expect(page.locator(".view--events .events__bar")).to_contain_text(f"{ITEMS:,} of")
    page.goto(f"{server.url}/executions/{large}/#view=timeline")
    lane = page.locator(".lane[data-index]").filter(has_text="×4000")
    expect(lane.locator(".lane__bar").first).to_be_visible()
    lane.get_by_role("button", name="Unfold").click()
    assert page.locator(".lane[data-index]").count() < 60
    page.keyboard.press("End")
    keep(page, "lanes")
    page.get_by_role("tab", name=re.compile("Graph")).click()
    expect(page.locator(".node[data-id='Many']")).to_contain_text("4000 / 4000")


def test_an_output_of_256_kib_is_searched(visit: Visit, large: str, keep: Keep) -> None:
    page = visit(f"/executions/{large}/#state=Output")
    page.get_by_role("button", name="Search: Output").click()
    dialog = page.get_by_role("dialog", name="Output")
    dialog.get_by_role("searchbox").fill("row-03999")
    expect(dialog.locator("code")).to_have_text("$.big[3999]")
    expect(dialog.get_by_role("treeitem", selected=True)).to_contain_text("row-03999")
    assert dialog.locator(".json-row").count() < 90
    keep(page, "json")
    assert axe.violations(page) == []
    dialog.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Show each stage of the data").click()
    expect(page.locator(".stages")).to_contain_text("Parameters")


def test_redriven_on_a_repaired_version(visit: Visit, server: Server, keep: Keep) -> None:
    define(server, "flawed", FLAWED)
    execution = start(server, "flawed", {})
    assert ended(server, execution) == "FAILED"
    rest.call(server.url, "PUT", "machines/flawed/", {"definition": json.dumps(MENDED)})
    page = visit(f"/executions/{execution}/")
    page.get_by_role("button", name="Redrive…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Goes on at")
    dialog.get_by_label("Definition").select_option("2")
    expect(dialog).to_contain_text("2 differences")
    expect(dialog).to_contain_text("Added")
    keep(page, "redrive")
    assert axe.violations(page) == []
    dialog.get_by_role("button", name="Redrive on r2").click()
    expect(page.locator(".chip--large")).to_contain_text("Succeeded", timeout=20_000)
    expect(page.locator(".node[data-id='Added']")).to_have_attribute("aria-label", re.compile("Succeeded"))
    assert json.loads(rest.call(server.url, "GET", f"executions/{execution}/")["output"]) == {"total": 7}
    page.get_by_role("link", name="Compare…").click()
    expect(page.locator(".compare__summary")).to_contain_text("The ways part at Price")


def test_a_result_is_filtered_kept_stopped_and_put_back(visit: Visit, server: Server, keep: Keep) -> None:
    define(server, "sleeps", {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3600, "End": True}}})
    ids = [start(server, "sleeps", {"order": f"Z-{n}"}, f"sleeper-{n}") for n in range(3)]
    page = visit("/executions/?machine=sleeps&payload=Z-")
    expect(page.locator("tbody tr")).to_have_count(3)
    page.get_by_role("button", name="Save this filter…").click()
    page.get_by_label("Name", exact=True).fill("Sleepers")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name="Sleepers")).to_have_attribute("aria-current", "page")
    page.get_by_role("checkbox", name="Mark all on this page").check()
    keep(page, "marked")
    assert axe.violations(page) == []
    page.locator(".bulk-bar__all").get_by_role("button", name="Stop…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Cause (optional)").fill("night")
    dialog.get_by_role("button", name="Stop 3 executions").click()
    expect(dialog).to_contain_text("3 of 3")
    dialog.get_by_role("button", name="Undo: redrive them").click()
    expect(dialog).to_contain_text("3 redriven")
    dialog.get_by_role("button", name="Close").click()
    for id in ids:
        assert rest.call(server.url, "GET", f"executions/{id}/")["status"] == "RUNNING"


def test_two_executions_compared(visit: Visit, server: Server, keep: Keep) -> None:
    define(server, "forks", {"StartAt": "Look", "States": {
        "Look": {"Type": "Choice", "Default": "Small", "Choices": [
            {"Variable": "$.n", "NumericGreaterThan": 5, "Next": "Large"}]},
        "Small": {"Type": "Pass", "Next": "End"}, "Large": {"Type": "Pass", "Next": "End"},
        "End": {"Type": "Pass", "Parameters": {"n.$": "$.n"}, "End": True}}})
    one, other = (start(server, "forks", {"n": n}) for n in (1, 9))
    assert {ended(server, one), ended(server, other)} == {"SUCCEEDED"}
    page = visit(f"/executions/compare/?a={one}&b={other}")
    expect(page.locator(".compare-row")).to_have_count(4)
    expect(page.locator(".compare__summary")).to_contain_text("The ways part at Small")
    page.get_by_role("button", name="Values differ first at Look").click()
    expect(page.locator(".compare__values").first).to_contain_text("$.n")
    keep(page, "compare")
    assert axe.violations(page) == []
    page.get_by_label("Differences only").check()
    expect(page.locator(".compare-row").filter(has_text="Small")).to_have_count(1)


def test_incidents_are_owned_and_redriven(visit: Visit, server: Server, keep: Keep) -> None:
    define(server, "fails", {"StartAt": "F", "States": {"F": {
        "Type": "Fail", "Error": "Broken", "CausePath": "$.why"}}})
    for number in range(3):
        assert ended(server, start(server, "fails", {"why": f"part {number} is missing"})) == "FAILED"
    wait_for(lambda: [row for row in rest.call(server.url, "GET", "incidents/?machine=fails")["incidents"]
                      if row["open"] == 3])
    page = visit("/incidents/?machine=fails")
    head = page.locator(".incident__head")
    expect(head).to_have_count(1)
    expect(head).to_contain_text("part <n> is missing")
    head.click()
    page.get_by_label("Owner").select_option("admin")
    page.get_by_label("Note", exact=True).fill("asked the shop")
    page.get_by_role("button", name="Save").click()
    expect(head).to_contain_text("admin")
    keep(page, "incidents")
    assert axe.violations(page) == []
    page.get_by_role("button", name="Redrive 3…").click()
    page.get_by_role("dialog").get_by_role("button", name="Redrive 3 executions").click()
    expect(page.get_by_role("dialog")).to_contain_text("3 redriven")


@pytest.mark.parametrize(("scheme", "locale"), [("light", "ja-JP"), ("dark", "en-US")])
def test_on_a_phone(visit: Visit, server: Server, paused: str, keep: Keep, scheme: str, locale: str) -> None:
    page = visit(f"/executions/{paused}/#view=timeline", width=390, height=844, scheme=scheme, locale=locale)
    expect(page.locator(".lane[data-index]").first).to_be_visible()
    keep(page, f"timeline-{scheme}")
    for path in ("/incidents/", f"/executions/compare/?a={paused}&b={paused}", "/executions/"):
        page.goto(server.url + path)
        page.wait_for_load_state("networkidle")
        keep(page, f"{re.findall('[a-z]+', path)[-2 if '?' in path else -1]}-{scheme}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
