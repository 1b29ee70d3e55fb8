"""Backup and restore of an installation on SQLite: the database and the secret that its access keys need, in one zip.

The database is copied by SQLite's backup API in one read transaction: what it holds is one moment's truth, and the
server goes on writing meanwhile.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from designer.config import Config

DATABASE: Final = "statewright.sqlite3"
SECRET: Final = "secret-key"  # noqa: S105  # the name of a file
MANIFEST: Final = "manifest.json"
FORMAT: Final = 1
# What a data folder may hold in which nothing has been stored yet.
IDLE: Final = frozenset({SECRET, "server.lock"})


class BackupError(Exception):
    """Refused; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Installation:
    """Where an installation keeps its things."""

    folder: Path
    database: Path
    secret: str

    @classmethod
    def of(cls, config: Config) -> Installation:
        """BackupError unless it is on SQLite."""
        settings = connection.settings_dict
        if connection.vendor != "sqlite":
            raise BackupError(
                "The database is not SQLite. Use PostgreSQL's own tools: pg_dump --format=custom makes a backup of a "
                "running database, pg_restore --clean brings it back while the server is stopped. Keep "
                "STATEWRIGHT_SECRET_KEY with it: without it access keys cannot be read.")
        return cls(config.data_dir, Path(settings["NAME"]), config.secret_key)


def back_up(here: Installation, target: Path) -> int:
    """Write the backup `target`; how many bytes it has.  BackupError, OSError, sqlite3.Error."""
    if not here.database.exists():
        raise BackupError(f"There is no database at {here.database}; nothing to back up.")
    copy, partial = (target.with_name(f".{target.name}.{kind}") for kind in ("copy", "partial"))
    try:
        _copy(here.database, copy)
        _check(copy)
        _pack(here, copy, partial)
        os.replace(partial, target)
    finally:
        for left in (copy, partial):
            left.unlink(missing_ok=True)
    return target.stat().st_size


def _copy(database: Path, copy: Path) -> None:
    copy.unlink(missing_ok=True)
    copy.touch(mode=0o600)
    with closing(sqlite3.connect(database, timeout=60)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)  # all pages in one step
        target.execute("PRAGMA journal_mode=DELETE")


def _check(database: Path) -> None:
    with closing(sqlite3.connect(database)) as opened:
        found = opened.execute("PRAGMA quick_check(1)").fetchone()
    if found != ("ok",):
        raise BackupError(f"The database is damaged: {found[0]}")


def _pack(here: Installation, copy: Path, partial: Path) -> None:
    manifest = {"format": FORMAT, "made": datetime.now(UTC).isoformat(timespec="seconds"),
                "secret": fingerprint(here.secret)}
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600)
    with partial.open("wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(MANIFEST, json.dumps(manifest))
            archive.write(copy, DATABASE)
            kept = here.folder / SECRET
            if kept.exists() and kept.read_text(encoding="ascii") == here.secret:
                archive.write(kept, SECRET)
        file.flush()
        os.fsync(file.fileno())


def restore(here: Installation, source: Path, *, force: bool) -> str:
    """Put a backup in place (the server must not run); the fingerprint of the secret it needs.

    With `force` the database that is there is put aside as *.before-restore.  BackupError, OSError.
    """
    there = sorted(path.name for path in here.folder.iterdir() if path.name not in IDLE)
    if (there or here.database.exists()) and not force:
        raise BackupError(
            f"The data folder {here.folder} is not empty ({', '.join(there[:3]) or here.database.name} …). Restore "
            "into an empty one (STATEWRIGHT_DATA_DIR), or repeat with --force: the database that is there is then put "
            "aside as *.before-restore.")
    fresh = here.database.with_name(f"{here.database.name}.restoring")
    try:
        with _opened(source) as archive:
            manifest = json.loads(archive.read(MANIFEST))
            _unpack(archive, fresh)
            _check(fresh)
            _known(fresh)
            secret = archive.read(SECRET) if SECRET in archive.namelist() else None
        _put_in_place(here.database, fresh)
    finally:
        fresh.unlink(missing_ok=True)
    if secret is not None:
        kept = here.folder / SECRET
        kept.unlink(missing_ok=True)
        kept.touch(mode=0o600)
        kept.write_bytes(secret)
    return str(manifest["secret"])


def _opened(source: Path) -> zipfile.ZipFile:
    """The archive; BackupError when it is no backup of ours."""
    try:
        archive = zipfile.ZipFile(source)
        manifest: Any = json.loads(archive.read(MANIFEST))
        archive.getinfo(DATABASE)
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise BackupError(f"{source} is not a backup made by manage.py backup: {error}") from None
    if manifest.get("format") != FORMAT:
        raise BackupError(f"{source} has the format {manifest.get('format')}; this version reads {FORMAT}.")
    return archive


def _unpack(archive: zipfile.ZipFile, fresh: Path) -> None:
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    try:
        with archive.open(DATABASE) as packed, fresh.open("wb") as file:
            shutil.copyfileobj(packed, file, 1 << 20)
            file.flush()
            os.fsync(file.fileno())
    except zipfile.BadZipFile as error:
        raise BackupError(f"{archive.filename} is damaged: {error}") from None


def _known(database: Path) -> None:
    """A database of a newer version is refused: this one could not read it."""
    with closing(sqlite3.connect(database)) as opened:
        applied = set(opened.execute("SELECT app, name FROM django_migrations"))
    known = set(MigrationLoader(None).disk_migrations)
    unknown = sorted(f"{app}.{name}" for app, name in applied - known if app in ("designer", "executions"))
    if unknown:
        raise BackupError(f"The backup was made by a newer version of Statewright, which has {unknown[0]}; "
                          "restore it with that version.")


def _put_in_place(database: Path, fresh: Path) -> None:
    if database.exists():
        with closing(sqlite3.connect(database)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # what is only in its log belongs to it
        os.replace(database, database.with_name(f"{database.name}.before-restore"))
    for ending in ("-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
    os.replace(fresh, database)


def fingerprint(secret: str) -> str:
    """Tells whether two secrets are the same, and nothing else."""
    return hashlib.sha256(f"statewright backup {secret}".encode()).hexdigest()[:16]
