"""asl check: the problems of definitions as text, JSON or SARIF; with a sample input, what the data lens finds, too."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from designer.asl.checker import check, errors
from designer.asl.jsontext import loads
from designer.asl.problems import ERROR, Problem
from designer.asl.sarif import sarif
from designer.asl.source import Source
from designer.lens import knowledge
from designer.lens.lattice import join_all
from designer.lens.lens import look
from designer.lens.shapes import UNKNOWN, exactly
from designer.management.verbs.files import USAGE, read_source, read_text

_KEYS = ("severity", "code", "pointer", "line", "column", "message", "hint", "fix")
Found = list[tuple[str, list[Problem]]]


def add_arguments(parser: CommandParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="a definition, JSON or YAML; - reads standard input")
    parser.add_argument("--format", choices=("text", "json", "sarif"), default="text")
    parser.add_argument("--type", choices=("STANDARD", "EXPRESS"), default="STANDARD",
                        help="the type of the state machine")
    parser.add_argument("--input", action="append", default=[], metavar="SAMPLE",
                        help="a JSON file with a sample input: also tell what cannot work with it; may be given again")
    parser.add_argument("--learn", nargs="+", action="extend", default=[], metavar="ARN",
                        help="executions of this installation whose tasks tell what the results look like")


def run(command: BaseCommand, options: dict[str, Any]) -> None:
    """Exits with 1 when there is an error in any file."""
    sources = {name: read_source(name) for name in options["files"]}
    found = [(name, check(source, options["type"], template=True)) for name, source in sources.items()]
    if options["input"] or options["learn"]:
        looking = _looking(options["input"], options["learn"])
        found = [(name, sorted([*problems, *looking(sources[name])], key=_place)) for name, problems in found]
    if options["format"] == "text":
        _write_text(command, found)
    else:
        shown = [_as_json(name, problems) for name, problems in found] if options["format"] == "json" else sarif(
            (name, sources[name], problems) for name, problems in found)
        command.stdout.write(json.dumps(shown, ensure_ascii=False, indent=2))
    if any(errors(problems) for _, problems in found):
        sys.exit(1)


def _place(problem: Problem) -> tuple[int, int]:
    return problem.line, problem.column


def _looking(samples: list[str], executions: list[str]) -> Callable[[Source], list[Problem]]:
    """What the lens finds in a definition for these inputs.  Raises CommandError."""
    given = join_all(exactly(_sample(name)) for name in samples) if samples else UNKNOWN
    try:
        results = knowledge.learned(executions) if executions else knowledge.known
    except knowledge.LearningError as error:
        raise CommandError(str(error), returncode=USAGE) from None
    return lambda source: look(source.data, given, results, source=source).problems


def _sample(name: str) -> Any:
    try:
        return loads(read_text(name))
    except ValueError as broken:
        raise CommandError(f"{name} is not JSON: {broken}", returncode=USAGE) from None


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
