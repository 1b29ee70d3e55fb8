"""Telling the sockets that executions have moved on.

`Publisher.observe` is called in the engine's loop after each commit and only notes what moved.  What was
noted goes out in one round: at once when nothing went out lately, else when INTERVAL has passed, so a busy
execution makes at most 1/INTERVAL notices a second however many events it writes.  A notice is a hint,
(execution, last event id, status); the consumers read the store, so a lost or doubled one does no harm.

    group execution-<id>   {"type": "moved", "last": …, "status": …}
    group executions       {"type": "listed", "executions": [[id, machine id, status], …], "more": bool}

The list hears of an execution when it starts and when its status changes, not at each event.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any, Final

from channels.layers import get_channel_layer

from executions.actions import gateway
from executions.actions.gateway import Committed

INTERVAL: Final = 0.05  # seconds between two rounds
LIST_LIMIT: Final = 200  # executions named in one notice to the list
LIST_GROUP: Final = "executions"
log = logging.getLogger(__name__)


def group_of(execution: int) -> str:
    """The group of those who watch one execution."""
    return f"execution-{execution}"


class Publisher:
    """Notes what moved and sends it on in rounds, in the event loop that observes."""

    def __init__(self) -> None:
        self._moved: dict[int, Committed] = {}
        self._listed: dict[int, Committed] = {}
        self._running: set[int] = set()  # executions the list knows as running
        self._rounds: asyncio.Task[None] | None = None

    def observe(self, commits: Sequence[Committed]) -> None:
        """Note what one commit has written; never blocks."""
        for commit in commits:
            self._moved[commit.execution] = commit
            self._note_for_list(commit)
        if self._rounds is None:
            self._rounds = asyncio.get_running_loop().create_task(self._go_round())

    def _note_for_list(self, commit: Committed) -> None:
        if commit.status == "RUNNING":
            if commit.execution in self._running:
                return
            self._running.add(commit.execution)
        else:
            self._running.discard(commit.execution)
        self._listed[commit.execution] = commit

    async def _go_round(self) -> None:
        """Send rounds until nothing is left to tell."""
        try:
            while self._moved:
                moved, self._moved = self._moved, {}
                listed, self._listed = self._listed, {}
                await self._send(moved, listed)
                await asyncio.sleep(INTERVAL)
        except Exception:
            log.exception("A live notice could not be sent; viewers catch up with the next one.")
        finally:
            self._rounds = None
        if self._moved:
            self.observe(())

    async def _send(self, moved: dict[int, Committed], listed: dict[int, Committed]) -> None:
        layer = get_channel_layer()
        # In one process the layer knows who listens; Redis does not, and takes them all.
        watched = getattr(layer, "watched", lambda _group: True)
        for execution, commit in moved.items():
            if watched(group_of(execution)):
                await layer.group_send(group_of(execution), _moved(commit))
        if listed and watched(LIST_GROUP):
            await layer.group_send(LIST_GROUP, _listed(list(listed.values())))


def _moved(commit: Committed) -> dict[str, Any]:
    return {"type": "moved", "last": commit.last_event, "status": commit.status}


def _listed(commits: list[Committed]) -> dict[str, Any]:
    named = [[commit.execution, commit.machine, commit.status] for commit in commits[:LIST_LIMIT]]
    return {"type": "listed", "executions": named, "more": len(commits) > LIST_LIMIT}


_installed: Publisher | None = None


def install() -> None:
    """Observe the engine of this process from now on; doing it twice does nothing."""
    global _installed
    if _installed is None:
        _installed = Publisher()
        gateway.observers.append(_installed.observe)


def uninstall() -> None:
    """Observe no more."""
    global _installed
    if _installed is not None:
        gateway.observers.remove(_installed.observe)
        _installed = None
