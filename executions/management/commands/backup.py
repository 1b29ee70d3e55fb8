"""manage.py backup FILE: a backup of the installation, also while its server runs."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from designer.settings import CONFIG
from executions.backup import BackupError, Installation, back_up


class Command(BaseCommand):
    help = "Write the database and the secret of the data folder into one file, also while the server runs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the zip file to write; only you may read it")
        parser.add_argument("--force", action="store_true", help="replace FILE if it exists")

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["file"].absolute()
        if target.exists() and not options["force"]:
            raise CommandError(f"{target} exists; choose another name, or repeat with --force.")
        try:
            size = back_up(Installation.of(CONFIG), target)
        except (BackupError, OSError, sqlite3.Error) as error:
            raise CommandError(f"No backup was made. {error}") from None
        self.stdout.write(f"Wrote {target} ({size / 1_000_000:.1f} MB). It holds secrets: keep it safe.")
