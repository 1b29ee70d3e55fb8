"""asl check: the problems of definitions as text, JSON or SARIF."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from designer.asl.checker import check, errors
from designer.asl.problems import ERROR, Problem
from designer.asl.sarif import sarif
from designer.management.verbs.files import read_source

_KEYS = ("severity", "code", "pointer", "line", "column", "message", "hint", "fix")
Found = list[tuple[str, list[Problem]]]


def add_arguments(parser: CommandParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="a definition, JSON or YAML; - reads standard input")
    parser.add_argument("--format", choices=("text", "json", "sarif"), default="text")
    parser.add_argument("--type", choices=("STANDARD", "EXPRESS"), default="STANDARD",
                        help="the type of the state machine")


def run(command: BaseCommand, options: dict[str, Any]) -> None:
    """Exits with 1 when there is an error in any file."""
    sources = {name: read_source(name) for name in options["files"]}
    found = [(name, check(source, options["type"], template=True)) for name, source in sources.items()]
    if options["format"] == "text":
        _write_text(command, found)
    else:
        shown = [_as_json(name, problems) for name, problems in found] if options["format"] == "json" else sarif(
            (name, sources[name], problems) for name, problems in found)
        command.stdout.write(json.dumps(shown, ensure_ascii=False, indent=2))
    if any(errors(problems) for _, problems in found):
        sys.exit(1)


def write_problems(command: BaseCommand, name: str, problems: list[Problem]) -> None:
    """One line a problem, as compilers write them, with what to do about it below."""
    for problem in problems:
        style = command.style.ERROR if problem.severity == ERROR else command.style.WARNING
        place = f"{name}:{problem.line}:{problem.column}:"
        command.stdout.write(f"{place} {style(problem.severity)} {problem.code} {problem.message}")
        if problem.hint:
            command.stdout.write(f"    {problem.hint}")


def _write_text(command: BaseCommand, found: Found) -> None:
    for name, problems in found:
        write_problems(command, name, problems)
    count = sum(len(errors(problems)) for _, problems in found)
    warnings = sum(len(problems) for _, problems in found) - count
    command.stdout.write(f"{len(found)} file(s), {count} error(s), {warnings} warning(s)")


def _as_json(name: str, problems: list[Problem]) -> dict[str, Any]:
    shown = [problem.as_dict() for problem in problems]
    return {"file": name, "problems": [{key: problem[key] for key in _KEYS} for problem in shown]}
