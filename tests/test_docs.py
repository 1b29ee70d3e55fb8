"""Settings and commands are documented, and the documents say nothing that is not there."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from designer import config
from executions.actions.limits import Limits
from executions.engine_tables import filled

ROOT = Path(__file__).resolve().parent.parent
READ = re.compile(r'env\.\w+\(\s*"([A-Z_]+)"')


def settings_read() -> set[str]:
    return set(READ.findall((ROOT / "designer" / "config.py").read_text(encoding="utf-8")))


def settings_documented() -> set[str]:
    text = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE))


def test_every_setting_is_documented() -> None:
    assert settings_read() == settings_documented()


def test_every_command_is_documented() -> None:
    commands = {
        path.stem
        for room in ("designer", "executions")
        for path in (ROOT / room / "management" / "commands").glob("*.py")
    } - {"__init__"}
    text = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    assert {command for command in commands if f"manage.py {command}" not in text} == set()


def test_what_is_generated_from_the_engine_is_current() -> None:
    text = (ROOT / "docs" / "explanation" / "engine.md").read_text(encoding="utf-8")
    assert filled(text) == text, "run: manage.py engine_docs"
    for said in ("RUNNING --> TIMED_OUT: ExecutionTimedOut", "live --> cut: ", "| Wait | ● | ● |", "| `Replied` |",
                 "| `StartTask` |", "waiting --> ready: Replied, Refused, Fired"):
        assert said in text


def test_every_limit_is_documented() -> None:
    text = (ROOT / "docs" / "reference" / "limits.md").read_text(encoding="utf-8")
    rows = {f"| `{item.name}` | {item.default} | {item.metadata['unit']} | {item.metadata['meaning']} |"
            for item in fields(Limits)}
    assert {line for line in text.splitlines() if re.match(r"\| `[a-z_]+` \|", line)} == rows


@pytest.mark.parametrize(("variables", "said"), [
    ({"STATEWRIGHT_PORT": "eighty"}, "STATEWRIGHT_PORT"),
    ({"STATEWRIGHT_PORT": "70000"}, "STATEWRIGHT_PORT"),
    ({"STATEWRIGHT_MODE": "staging"}, "STATEWRIGHT_MODE"),
    ({"STATEWRIGHT_MODE": "production", "STATEWRIGHT_SECRET_KEY": ""}, "STATEWRIGHT_SECRET_KEY"),
    ({"STATEWRIGHT_ACCOUNT_ID": "12"}, "STATEWRIGHT_ACCOUNT_ID"),
    ({"STATEWRIGHT_VERIFY_SIGNATURES": "off", "STATEWRIGHT_HOST": "0.0.0.0"}, "STATEWRIGHT_VERIFY_SIGNATURES"),
    ({"STATEWRIGHT_VERIFY_SIGNATURES": "perhaps"}, "STATEWRIGHT_VERIFY_SIGNATURES"),
    ({"STATEWRIGHT_PUBLIC_URL": "example.com"}, "STATEWRIGHT_PUBLIC_URL"),
    ({"STATEWRIGHT_ACCESS_KEY_ID": "AKIAEXAMPLE"}, "STATEWRIGHT_SECRET_ACCESS_KEY"),
])
def test_wrong_settings_are_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], said: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=said):
        config.read()


def test_signatures_may_be_off_on_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATEWRIGHT_VERIFY_SIGNATURES", "off")
    assert config.read().verify_signatures is False
