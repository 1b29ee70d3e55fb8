"""`manage.py audit`: check the chain of the audit log, or an export of it; write it out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from executions.approvals import audit
from executions.approvals.models import AuditEntry


class Command(BaseCommand):
    help = "Check that the audit log is whole (verify), or write it as JSON (export)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verify = verbs.add_parser("verify", help="exit code 1 and the place, when an entry was changed or is missing")
        verify.add_argument("--head", default="", help="a hash that was kept and must be in the log")
        verify.add_argument("--file", default="", help="an export (JSON) instead of the database")
        export = verbs.add_parser("export", help="all entries as a JSON array")
        export.add_argument("file", help="where to write it; - is standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "export":
            self._export(options["file"])
            return
        verdict = self._of_file(options["file"]) if options["file"] else audit.verify(options["head"])
        if not verdict.whole:
            raise CommandError(f"The log is broken at entry {verdict.broken_at}: {verdict.problem}")
        self.stdout.write(f"The log is whole: {verdict.entries} entries. The last hash is {verdict.head}")

    def _of_file(self, name: str) -> audit.Verdict:
        try:
            entries = json.loads(Path(name).read_text(encoding="utf-8"))
            return audit.verify_export(entries)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CommandError(f"{name} is no export of the audit log: {error}") from None

    def _export(self, name: str) -> None:
        lines = [json.dumps(entry, ensure_ascii=False)
                 for entry in audit.exported(AuditEntry.objects.order_by("number"))]
        text = "[\n" + ",\n".join(lines) + "\n]\n"
        if name == "-":
            self.stdout.write(text)
        else:
            Path(name).write_text(text, encoding="utf-8")
