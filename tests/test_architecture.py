"""The rooms and the direction of their imports (docs/explanation/architecture.md)."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOP = {
    "manage.py", "designer", "executions", "static", "templates", "tests", "requirements.txt",
    "requirements-dev.txt", "pyproject.toml", "Makefile", "README.md", "docs", ".ci", ".gitignore", "LICENSE",
}
# Files that put the rooms together may import all of them.
COMPOSITION = {"designer/urls.py", "designer/asgi.py", "designer/settings.py"}
NETWORK = re.compile(r"^(socket|http\.client|urllib\.request|urllib3|requests|httpx|botocore|boto3|aiohttp)(\.|$)")


def tracked(*patterns: str) -> list[Path]:
    out = subprocess.run(["git", "ls-files", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in out.stdout.splitlines()]


def sources(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of everything a file imports, also inside functions; typing-only ones too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def offenders(room: str, forbidden: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in sources(room)
        if path.relative_to(ROOT).as_posix() not in COMPOSITION and "migrations" not in path.parts
        for line, name in imports(path)
        if forbidden.match(name)
    ]


def test_top_level_is_the_design_card() -> None:
    names = {path.relative_to(ROOT).parts[0] for path in tracked(".")}
    assert names <= TOP, f"unexpected at the top level: {sorted(names - TOP)}"


@pytest.mark.parametrize(("room", "forbidden"), [
    ("designer/asl", r"^(django|rest_framework|channels|executions|asyncio|time|socket|sqlite3)(\.|$)"
                     r"|^designer\.(?!asl)"),
    ("designer/lens", r"^(django|rest_framework|channels|executions|asyncio|time|socket|sqlite3)(\.|$)"
                      r"|^designer\.(?!asl|lens)"),
    ("executions/engine", r"^(django|rest_framework|channels|asyncio|time|socket|sqlite3)(\.|$)|^designer\.(?!asl)"
                          r"|^executions\.(?!engine)"),
    ("executions/store", r"^executions\.(actions|worker|api|live|approvals|rest|integrations)(\.|$)"),
    ("executions/actions", r"^executions\.(worker|api|live|rest)(\.|$)"),
    ("executions/api", r"^executions\.(worker|live|rest|approvals)(\.|$)"),
    ("executions/live", r"^executions\.(worker|api)(\.|$)"),
    ("executions/integrations", r"^executions\.(api|live|worker)(\.|$)"),
    ("executions/worker", r"^executions\.(api|live|rest)(\.|$)"),
    ("designer", r"^executions(\.|$)"),
])
def test_imports_point_down(room: str, forbidden: str) -> None:
    assert not offenders(room, re.compile(forbidden))


def test_only_worker_and_integrations_touch_the_network() -> None:
    allowed = ("executions/worker/", "executions/integrations/")
    found = [
        line for room in ("designer", "executions") for line in offenders(room, NETWORK)
        if not line.startswith(allowed) and "botocore" not in line
    ]
    assert not found


def test_only_the_settings_reader_reads_the_environment() -> None:
    allowed = {"designer/config.py", "designer/asgi.py"}  # asgi.py names the settings module, like manage.py
    found = [
        path.relative_to(ROOT).as_posix()
        for room in ("designer", "executions")
        for path in sources(room)
        if re.search(r"\bos\.environ\b|\bos\.getenv\b", path.read_text(encoding="utf-8"))
    ]
    assert set(found) <= allowed, found


def test_names_say_what_they_hold() -> None:
    vague = {"utils.py", "helpers.py", "common.py", "misc.py", "utils.js", "helpers.js", "common.js"}
    assert not [path for path in tracked("*.py", "*.js") if path.name in vague]


def test_files_stay_small() -> None:
    too_long = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path in tracked("designer/*.py", "executions/*.py", "static/js/*.js")
        if "migrations" not in path.parts and (lines := len(path.read_text(encoding="utf-8").splitlines())) > 500
    ]
    assert not too_long


JS_ORDER = ["lib", "model", "canvas", "panels", "inspector", "pages"]


def test_javascript_imports_point_down() -> None:
    found = []
    for path in tracked("static/js/*.js"):
        room = path.relative_to(ROOT / "static" / "js").parts[0]
        if room not in JS_ORDER:
            found.append(f"{path} stands outside the rooms")
            continue
        text = path.read_text(encoding="utf-8")
        targets = re.findall(r"from\s+['\"](?:[./]*|@?/?static/js/)(?:\.\./)*([a-z]+)/", text)
        found += [
            f"{path.relative_to(ROOT)} imports {target}" for target in targets
            if target in JS_ORDER and JS_ORDER.index(target) > JS_ORDER.index(room)
        ]
        if room == "model" and re.search(r"\bdocument\b|\bwindow\b", re.sub(r"//.*|/\*[\s\S]*?\*/", "", text)):
            found.append(f"{path.relative_to(ROOT)} mentions document or window")
    assert not found
