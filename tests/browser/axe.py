"""axe-core, which judges a page by WCAG 2.2 A and AA.

It comes from the packages pinned in static/vendor/source and is never shipped (its licence is the MPL).
"""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

PACKAGES = Path(__file__).parents[2] / "static/vendor/source"
SCRIPT = PACKAGES / "node_modules/axe-core/axe.min.js"
RUN = """() => axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"]})"""


def violations(page: Page) -> list[str]:
    """What is wrong on the page as it is now, one line each."""
    page.evaluate(_source())
    found: list[dict[str, Any]] = page.evaluate(RUN)["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]
            if not _meant(rule["id"], node["html"])]


def _meant(rule: str, html: str) -> bool:
    """The name of a node in a graph begins with the state's name, which is its label; the rule counts the small
    print below it as the label, too."""
    return rule == "label-content-name-mismatch" and html.startswith('<g class="node ')


@cache
def _source() -> str:
    if not SCRIPT.exists():
        npm = shutil.which("npm")
        if npm is None:
            if os.environ.get("REQUIRE_SERVICES"):
                pytest.fail("axe-core needs npm: apt-get install npm")
            pytest.skip("axe-core is not installed and there is no npm on this machine")
        subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=PACKAGES, check=True)
    return SCRIPT.read_text(encoding="utf-8")
