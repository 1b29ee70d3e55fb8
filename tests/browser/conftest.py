"""Real Chromium and a real server, shared by the tests of a module; screenshots go to tests/browser/shots."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.support.server import PASSWORD, Server

SHOTS = Path(__file__).parent / "shots"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("REQUIRE_SERVICES"):
            pytest.fail("The browser tests need chromium: apt-get install chromium")
        pytest.skip("browser tests skipped: no chromium on this machine")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visit]:
    """visit(path, width=…, height=…, scheme=…, locale=…, user=…, password=…) → a page, signed in.

    An error in a page's script or console fails the test.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(path: str, *, width: int = 1440, height: int = 900, scheme: Any = "light", locale: str = "en-US",
                  user: str = "admin", password: str = PASSWORD) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, locale=locale)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on("console", lambda message: faults.append(f"{page.url}: {message.text}")
                if message.type == "error" else None)
        page.goto(f"{server.url}/login/")
        page.locator("input[name=username]").fill(user)
        page.locator("input[name=password]").fill(password)
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url(lambda url: "/login/" not in url)
        page.goto(server.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def tolerant(browser: Browser, visit: Visit) -> Iterator[Visit]:
    """As `visit`, but what is written in the console does not fail the test: the browser itself writes there
    when a server is away or refuses something.  Errors of scripts still do."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(path: str, *, width: int = 1440, height: int = 900, **options: Any) -> Page:
        first = visit("/account/", width=width, height=height, **options)
        context = browser.new_context(
            storage_state=first.context.storage_state(), viewport={"width": width, "height": height},
            color_scheme=options.get("scheme", "light"), locale=options.get("locale", "en-US"))
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.goto(first.url.removesuffix("/account/") + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def keep(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """keep(page, name): a screenshot, named after the test."""
    SHOTS.mkdir(exist_ok=True)
    test = re.sub(r"\W+", "-", request.node.name.removeprefix("test_")).strip("-")
    return lambda page, name: page.screenshot(path=SHOTS / f"{test}-{name}.png") and None
