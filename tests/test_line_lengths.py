"""Templates, scripts and style sheets of ours can be read: no line is longer than a screen is wide.

Templates hold to it, but for mail in plain text, whose every space counts.  Scripts and style sheets hold to a wider
limit; what is wider still is counted per file, and a count never grows: whoever wraps lines lowers it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.html"))
OURS = sorted(path for kind in ("js", "css") for path in (ROOT / "static" / kind).rglob(f"*.{kind}"))
TEMPLATE_LIMIT, STATIC_LIMIT = 120, 160

# Template → the length of its longest line: one attribute that cannot be broken.
LONGER = {"parts/inbox_row.html": 167}

# File below static/ → how many of its lines are longer.
WIDER = {
    "css/fields.css": 1,  # a picture in an address
}


def lengths(path: Path) -> list[int]:
    return [len(line) for line in path.read_text(encoding="utf-8").splitlines()]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix().split("/", 1)[1]


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_line_of_a_template_is_too_long(path: Path) -> None:
    limit = LONGER.get(name_of(path), TEMPLATE_LIMIT)
    assert [number for number, length in enumerate(lengths(path), 1) if length > limit] == []


@pytest.mark.parametrize("path", OURS, ids=name_of)
def test_no_more_lines_of_a_script_or_style_sheet_are_too_long(path: Path) -> None:
    longer = [number for number, length in enumerate(lengths(path), 1) if length > STATIC_LIMIT]
    assert len(longer) <= WIDER.get(name_of(path), 0), f"lines {longer}"
