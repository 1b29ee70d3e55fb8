"""One server a data folder (and, with PostgreSQL, one a database): two engines would run every execution twice."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Final

from django.db import connection

# Any number does that nobody else takes in this database; these are the letters "state".
_ADVISORY_LOCK: Final = 0x7374617465


class LockedError(Exception):
    """Another server has it; the message says which."""


class DataLock:
    """Held as long as the process lives, however it ends."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "server.lock"
        self._file = self._path.open("a+", encoding="ascii")
        self._take_file()
        self._take_database()

    def _take_file(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            pid = self._file.read().strip() or "unknown"
            self._file.close()
            message = (f"Another server (process {pid}) is running on the data folder {self._path.parent}. "
                       "Stop it first, or choose another folder with STATEWRIGHT_DATA_DIR.")
            raise LockedError(message) from None
        self._file.truncate(0)
        self._file.write(f"{os.getpid()}\n")
        self._file.flush()

    def _take_database(self) -> None:
        """The lock belongs to this thread's connection, which stays open."""
        if connection.vendor != "postgresql":
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ADVISORY_LOCK])
            row = cursor.fetchone()
        if not row or not row[0]:
            raise LockedError("Another server is running on the database that DATABASE_URL names; stop it first.")
