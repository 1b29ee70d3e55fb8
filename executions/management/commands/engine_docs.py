"""manage.py engine_docs: the generated parts of docs/explanation/engine.md."""

from __future__ import annotations

from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from designer.config import BASE
from executions.engine_tables import filled

PAGE: Final = BASE / "docs" / "explanation" / "engine.md"


class Command(BaseCommand):
    help = "Write the diagrams and tables of docs/explanation/engine.md anew from the engine's code."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 if they are not current")

    def handle(self, *args: Any, **options: Any) -> None:
        text = PAGE.read_text(encoding="utf-8")
        current = filled(text)
        if options["check"] and text != current:
            raise CommandError(f"{PAGE.name} is not current; run: manage.py engine_docs")
        if not options["check"]:
            PAGE.write_text(current, encoding="utf-8")
