"""Reading the definitions that `manage.py asl …` is given."""

from __future__ import annotations

import sys
from pathlib import Path

from django.core.management.base import CommandError

from designer.asl.source import Source, read
from designer.asl.yaml_source import read_yaml

YAML = (".yaml", ".yml")
USAGE = 2  # exit code: the command could not do its work


def read_text(name: str) -> str:
    """The text of a file, or of standard input for `-`.  Raises CommandError."""
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as broken:
        raise CommandError(f"{name} cannot be read: {broken}", returncode=USAGE) from None


def is_yaml(name: str, text: str) -> bool:
    """By the name's ending; standard input is YAML unless it begins like a JSON object or array."""
    if name == "-":
        return not text.lstrip("\ufeff \t\r\n").startswith(("{", "["))
    return name.lower().endswith(YAML)


def read_source(name: str) -> Source:
    """The definition in a file, with its placeholders tolerated.  Raises CommandError when it cannot be read."""
    text = read_text(name)
    return read_yaml(text) if is_yaml(name, text) else read(text, placeholders=True)
