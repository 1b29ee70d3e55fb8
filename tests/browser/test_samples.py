"""Every sample is started from its page with its sample input, and seen to end well, while people decide."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from designer.samples.load import samples
from tests.acceptance.test_samples import ACCOUNT, REGION, decide_everything, somebody
from tests.browser.conftest import Visit
from tests.support import rest
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
ENGLISH, JAPANESE = (samples(language, ACCOUNT, REGION) for language in ("en", "ja"))
# Written once: the Japanese ones differ in words alone, and tests/acceptance/test_samples.py runs them all.
RUN = [*ENGLISH, next(sample for sample in JAPANESE if sample.slug == "order-processing")]


@pytest.fixture(scope="module")
def deciding(server: Server) -> Iterator[None]:
    """Two approvers and an administrator approve whatever they are asked."""
    keys = [somebody(server, "ann", "approver"), somebody(server, "bob", "approver"),
            somebody(server, "cho", "administrator"), rest.FIRST_KEY]
    ended = threading.Event()
    thread = threading.Thread(target=decide_everything, args=(server, keys, ended), daemon=True)
    thread.start()
    yield
    ended.set()
    thread.join(30)


def test_every_sample_runs_from_its_page(visit: Visit, server: Server, deciding: None) -> None:
    page = visit("/machines/")
    runs = {}
    for sample in RUN:
        page.goto(f"{server.url}/machines/{quote(sample.name)}/")
        page.get_by_role("button", name="Run", exact=True).click()
        page.locator(".start__input .cm-content").click()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(json.dumps(sample.input, ensure_ascii=False))
        page.keyboard.press("Control+Enter")
        page.wait_for_url(re.compile(r"/executions/\d+/"))
        runs[sample.name] = page.url
    for url in runs.values():
        page.goto(url)
        expect(page.locator(".chip--large")).to_contain_text("Succeeded", timeout=60_000)
    assert len(runs) == len(RUN)
