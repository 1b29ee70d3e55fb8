"""What executions are searched by: their names, errors, inputs and outputs, in a file beside the database.

An SQLite full-text table over trigrams finds any three characters, of any script, in a million executions within
milliseconds.  It is a file of its own, so that writing it never keeps the engine's commits waiting, and it can be
thrown away: what is missing is read from the tables again (indexing.py).  Texts are kept up to LONGEST characters.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from designer.settings import CONFIG

FILE: Final = "search.sqlite3"
LONGEST: Final = 4_000
FIELDS: Final = ("name", "error", "input", "output")
_SHORT: Final = 3  # characters below which there is no trigram
_TABLES: Final = """
    CREATE VIRTUAL TABLE IF NOT EXISTS runs USING fts5(name, error, input, output, tokenize = 'trigram');
    CREATE TABLE IF NOT EXISTS open (id INTEGER PRIMARY KEY);
    CREATE TABLE IF NOT EXISTS marks (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
"""


class Entry(NamedTuple):
    """One execution; `open` when it may still change."""

    id: int
    name: str
    error: str
    input: str
    output: str
    open: bool


class SearchIndex:
    """One connection, one caller at a time; ":memory:" is for tests."""

    def __init__(self, path: Path | str) -> None:
        if path != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._lock = threading.Lock()
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = OFF")  # what a crash takes is read again, see indexing.py
        self._database.executescript(_TABLES)

    def close(self) -> None:
        with self._lock:
            self._database.close()

    def put(self, entries: Iterable[Entry]) -> None:
        """Add executions, or what has become of them."""
        rows = list(entries)
        with self._lock:
            self._database.execute("BEGIN")
            self._database.executemany("DELETE FROM runs WHERE rowid = ?", [(row.id,) for row in rows])
            self._database.executemany(
                "INSERT INTO runs (rowid, name, error, input, output) VALUES (?, ?, ?, ?, ?)",
                [(row.id, *(text[:LONGEST] for text in row[1:5])) for row in rows])
            self._database.executemany("DELETE FROM open WHERE id = ?", [(row.id,) for row in rows if not row.open])
            self._database.executemany("INSERT OR IGNORE INTO open VALUES (?)", [(row.id,) for row in rows if row.open])
            self._database.execute("COMMIT")

    def remove(self, ids: Iterable[int]) -> None:
        with self._lock:
            for table, key in (("runs", "rowid"), ("open", "id")):
                self._database.executemany(f"DELETE FROM {table} WHERE {key} = ?", [(id,) for id in ids])  # noqa: S608

    def known(self, ids: Sequence[int]) -> set[int]:
        """Those of `ids` that are in the index."""
        marks = ", ".join("?" * len(ids))
        return set(self._column(f"SELECT rowid FROM runs WHERE rowid IN ({marks})", ids))  # noqa: S608

    def open(self, after: int, limit: int) -> list[int]:
        """Executions that ran when they were last looked at, by rising id."""
        return self._column("SELECT id FROM open WHERE id > ? ORDER BY id LIMIT ?", [after, limit])

    def mark(self, name: str) -> int | None:
        """A number kept under a name."""
        return next(iter(self._column("SELECT value FROM marks WHERE name = ?", [name])), None)

    def set_mark(self, name: str, value: int) -> None:
        with self._lock:
            self._database.execute("INSERT OR REPLACE INTO marks VALUES (?, ?)", [name, value])

    def matching(self, terms: Sequence[tuple[str, str]], below: int, limit: int) -> list[int]:
        """The newest executions with ids below `below` in which every term stands: (field of FIELDS or "", text)."""
        long = [term for term in terms if len(term[1]) >= _SHORT]
        short = [term for term in terms if len(term[1]) < _SHORT]
        wheres, values = ["rowid < ?"], [below]  # type: tuple[list[str], list[int | str]]
        if long:
            wheres.insert(0, "runs MATCH ?")
            values.insert(0, " AND ".join(map(_match, long)))
        for field, text in short:
            columns = _columns(field)
            wheres.append("(" + " OR ".join(f"{column} LIKE ? ESCAPE '\\'" for column in columns) + ")")
            values += [f"%{_escaped(text)}%"] * len(columns)
        return self._column(
            f"SELECT rowid FROM runs WHERE {' AND '.join(wheres)} ORDER BY rowid DESC LIMIT ?",  # noqa: S608
            [*values, limit])

    def _column(self, statement: str, values: Sequence[int | str]) -> list[int]:
        with self._lock:
            return [row[0] for row in self._database.execute(statement, values)]


def _columns(field: str) -> tuple[str, ...]:
    return {"": FIELDS, "payload": ("input", "output")}.get(field, (field,))


def _match(term: tuple[str, str]) -> str:
    field, text = term
    phrase = '"' + text.replace('"', '""') + '"'
    return f"{{{' '.join(_columns(field))}}} : {phrase}" if field else phrase


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


_index: SearchIndex | None = None
_making = threading.Lock()


def index() -> SearchIndex:
    """The index of this installation."""
    global _index
    with _making:
        if _index is None:
            _index = SearchIndex(CONFIG.data_dir / FILE)
        return _index


def install(made: SearchIndex | None) -> None:
    """Use this one (tests), or open the file anew when it is next asked for."""
    global _index
    with _making:
        _index = made
