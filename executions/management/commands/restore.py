"""manage.py restore FILE: bring a backup back into the data folder, while no server runs on it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from designer import config
from designer.datalock import DataLock, LockedError
from designer.settings import CONFIG
from executions.backup import BackupError, Installation, fingerprint, restore


class Command(BaseCommand):
    help = "Bring back what manage.py backup wrote. Refused while a server runs, and over data unless --force is given."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="what manage.py backup wrote")
        parser.add_argument("--force", action="store_true", help="also where there is data; it is put aside")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            here = Installation.of(CONFIG)
            lock = DataLock(CONFIG.data_dir)
            needed = restore(here, options["file"].absolute(), force=options["force"])
        except (BackupError, LockedError, OSError, sqlite3.Error) as error:
            raise CommandError(f"Nothing was restored. {error}") from None
        del lock
        self.stdout.write(f"Restored {here.database}. What was running goes on when the server starts.")
        if fingerprint(config.read().secret_key) != needed:
            self.stderr.write("STATEWRIGHT_SECRET_KEY is not that of the server that was backed up: set it, or access "
                              "keys cannot be read and everybody has to sign in anew.")
