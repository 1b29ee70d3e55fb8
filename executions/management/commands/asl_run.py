"""manage.py asl run FILE: a definition in memory, without a server, its tasks answered by mocks.

Time is not waited for: a Wait of a day passes at once.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from designer.asl.checker import check, errors
from designer.asl.compiler import compile_definition
from designer.asl.jsontext import dumps, loads
from designer.asl.model import Machine
from designer.asl.problems import DefinitionError
from designer.management.verbs.checking import write_problems
from designer.management.verbs.files import USAGE, read_source, read_text
from executions.engine.effects import StartTask
from executions.engine.memory import Memory, new_run, refuses, replies
from executions.engine.signals import Signal

Mock = tuple[str, str]  # ("output", JSON text) or ("error", "Error:Cause")


class _Adds(argparse.Action):
    """Gathers --mock and --mock-error in the order they are given: (state, (kind, text))."""

    def __call__(self, parser: argparse.ArgumentParser, namespace: argparse.Namespace,
                 values: str | Sequence[Any] | None, option_string: str | None = None) -> None:
        state, mark, text = str(values).partition("=")
        if not mark or not state:
            parser.error(f"{option_string} takes STATE=…, not {values}")
        kind = "error" if option_string == "--mock-error" else "output"
        namespace.mocks = [*(namespace.mocks or []), (state, (kind, text))]


class Command(BaseCommand):
    help = "Run a definition in memory, without a server; tasks answer by --mock. Exit code 1 if it does not succeed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="a definition, JSON or YAML; - reads standard input")
        parser.add_argument("--input", default="{}", metavar="JSON", help="the input, or @FILE to read it from a file")
        parser.add_argument("--mock", action=_Adds, dest="mocks", metavar="STATE=JSON",
                            help="what the task of a state gives, or STATE=@FILE; given several times for one state, "
                                 "the answers are used in turn and the last one again and again")
        parser.add_argument("--mock-error", action=_Adds, dest="mocks", metavar="STATE=ERROR:CAUSE",
                            help="the error that the task of a state fails with; may be mixed with --mock")
        parser.add_argument("--format", choices=("text", "json"), default="text",
                            help="text: the output; json: status, output, error, cause and all events")
        parser.add_argument("--type", choices=("STANDARD", "EXPRESS"), default="STANDARD",
                            help="the type of the state machine")

    def handle(self, *args: Any, **options: Any) -> None:
        machine = self._machine(options["file"], options["type"])
        given = _json(options["input"], "--input")
        mocks = _Mocks(options["mocks"] or [])
        execution = Memory(machine, new_run(dumps(given), kind=options["type"]), mocks.answer).run()
        if mocks.missing is not None:
            raise CommandError(f"The state '{mocks.missing.state}' calls {mocks.missing.resource.arn}: say what it "
                               f"answers with --mock '{mocks.missing.state}=JSON'.", returncode=USAGE)
        if options["format"] == "json":
            self.stdout.write(json.dumps(_told(execution), ensure_ascii=False, indent=2))
        else:
            self._tell(execution)
        if execution.status != "SUCCEEDED":
            sys.exit(1)

    def _machine(self, name: str, kind: str) -> Machine:
        """Raises CommandError after the problems have been shown."""
        source = read_source(name)
        problems = check(source, kind)
        if errors(problems):
            write_problems(self, name, problems)
            raise CommandError(f"{name} has errors.", returncode=USAGE)
        try:
            return compile_definition(source.data)
        except DefinitionError as refused:
            raise CommandError(f"{name}: {refused}", returncode=USAGE) from None

    def _tell(self, execution: Memory) -> None:
        finish = execution.finish
        if finish is not None and finish.status == "SUCCEEDED":
            self.stdout.write(str(finish.output))
            return
        error = None if finish is None else finish.error
        cause = None if finish is None else finish.cause
        self.stderr.write(": ".join(text for text in (execution.status, error, cause) if text))


def _told(execution: Memory) -> dict[str, Any]:
    finish = execution.finish
    outcome = {} if finish is None else {"output": None if finish.output is None else loads(finish.output),
                                         "error": finish.error, "cause": finish.cause}
    return {"status": execution.status} | {name: value for name, value in outcome.items() if value is not None} | {
        "events": execution.events}


def _json(text: str, option: str) -> Any:
    """JSON given on the command line, or in a file as @FILE.  Raises CommandError."""
    if text.startswith("@"):
        text = read_text(str(Path(text[1:])))
    try:
        return loads(text)
    except ValueError as broken:
        raise CommandError(f"{option} is not JSON: {broken}", returncode=USAGE) from None


class _Mocks:
    """Answers tasks by their state; `missing` is the first task that has no mock."""

    def __init__(self, given: list[tuple[str, Mock]]) -> None:
        self.answers: defaultdict[str, list[tuple[str, Any]]] = defaultdict(list)
        for state, (kind, text) in given:
            self.answers[state].append((kind, text if kind == "error" else _json(text, f"--mock {state}")))
        self.missing: StartTask | None = None

    def answer(self, task: StartTask) -> Iterable[tuple[int, Signal]]:
        answers = self.answers.get(task.state)
        if not answers:
            self.missing = self.missing or task
            return ()
        kind, told = answers.pop(0) if len(answers) > 1 else answers[0]
        if kind == "output":
            # callbacks, jobs and approvals tell that they were handed over before they are answered
            return replies(task, told, submitted={} if task.token and task.resource.kind == "service" else None)
        error, _, cause = told.partition(":")
        return refuses(task, error, cause or None)
