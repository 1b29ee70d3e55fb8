"""The pages of state machines: who sees them, and that each string has a translation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils.translation import override

from designer.asl.codes import CODES
from designer.diagrams.drawing import draw
from tests.designer.test_rest_machines import ONE, client_of, post

ROOT = Path(__file__).resolve().parents[2]
JS = ROOT / "static" / "js"


@pytest.mark.django_db
def test_pages_by_role() -> None:
    designer, viewer, approver = client_of("designer"), client_of("viewer"), client_of("approver")
    post(designer, "machines/", {"name": "注文", "definition": ONE})
    for path, statuses in {
        "/machines/": (200, 200, 403), "/machines/注文/": (200, 200, 403),
        "/new-machine/": (200, 403, 403), "/new-machine/editor/": (200, 403, 403), "/machines/none/": (404, 404, 403),
    }.items():
        assert tuple(client.get(path).status_code for client in (designer, viewer, approver)) == statuses, path
    assert Client().get("/machines/").status_code == 302


@pytest.mark.django_db
def test_no_name_of_a_machine_is_taken_by_a_page() -> None:
    designer = client_of("designer")
    for name in ("new", "editor", "new-machine"):
        post(designer, "machines/", {"name": name, "definition": ONE})
        page = designer.get(f"/machines/{name}/")
        assert (page.status_code, page.context["name"]) == (200, name)


@pytest.mark.django_db
def test_the_editor_carries_the_machine_and_what_one_may() -> None:
    designer = client_of("designer")
    post(designer, "machines/", {"name": "plain", "definition": ONE})
    page = designer.get("/machines/plain/").content.decode()
    assert '"may": {"design": true, "operate": true}' in page
    assert '"design": false' in client_of("viewer").get("/machines/plain/").content.decode()


def test_the_drawing_speaks_japanese() -> None:
    with override("ja"):
        japanese = draw(ONE)
    with override("en"):
        english = draw(ONE)
    assert [node["name"] for node in japanese["nodes"]] == ["開始", "A", "終了"]
    assert [node["name"] for node in english["nodes"]] == ["Start", "A", "End"]


def _translated(domain: str) -> set[str]:
    """msgids of this room's catalog."""
    text = (ROOT / "designer/editor/locale/ja/LC_MESSAGES" / f"{domain}.po").read_text(encoding="utf-8")
    return {match.replace('\\"', '"') for match in re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)}


OURS = [
    "canvas", "inspector", "pages/editor.js", "pages/machines.js", "panels/palette.js", "panels/problems.js",
    "panels/problem-words.js",
    "panels/saving.js", "panels/start-dialog.js", "panels/ways-in.js", "panels/machines-list.js", "panels/outline.js",
    "panels/notices.js", "panels/dialogs.js", "panels/editor-bar.js", "panels/browser.js", "panels/code-panel.js",
    "panels/command-palette.js", "panels/commands.js", "panels/conflict.js", "panels/context-menu.js",
    "panels/editor-actions.js", "panels/editor-keys.js", "panels/exporting.js", "panels/importing.js",
    "panels/test-dialog.js",
]


@pytest.mark.parametrize("place", OURS)
def test_every_word_of_the_designer_has_a_translation(place: str) -> None:
    path = JS / place
    known = _translated("djangojs")
    for file in [path] if path.is_file() else sorted(path.glob("*.js")):
        text = file.read_text(encoding="utf-8")
        words = re.findall(r'(?<![\w.])(?:_|plural)\(\s*"((?:[^"\\]|\\.)*)"', text)
        assert {word for word in words if word.replace('\\"', '"') not in known} == set(), file.name


def test_every_code_of_the_checker_has_a_meaning() -> None:
    text = (JS / "panels/problem-words.js").read_text(encoding="utf-8")
    assert dict(re.findall(r'^  (\w+): _\("(.+)"\),$', text, re.MULTILINE)) == CODES


def test_every_word_of_the_drawings_has_a_translation() -> None:
    known = _translated("django")
    for file in sorted((ROOT / "designer/diagrams").glob("*.py")):
        words = re.findall(r'(?<![\w.])(?:_|ngettext)\(\s*"((?:[^"\\]|\\.)*)"', file.read_text(encoding="utf-8"))
        assert set(words) <= known, file.name
