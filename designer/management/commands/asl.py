"""manage.py asl VERB: works on Amazon States Language files without a server.

Another app adds a verb by a command named `asl_VERB` (executions has `asl_run`).
"""

from __future__ import annotations

from typing import Any

from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand, CommandParser

from designer.management.verbs import checking, formatting, graphing

_VERBS = {
    "check": (checking, "List the problems of definitions; exit code 1 if there is an error."),
    "fmt": (formatting, "Bring definitions into the usual form and order of fields."),
    "graph": (graphing, "Draw a definition."),
}
_PREFIX = "asl_"


class Command(BaseCommand):
    help = "Works on Amazon States Language files without a server."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        for verb, (module, text) in _VERBS.items():
            module.add_arguments(verbs.add_parser(verb, help=text))
        for verb, command in _added().items():
            command.add_arguments(verbs.add_parser(verb, help=command.help))

    def handle(self, *args: Any, **options: Any) -> None:
        verb = options["verb"]
        if verb in _VERBS:
            _VERBS[verb][0].run(self, options)
            return
        command = _added()[verb]
        command.stdout, command.stderr, command.style = self.stdout, self.stderr, self.style
        command.handle(*args, **options)


def _added() -> dict[str, BaseCommand]:
    """Verb → command of the other apps."""
    return {name.removeprefix(_PREFIX): load_command_class(str(app), name)
            for name, app in get_commands().items() if name.startswith(_PREFIX)}
