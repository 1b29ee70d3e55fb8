"""asl fmt: definitions in the usual form, in place."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from designer.asl.formatting import FormatError, format_json
from designer.asl.yaml_formatting import format_yaml
from designer.management.verbs.files import USAGE, is_yaml, read_text


def add_arguments(parser: CommandParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE",
                        help="a definition, JSON or YAML; - reads standard input and writes standard output")
    parser.add_argument("--check", action="store_true", help="change nothing; exit code 1 if a file would be changed")


def run(command: BaseCommand, options: dict[str, Any]) -> None:
    """All files are formatted before the first is written; one that cannot be formatted stops the command."""
    texts = {name: read_text(name) for name in options["files"]}
    done = {name: _formatted(name, text) for name, text in texts.items()}
    changed = [name for name in texts if texts[name] != done[name]]
    if options["check"]:
        for name in changed:
            command.stdout.write(f"{name} would be changed")
        if changed:
            sys.exit(1)
        return
    for name in changed:
        if name != "-":
            _write(name, done[name])
            command.stdout.write(f"{name} changed")
    if "-" in done:
        command.stdout.write(done["-"], ending="")


def _formatted(name: str, text: str) -> str:
    try:
        return format_yaml(text) if is_yaml(name, text) else format_json(text)
    except FormatError as refused:
        raise CommandError(f"{name}: {refused}", returncode=USAGE) from None


def _write(name: str, text: str) -> None:
    try:
        Path(name).write_bytes(text.encode("utf-8"))
    except OSError as broken:
        raise CommandError(f"{name} cannot be written: {broken}", returncode=USAGE) from None
