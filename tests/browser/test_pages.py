"""Every page, for those who may open it: no error, nothing beyond the edge of a phone, and nothing axe objects to,
in both themes and languages; dialogs, too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.browser.waiting import PHRASE, approval, ended, person, start
from tests.support import rest
from tests.support.server import Server

pytestmark = pytest.mark.browser
Keep = Callable[[Page, str], None]

ORDER = {"orderId": "P-1", "customer": {"name": "山田 花子", "email": "h@example.com"},
         "items": [{"sku": "P-100", "quantity": 9, "unitPrice": 19800}]}
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@dataclass(frozen=True, slots=True)
class Filled:
    """Ids of what the pages show."""

    waiting: str
    caught: str
    failed: str
    mapped: str
    approval: str
    decided: str


@pytest.fixture(scope="module")
def filled(server: Server) -> Filled:
    return fill(server)


def fill(server: Server) -> Filled:
    """People, executions of every kind and approvals, for the pages to show."""
    person(server, "vera", "viewer")
    person(server, "abe", "approver", name="佐藤 美咲")
    rest.call(server.url, "POST", "groups/", {"name": "経理部"})
    waiting = start(server, "order-processing", ORDER, "an-order-that-waits-and-has-a-rather-long-name-0001")
    start(server, "order-processing", ORDER | {"orderId": "P-2"})
    caught = start(server, quote("再試行とエラー処理"), {"mode": "broken", "data": [1]})
    failed = start(server, "order-processing", {"orderId": "x"})
    mapped = start(server, "file-map", {"files": [{"name": f"f{number}.csv", "lines": 1} for number in range(12)]})
    decided = approval(server, "P-2")
    rest.call(server.url, "POST", f"approvals/{decided}/decide/",
              {"decision": "REJECTED", "comment": "Too dear", "form": {}})
    assert [ended(server, each) for each in (caught, failed, mapped)] == ["SUCCEEDED", "FAILED", "SUCCEEDED"]
    return Filled(waiting, caught, failed, mapped, approval(server, "P-1"), decided)


def pages(filled: Filled) -> dict[str, str]:
    """Address → what is there once the page is drawn."""
    graph = ".node[data-id]"
    return {
        "/machines/": "tbody tr",
        "/machines/?search=no-such-thing": ".empty",
        "/new-machine/": ".sample",
        "/machines/order-processing/": graph,
        f"/machines/{quote('注文処理')}/": graph,
        "/executions/": "tbody tr",
        "/executions/?q=no-such-thing": ".empty",
        f"/executions/{filled.waiting}/": graph,
        f"/executions/{filled.waiting}/#state=Approve%20order": ".run__panel [role=tab]",
        f"/executions/{filled.caught}/": graph,
        f"/executions/{filled.failed}/#view=table": ".states__row--state",
        f"/executions/{filled.mapped}/#view=events": ".event-row[aria-rowindex='3']",
        "/approvals/": ".inbox__row",
        "/approvals/?tab=mine": ".inbox__list .empty",
        f"/approvals/{filled.approval}/": "#comment",
        f"/approvals/{filled.decided}/": ".approval__outcome",
        "/functions/": "tbody tr",
        "/functions/order-receive/": ".cm-content",
        "/functions/unheard-of/": ".cm-content",
        "/people/": "tbody tr",
        "/people/new/": "[name=username]",
        "/people/1/": "[name=name]",
        "/people/groups/": "tbody tr",
        f"/people/groups/{quote('経理部')}/": "h1",
        "/account/": "[name=timezone]",
        "/account/password/": "[type=password]",
        "/api/v1/docs/": ".api__operation",
    }


OF_VIEWERS = ("/machines/", "/executions/", "/functions/", "/account/", "/api/")
OF_APPROVERS = ("/approvals/", "/account/")
CLOSED_TO_APPROVERS = ("/machines/", "/executions/", "/functions/", "/people/")


def faults(page: Page) -> list[str]:
    """What axe says; and whether the page is wider than its window."""
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return violations(page) + ([f"{wide} px too wide"] if wide > 0 else [])


def look(page: Page, scheme: str, size: dict[str, int]) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.set_viewport_size(size)  # type: ignore[arg-type]


@pytest.mark.parametrize(("language", "first", "second"), [
    ("en-US", ("light", DESKTOP), ("dark", PHONE)), ("ja-JP", ("dark", DESKTOP), ("light", PHONE))])
def test_every_page_of_an_administrator(
    visit: Visit, server: Server, filled: Filled, language: str, first: tuple[str, dict[str, int]],
    second: tuple[str, dict[str, int]],
) -> None:
    page = visit("/account/", locale=language)
    found = {}
    for address, drawn in pages(filled).items():
        look(page, *first)
        page.goto("about:blank")  # an address that differs in what follows # only would not be loaded again
        page.goto(server.url + address)
        expect(page.locator(drawn).first).to_be_visible()
        found[address, "desktop"] = faults(page)
        look(page, *second)
        page.wait_for_timeout(50)
        found[address, "phone"] = faults(page)
        assert page.locator("html").get_attribute("lang") == language[:2]
    assert {where: what for where, what in found.items() if what} == {}


@pytest.mark.parametrize(("username", "allowed", "refused"), [
    ("vera", OF_VIEWERS, ("/people/", "/people/groups/")), ("abe", OF_APPROVERS, CLOSED_TO_APPROVERS)])
def test_pages_of_a_role(
    visit: Visit, server: Server, filled: Filled, username: str, allowed: tuple[str, ...], refused: tuple[str, ...],
) -> None:
    page = visit("/account/", user=username, password=PHRASE, **PHONE)
    found = {}
    for address, drawn in pages(filled).items():
        if address.startswith(allowed) and address not in ("/new-machine/", "/functions/unheard-of/"):
            page.goto(server.url + address)
            expect(page.locator(drawn).first).to_be_visible()
            found[address] = faults(page)
    assert {where: what for where, what in found.items() if what} == {}
    statuses = {address: page.request.get(server.url + address).status for address in refused}
    assert statuses == dict.fromkeys(refused, 403)


def test_whoever_may_not_decide_is_asked_nothing(visit: Visit, server: Server, filled: Filled) -> None:
    """The inbox shows everybody what they asked for themselves; a viewer may read what an execution waits for."""
    page = visit("/approvals/", user="vera", password=PHRASE)
    expect(page.locator(".inbox__list .empty")).to_be_visible()
    expect(page.locator(".inbox__row")).to_have_count(0)
    page.goto(f"{server.url}/approvals/{filled.approval}/")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("[name=decision]")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_that_refuse(visit: Visit, browser: Browser, server: Server, filled: Filled, scheme: str) -> None:
    """Not with `visit` alone: the browser itself writes of 403 and 404 in the console."""
    signed_in = visit("/account/", user="vera", password=PHRASE).context.storage_state()
    context = browser.new_context(storage_state=signed_in, color_scheme=scheme, viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    refusals = {"/people/": "Your role does not allow this", "/machines/nowhere/": "nothing at this address"}
    for address, words in refusals.items():
        page.goto(server.url + address)
        expect(page.get_by_role("heading", level=1)).to_contain_text(words)
        assert faults(page) == []
    context.clear_cookies()
    page.goto(server.url + "/login/")
    assert faults(page) == []
    context.close()


@pytest.mark.parametrize(("scheme", "size"), [("light", PHONE), ("dark", DESKTOP)])
def test_dialogs_and_menus(
    visit: Visit, server: Server, filled: Filled, scheme: str, size: dict[str, int], keep: Keep,
) -> None:
    """Opened by keyboard, accessible, closed by Escape, and the focus is where it was."""
    page = visit("/machines/", scheme=scheme, **size)
    openers = {
        "/machines/": ("tbody button", "dialog.start"),
        "/new-machine/": (".sample__actions button", "dialog"),
        f"/executions/{filled.waiting}/": (".run__actions .button--danger:has-text('Stop')", "dialog"),
        "/functions/": (".top summary", ".new-function"),
        "/functions/order-receive/": ("[data-dialog]", "#delete-dialog"),
    }
    found = {}
    for address, (opener, opened) in openers.items():
        page.goto(server.url + address)
        page.locator(opener).first.focus()
        page.keyboard.press("Enter")
        expect(page.locator(opened)).to_be_visible()
        page.wait_for_timeout(100)
        keep(page, opened.strip(".#").replace(".", "-") + f"-{scheme}")
        found[address] = faults(page)
        page.keyboard.press("Escape")
        expect(page.locator(opened)).to_be_hidden()
        expect(page.locator(opener).first).to_be_focused()
    assert {where: what for where, what in found.items() if what} == {}
