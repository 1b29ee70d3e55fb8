"""python -m tests.campaigns.screenshots [FOLDER] [--looks desktop,phone-dark] [--only WORD]

Pictures of every page and of the designer's dialogs, in each look: desktop and phone, light and dark, English and
Japanese.  FOLDER (tests/browser/shots/pages) gets LOOK/NAME.png, and for each look a sheet of all, sheet-LOOK.png.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, TimeoutError, sync_playwright

from tests.browser.conftest import CHROMIUM, QUIET, SHOTS
from tests.browser.test_pages import DESKTOP, PHONE, fill, pages
from tests.support import rest
from tests.support.server import PASSWORD, Server

MACHINE: Final = "/machines/order-processing/"
NODE: Final = ".node[data-id='Approve order'], .node[data-id='注文の承認']"


@dataclass(frozen=True, slots=True)
class Look:
    size: dict[str, int]
    scheme: str
    locale: str


LOOKS: Final[dict[str, Look]] = {
    "desktop": Look(DESKTOP, "light", "en-US"), "desktop-dark": Look(DESKTOP, "dark", "en-US"),
    "small": Look({"width": 1280, "height": 720}, "light", "en-US"),
    "phone": Look(PHONE, "light", "en-US"), "phone-dark": Look(PHONE, "dark", "en-US"),
    "japanese": Look(DESKTOP, "light", "ja-JP"), "japanese-phone-dark": Look(PHONE, "dark", "ja-JP"),
}


def _key(keys: str) -> Callable[[Page], None]:
    return lambda page: page.keyboard.press(keys)


def _menu(index: int) -> Callable[[Page], None]:
    """The command of the ⋯ menu with this icon."""
    icons = {0: "history", 1: "cloud"}

    def choose(page: Page) -> None:
        page.locator("#bar summary").click()
        page.locator(f"#bar .menu__item:has(use[href$='i-{icons[index]}'])").click()
        page.locator("dialog h2").wait_for()
        page.wait_for_timeout(400)
    return choose


def _chosen(page: Page) -> None:
    page.locator(NODE).first.click()


def _mode(index: int) -> Callable[[Page], None]:
    return lambda page: page.locator("#modes button").nth(index).click()


# What is done on the editor's page before the picture; the phone has no keys and shows one view.
DIALOGS: Final[dict[str, tuple[Callable[[Page], None], ...]]] = {
    "designer-state": (_chosen,), "designer-versions": (_menu(0),), "designer-fit": (_menu(1),),
    "designer-palette": (_key("Control+k"),), "designer-keys": (_key("?"),), "designer-test": (_chosen, _key("r")),
    "designer-run": (_key("Control+Enter"),), "designer-split": (_mode(1), _chosen), "designer-code": (_mode(2),),
    "designer-menu": (lambda page: page.locator(NODE).first.click(button="right"),),
}


def main() -> int:
    parser = argparse.ArgumentParser(description="Pictures of every page and dialog.")
    parser.add_argument("folder", nargs="?", type=Path, default=SHOTS / "pages")
    parser.add_argument("--looks", default=",".join(LOOKS), help="some of " + ", ".join(LOOKS))
    parser.add_argument("--only", default="", help="only pictures with this in their name")
    given = parser.parse_args()
    with Server() as server, sync_playwright() as playwright:
        filled = fill(server)
        rest.call(server.url, "POST", "machines/order-processing/versions/", {"description": "The first"})
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for name in given.looks.split(","):
            folder = given.folder / name
            folder.mkdir(parents=True, exist_ok=True)
            page = _signed_in(browser, server, LOOKS[name])
            for title, picture in _pictures(page, server, pages(filled)):
                if given.only in title:
                    picture(folder / f"{title}.png")
            page.context.close()
            _sheet(browser, folder, given.folder / f"sheet-{name}.png", LOOKS[name].size)
            print(f"{name}: {len(list(folder.glob('*.png')))} pictures, {given.folder / f'sheet-{name}.png'}")
        browser.close()
    return 0


def _signed_in(browser: Browser, server: Server, look: Look) -> Page:
    sizes: Any = look.size
    scheme: Any = look.scheme
    page = browser.new_context(viewport=sizes, color_scheme=scheme, locale=look.locale,
                               reduced_motion="reduce").new_page()
    page.set_default_timeout(5_000)
    page.goto(f"{server.url}/login/")
    page.locator("input[name=username]").fill("admin")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
    return page


def _pictures(page: Page, server: Server, addresses: dict[str, str]) -> Iterator[tuple[str, Callable[[Path], None]]]:
    for address, drawn in addresses.items():
        title = re.sub(r"[^\w=]+", "-", re.sub(r"/[0-9a-f-]{8,}", "/one", re.sub(r"\d+", "n", address))).strip("-")

        def plain(path: Path, address: str = address, drawn: str = drawn) -> None:
            _open(page, server, address, drawn)
            page.screenshot(path=path)
        yield title[:60], plain
    for title, steps in DIALOGS.items():
        def dialog(path: Path, steps: tuple[Callable[[Page], None], ...] = steps) -> None:
            try:
                _open(page, server, MACHINE, ".node[data-id]")
                for step in steps:
                    step(page)
                page.wait_for_timeout(300)
                page.screenshot(path=path)
            except TimeoutError:
                path.unlink(missing_ok=True)  # what this size of a screen does not offer
        yield title, dialog


def _open(page: Page, server: Server, address: str, drawn: str) -> None:
    page.goto("about:blank")
    page.goto(server.url + address)
    page.locator(drawn).first.wait_for()
    page.wait_for_timeout(250)


def _sheet(browser: Browser, folder: Path, path: Path, size: dict[str, int]) -> None:
    """All pictures of a folder on one, each with its name."""
    width = 480 if size["width"] > 600 else 220
    figures = "".join(f"<figure><img src='{file.resolve().as_uri()}' width={width}><figcaption>{file.stem}</figcaption>"
                      "</figure>" for file in sorted(folder.glob("*.png")))
    sheet = path.with_suffix(".html")
    sheet.write_text("<style>body{display:flex;flex-wrap:wrap;gap:8px;font:11px sans-serif;background:#888}"
                     f"figure{{margin:0;width:{width}px}}</style>{figures}", encoding="utf-8")
    page = browser.new_page(viewport={"width": 1980, "height": 1000})
    page.goto(sheet.resolve().as_uri())
    page.wait_for_timeout(500)
    page.screenshot(path=path, full_page=True)
    page.close()
    sheet.unlink()


if __name__ == "__main__":
    raise SystemExit(main())
