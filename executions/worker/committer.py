"""The commit thread: everything that is ready goes into one transaction.

While a commit is under way, steps gather for the next one, so the groups grow with the load.  A
database that is locked, full or away is tried again with growing pauses; a write that the database
refuses is found by halving its group, so that the others do not suffer.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import InterfaceError, OperationalError, connection

from executions.store import Taken, Write, commit

log = logging.getLogger(__name__)

PATIENCE: Final = 15.0  # seconds until a commit is given up
FIRST_PAUSE: Final = 0.02  # seconds
LONGEST_PAUSE: Final = 1.0


@dataclass(frozen=True, slots=True)
class Away:
    """The database could not be written to for `PATIENCE` seconds.  Whether the last try has happened after all
    (the connection broke while it was answered) only the database knows."""

    error: Exception


@dataclass(frozen=True, slots=True)
class Poison:
    """The database refuses this write, and always will."""

    error: Exception


Outcome = Taken | Away | Poison | None
Done = Callable[[Sequence[Write], Sequence[Outcome]], None]


class Committer:
    """`done(writes, outcomes)` is called in the loop after each commit."""

    def __init__(self, loop: asyncio.AbstractEventLoop, done: Done) -> None:
        self._loop, self._done = loop, done
        self._waiting: list[Write] = []
        self._wakeup = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._work, name="commit", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def add(self, writes: Sequence[Write]) -> None:
        with self._wakeup:
            self._waiting += writes
            self._wakeup.notify()

    def stop(self) -> None:
        """Commit what is waiting, then end; blocking."""
        with self._wakeup:
            self._stopping = True
            self._wakeup.notify()
        self._thread.join()

    def _work(self) -> None:
        while batch := self._take():
            outcomes = self._commit(batch)
            self._loop.call_soon_threadsafe(self._done, batch, outcomes)
        connection.close()

    def _take(self) -> list[Write]:
        with self._wakeup:
            while not self._waiting and not self._stopping:
                self._wakeup.wait()
            batch, self._waiting = self._waiting, []
            return batch

    def _commit(self, batch: Sequence[Write]) -> Sequence[Outcome]:
        """The outcomes of a batch, each write tried until it is in, refused, or the patience is at an end."""
        pause, again, give_up = FIRST_PAUSE, False, time.monotonic() + PATIENCE
        while True:
            try:
                return commit(batch, again=again)
            except (OperationalError, InterfaceError) as error:
                again = True
                _hang_up()
                if self._stopping or time.monotonic() > give_up:
                    log.exception("Giving up a commit of %d executions.", len(batch))
                    return self._one_by_one(batch, error)
                log.warning("The database cannot be written to (%s); trying again.", error)
                time.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            except Exception:
                return self._isolate(batch)

    def _one_by_one(self, batch: Sequence[Write], error: Exception) -> Sequence[Outcome]:
        """The last try, each alone: it may be one of them that the database has trouble with.

        Where every try takes long (a lock, a network), not all are tried.
        """
        give_up = time.monotonic() + PATIENCE
        outcomes: list[Outcome] = []
        for write in batch:
            late = outcomes and time.monotonic() > give_up
            outcomes.append(Away(error) if late else _once(write))
        return outcomes

    def _isolate(self, batch: Sequence[Write]) -> Sequence[Outcome]:
        if len(batch) == 1:
            return [_once(batch[0])]  # refused a second time, alone, it is refused for good
        half = len(batch) // 2
        return [*self._commit(batch[:half]), *self._commit(batch[half:])]


def _once(write: Write) -> Outcome:
    try:
        return commit([write], again=True)[0]
    except (OperationalError, InterfaceError) as error:
        _hang_up()
        return Away(error)
    except Exception as error:
        return Poison(error)


def _hang_up() -> None:
    """The next try gets a connection of its own."""
    try:
        connection.close()
    except Exception as error:
        log.warning("A broken connection could not be closed: %s", error)
