"""Every text of the people, approvals and function pages exists in Japanese, and the .mo files are of today.

A room's texts may stand in any room's catalogue; Django merges them.
"""

from __future__ import annotations

import ast
import gettext
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = {"_", "gettext", "gettext_lazy", "gettext_noop", "pgettext", "pgettext_lazy", "ngettext", "ngettext_lazy",
             "npgettext"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy", "npgettext"}
ROOMS = ["designer/people", "designer/rest/docs.py", "designer/rest/refusals.py", "designer/rest/errors.py",
         "designer/templatetags", "executions/approvals",
         "executions/integrations"]
TEMPLATES = [
    "403", "403_csrf", "404", "account", "api_docs", "approval", "approvals", "base", "connection", "connection_delete",
    "connections", "function", "function_delete",
    "functions", "group", "groups", "login", "password", "people", "person", "person_new", "refused",
]
SCRIPTS = [
    "lib/api.js", "lib/code-editor.js", "lib/toasts.js", "pages/approvals.js", "pages/frame.js", "pages/function.js",
]
STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = rf"\b(?:_|n?p?gettext)\((?:\s*(?:{STRING}|\w+)\s*,?)+\)"
MARKED_IN_SCRIPT = r'\b(?:_|gettext|plural)\("((?:[^"\\]|\\.)*)"'
CATALOGUES = sorted(path for room in ("designer", "executions") for path in (ROOT / room).rglob("LC_MESSAGES/*.po"))

Text = tuple[str, str]  # context ("" for none), English


def texts_of(source: str) -> Iterator[Text]:
    """The texts that Python source marks for translation."""
    for node in ast.walk(ast.parse(source)):
        name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and name in FUNCTIONS:
            values = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            if values:
                yield (values[0], values[1]) if name in WITH_CONTEXT else ("", values[0])


def texts_of_template(path: Path) -> Iterator[Text]:
    """templatize() leaves calls of the gettext functions, one after another, in what is otherwise no Python."""
    marked = templatize(path.read_text(encoding="utf-8"))
    for call in re.finditer(CALL, marked):
        yield from texts_of(call[0])


def used_parts(names: list[str]) -> set[Path]:
    """The templates and, through their includes, all parts they use."""
    found: set[Path] = set()
    ahead = [ROOT / "templates" / f"{name}.html" for name in names]
    while ahead:
        path = ahead.pop()
        if path not in found:
            found.add(path)
            included = re.findall(r'{% include "([^"]+)"', path.read_text("utf-8"))
            ahead += [ROOT / "templates" / name for name in included]
    return found


def catalogue(domain: str) -> dict[Text, str]:
    """All Japanese texts of a domain; a plural stands under its singular."""
    known: dict[Text, str] = {}
    for path in CATALOGUES:
        if path.stem == domain:
            with path.with_suffix(".mo").open("rb") as file:
                entries = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
            for key, japanese in entries.items():
                name = key[0] if isinstance(key, tuple) else key
                context, _, english = name.rpartition("\x04")
                known[context, english] = japanese
    return known


def test_every_text_of_the_pages_is_in_japanese():
    wanted: set[Text] = {text for path in used_parts(TEMPLATES) for text in texts_of_template(path)}
    for room in ROOMS:
        files = [ROOT / room] if room.endswith(".py") else (ROOT / room).rglob("*.py")
        wanted |= {text for file in files for text in texts_of(file.read_text(encoding="utf-8"))}
    assert len(wanted) > 200
    known = catalogue("django")
    assert not {text for text in wanted if not known.get(text)}


def test_every_text_of_the_scripts_is_in_japanese():
    wanted = {
        text
        for name in SCRIPTS
        for text in re.findall(MARKED_IN_SCRIPT, (ROOT / "static/js" / name).read_text("utf-8"))
    }
    assert len(wanted) > 5
    known = catalogue("djangojs")
    assert not {text for text in wanted if not known.get(("", text))}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_catalogue_is_whole_and_compiled(path: Path, tmp_path: Path):
    made = tmp_path / "made.mo"
    command = ["msgfmt", "--check-format", "--statistics", "-o", made, path]
    told = subprocess.run(command, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    assert "untranslated" not in told.stderr
    assert "fuzzy" not in told.stderr
    assert made.read_bytes() == path.with_suffix(".mo").read_bytes(), "run `make messages`"


def test_texts_are_found_where_they_are_marked(tmp_path: Path):
    template = tmp_path / "t.html"
    template.write_text(
        '{% load i18n %}{% translate "One" %}{% translate "Two" context "c" %}'
        "{% blocktranslate with n=x %}Three {{ n }}{% endblocktranslate %}"
        "{% blocktranslate count n=x %}{{ n }} four{% plural %}{{ n }} fours{% endblocktranslate %}", encoding="utf-8")
    assert set(texts_of_template(template)) == {("", "One"), ("c", "Two"), ("", "Three %(n)s"), ("", "%(n)s four")}
    assert set(texts_of('a = _("x") + pgettext("c", "y") + other("z")')) == {("", "x"), ("c", "y")}
