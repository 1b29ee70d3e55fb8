"""Somebody new: created by an administrator, signs in on a phone, decides, and sees no JSON."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.waiting import PHRASE, approval, ended, start, wait_for
from tests.support import rest
from tests.support.server import Server

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
CLAIM = {"employee": "佐藤 健", "amount": 32000, "currency": "JPY", "purpose": "大阪出張の交通費"}
JSON_LIKE = re.compile(r'[{}]|\[\]|":|\bnull\b|\bundefined\b|\[object')


def test_an_approver_from_creation_to_decision(
    visit: Visit, server: Server, keep: Callable[[Page, str], None],
) -> None:
    admin = visit("/people/")
    admin.get_by_role("link", name="New person").click()
    admin.get_by_label("Username").fill("hanako")
    admin.get_by_label("Name", exact=True).fill("山田 花子")
    admin.get_by_text("Viewer:").click()
    admin.get_by_text("Approver:").click()
    admin.get_by_role("button", name="Create").click()
    secret = admin.locator("input[readonly]").input_value()  # made up, shown once
    assert len(secret) >= 12
    keep(admin, "created")

    execution = start(server, "%E7%B5%8C%E8%B2%BB%E6%89%BF%E8%AA%8D", CLAIM)
    wait_for(lambda: rest.call(server.url, "GET", f"executions/{execution}/")["waiting"])
    page = visit("/", user="hanako", password=secret, locale="ja-JP", **PHONE)
    page.wait_for_url(re.compile("/approvals/"))
    row = page.get_by_role("link", name=re.compile("佐藤 健 の経費"))
    expect(row).to_contain_text("32,000")
    keep(page, "inbox")
    row.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("佐藤 健 の経費")
    expect(page.locator(".readable__figure")).to_have_text("32,000")
    expect(page.locator("main")).to_contain_text("用途")
    assert JSON_LIKE.search(page.locator("main").inner_text()) is None
    keep(page, "approval")
    buttons = page.locator(".approval__bar .button")
    assert all((buttons.nth(at).bounding_box() or {})["height"] >= 48 for at in range(2))
    page.get_by_label(re.compile("負担部署")).fill("営業1課")
    page.locator("#comment").fill("確認しました")
    page.get_by_role("button", name="承認する").click()
    expect(page.locator(".approval__outcome")).to_contain_text("確認しました")
    expect(page.locator(".approval__outcome")).to_contain_text("営業1課")
    assert JSON_LIKE.search(page.locator("main").inner_text()) is None
    keep(page, "decided")
    assert ended(server, execution) == "SUCCEEDED"
    assert page.request.get(f"{server.url}/executions/{execution}/").status == 403


def test_what_is_missing_is_marked(tolerant: Visit, server: Server, keep: Callable[[Page, str], None]) -> None:
    """Whatever the browser lets through, the server marks, and what was typed is still there."""
    execution = start(server, "human-in-the-loop", {"document": "contract-8", "riskScore": 70})
    page = tolerant(f"/approvals/{approval(server, 'contract-8')}/", **PHONE)
    page.locator("#comment").fill("kept")
    page.evaluate("document.querySelector('[data-decision-form]').noValidate = true")
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was decided yet")
    expect(page.get_by_label("Reason")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Reason")).to_be_focused()
    expect(page.locator("#comment")).to_have_value("kept")
    keep(page, "marked")
    page.get_by_label("Reason").fill("looks right")
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.locator(".approval__outcome")).to_contain_text("looks right")
    assert ended(server, execution) == "SUCCEEDED"


def test_a_wrong_person_is_marked_at_the_field(tolerant: Visit) -> None:
    page = tolerant("/people/new/")
    page.get_by_label("Username").fill("two words")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_label("Username")).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".field", has=page.locator("[name=username]"))).to_contain_text("Enter a valid username")


def test_deactivated_at_once(visit: Visit, server: Server) -> None:
    made = rest.call(server.url, "POST", "people/", {
        "username": "leaver", "name": "", "email": "", "groups": ["viewer"], "password": PHRASE})
    page = visit("/machines/", user="leaver", password=PHRASE)
    admin = visit(f"/people/{made['id']}/")
    admin.get_by_role("button", name="Deactivate").click()
    expect(admin.get_by_role("button", name="Activate")).to_be_visible()
    page.reload()
    page.wait_for_url(re.compile("/login/"))
    page.locator("[name=username]").fill("leaver")
    page.locator("[name=password]").fill(PHRASE)
    page.locator("[name=password]").press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
