"""manage.py asl check FILE…: what is wrong with definitions, as text or JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from designer.asl.checker import check, errors
from designer.asl.problems import ERROR, Problem

_KEYS = ("severity", "code", "pointer", "line", "column", "message", "hint")


class Command(BaseCommand):
    help = "Works on Amazon States Language files without a server."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        checking = verbs.add_parser("check", help="List the problems of definitions; exit code 1 if there is an error.")
        checking.add_argument("files", nargs="+", metavar="FILE", help="a definition; - reads standard input")
        checking.add_argument("--format", choices=("text", "json"), default="text")
        checking.add_argument("--type", choices=("STANDARD", "EXPRESS"), default="STANDARD",
                              help="the type of the state machine")

    def handle(self, *args: Any, **options: Any) -> None:
        found = [(name, check(_read(name), options["type"])) for name in options["files"]]
        if options["format"] == "json":
            self.stdout.write(json.dumps([_as_json(name, problems) for name, problems in found], ensure_ascii=False,
                                         indent=2))
        else:
            self._write_text(found)
        if any(errors(problems) for _, problems in found):
            sys.exit(1)

    def _write_text(self, found: list[tuple[str, list[Problem]]]) -> None:
        for name, problems in found:
            for problem in problems:
                style = self.style.ERROR if problem.severity == ERROR else self.style.WARNING
                place = f"{name}:{problem.line}:{problem.column}:"
                self.stdout.write(f"{place} {style(problem.severity)} {problem.code} {problem.message}")
                if problem.hint:
                    self.stdout.write(f"    {problem.hint}")
        count = sum(len(errors(problems)) for _, problems in found)
        self.stdout.write(f"{len(found)} file(s), {count} error(s)")


def _read(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as broken:
        raise CommandError(f"{name} cannot be read: {broken}") from None


def _as_json(name: str, problems: list[Problem]) -> dict[str, Any]:
    return {"file": name, "problems": [{key: getattr(problem, key) for key in _KEYS} for problem in problems]}
