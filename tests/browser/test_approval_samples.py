"""Each sample that asks people, as three of them see it: who asks, an approver who is away, the substitute who decides
– at a desk and on a phone.  Nobody sees JSON."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from designer.samples.load import samples
from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.browser.test_approvals import PASSWORD, PHONE, ended, start
from tests.support import rest
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
DESK = {"width": 1280, "height": 800}
PEOPLE = {"rin": ["designer"], "ana": ["approver"], "bo": ["approver"], "dee": ["administrator"]}
INPUTS = {sample.slug: sample.input for sample in samples("en", "000000000000", "us-east-1")}


@dataclass(frozen=True)
class Case:
    """A sample: words of the request's title, what to choose in its form (label → option), how many decide, and what
    the output says."""

    sample: str
    title: str
    status: str
    levels: int = 1
    choices: dict[str, str] = field(default_factory=dict)
    decision: str = "Approve"
    texts: dict[str, str] = field(default_factory=dict)
    on_behalf_of: str | None = "ana"


CASES = [
    Case("expense-approval", "Expenses of", "PAID"),
    Case("human-in-the-loop", "Review contract-77", "PUBLISHED", texts={"Reason": "read it twice"},
         on_behalf_of=None),
    Case("content-release", "Publish:", "PUBLISHED", 2),
    Case("content-release", "Publish:", "SENT_BACK", 1, decision="Reject"),
    Case("model-release", "Release model", "RELEASED", 2, {"Share of the requests at first": "25%"}),
]


@pytest.fixture(scope="module")
def people(server: Server) -> dict[str, Any]:
    return {name: rest.call(server.url, "POST", "people/", {
        "username": name, "password": PASSWORD, "groups": groups})["id"] for name, groups in PEOPLE.items()}


@pytest.fixture(scope="module")
def away(server: Server, people: dict[str, Any]) -> dict[str, Any]:
    """Where each test keeps that Ana has named Dee."""
    return {}


def opened(visit: Visit, user: str, title: str, path: str = "/approvals/", **options: Any) -> Page:
    """A request on a page of its own, reached through the inbox."""
    page = visit(path, user=user, password=PASSWORD, **options)
    link = page.get_by_role("link", name=re.compile(title)).first
    expect(link).to_be_visible()
    page.goto(page.url.split("/approvals/")[0] + str(link.get_attribute("href")))
    return page


def decide(page: Page, case: Case) -> None:
    for label, text in case.texts.items():
        page.get_by_label(re.compile(label)).fill(text)
    for label, option in case.choices.items():
        choice = page.get_by_role("group", name=re.compile(label)).get_by_text(option, exact=True)
        if choice.count():
            choice.first.click()
        else:
            page.get_by_label(re.compile(label)).select_option(option)
    page.locator("#comment").fill("as agreed")
    page.get_by_role("button", name=case.decision, exact=True).click()
    expect(page.get_by_text(re.compile(r"^(Approved|Rejected): ")).first).to_be_visible()


def name_the_substitute(visit: Visit, away: dict[str, Any]) -> None:
    if away:
        return
    page = visit("/approvals/away/", user="ana", password=PASSWORD, **PHONE)
    page.get_by_label("Substitute").select_option("dee")
    now = datetime.now()
    page.get_by_label("From").fill((now - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"))
    page.get_by_label("Until").fill((now + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Name the substitute").click()
    expect(page.get_by_text("Your substitute was named.")).to_be_visible()
    away["dee"] = True


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.sample}-{case.status}")
def test_three_people(visit: Visit, server: Server, people: dict[str, Any], away: dict[str, Any], case: Case) -> None:
    name_the_substitute(visit, away)
    execution = start(server, people["rin"], case.sample, INPUTS[case.sample])

    dee = opened(visit, "dee", case.title)
    request = dee.url.rstrip("/").rsplit("/", 1)[1]
    at_both_sizes(dee)
    rin = opened(visit, "rin", case.title, "/approvals/?tab=requested", **PHONE)
    at_both_sizes(rin)
    expect(rin.get_by_role("button", name="Approve", exact=True)).to_have_count(0)

    dee.set_viewport_size(PHONE if CASES.index(case) % 2 else DESK)
    decide(dee, case)
    if case.levels == 2:  # the same person may not decide both
        dee.goto(f"{server.url}/approvals/{request}/")
        expect(dee.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
        decide(opened(visit, "bo", case.title, **PHONE), case)
    found = ended(server, execution)
    assert found["status"] == "SUCCEEDED", found
    output = found["output"]["text"] if isinstance(found["output"], dict) else found["output"]
    assert json.loads(output)["status"] == case.status

    votes = rest.call(server.url, "GET", f"approvals/{request}/")["votes"]
    assert [(vote["by"], vote["onBehalfOf"]) for vote in votes] == [
        ("dee", case.on_behalf_of), ("bo", None)][:case.levels]
    rin.reload()
    expect(rin.get_by_text("as agreed").first).to_be_visible()


def at_both_sizes(page: Page) -> None:
    """What holds of a page on a phone and at a desk."""
    for size in (PHONE, DESK):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"wider than {size['width']}"
    assert violations(page) == []
    text = page.locator("main").inner_text()
    assert not re.search(r'[{\[]\s*"', text), text
