"""manage.py asl check."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

GOOD = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}'
BAD = '{\n "StartAt": "A",\n "States": {"A": {"Type": "Pass", "Next": "X"}}}'


def run(*arguments: str) -> tuple[str, int]:
    out = io.StringIO()
    try:
        call_command("asl", "check", *arguments, stdout=out, no_color=True)
    except SystemExit as ended:
        return out.getvalue(), int(str(ended.code))
    return out.getvalue(), 0


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    for name, text in (("good.json", GOOD), ("bad.json", BAD)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return str(tmp_path / "good.json"), str(tmp_path / "bad.json")


def test_json(files: tuple[str, str]) -> None:
    text, code = run("--format", "json", *files)
    good, bad = json.loads(text)
    assert code == 1
    assert good == {"file": files[0], "problems": []}
    assert bad["file"] == files[1]
    dangling = next(problem for problem in bad["problems"] if problem["code"] == "MISSING_TRANSITION_TARGET")
    assert {"severity", "code", "pointer", "line", "column", "message"} <= dangling.keys()
    assert (dangling["severity"], dangling["pointer"], dangling["line"]) == ("ERROR", "/States/A/Next", 3)


def test_text(files: tuple[str, str]) -> None:
    text, code = run(*files)
    assert code == 1
    column = BAD.splitlines()[2].index('"Next"') + 1
    assert f"{files[1]}:3:{column}: ERROR MISSING_TRANSITION_TARGET Missing 'Next' target: X" in text
    assert run(files[0]) == ("1 file(s), 0 error(s)\n", 0)


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(CommandError, match=r"nowhere\.json cannot be read"):
        run("nowhere.json")
