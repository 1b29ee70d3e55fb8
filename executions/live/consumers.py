"""The websockets of the pages.

/ws/executions/<id>/?after=N   all events above N, then each as it is written:
    {"type": "events", "events": [event, …], "last": id of the newest, "status": "RUNNING"}
    Events are those of GetExecutionHistory (timestamps in seconds), long texts cut (previews.py).  A client
    that was cut off comes back with the last id it has, also to another process or after a restart.
/ws/executions/                which executions have started or changed their status:
    {"type": "changed", "executions": [{"id": "…", "machine": …, "status": "…"}, …], "more": bool}

Nothing is decided here, and what a client sends is not read.  A client that does not take its messages
for SEND_TIMEOUT seconds is let go; it comes back by itself.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any, Final
from urllib.parse import parse_qs

import orjson
from channels.consumer import get_handler_name
from channels.generic.websocket import AsyncWebsocketConsumer

from executions.live import entry, tail
from executions.live.publish import LIST_GROUP, group_of

SEND_TIMEOUT: Final = 30.0
CHECK_EVERY: Final = 60.0  # seconds after which the permission is looked at anew
GONE, TOO_SLOW = 4403, 4408


class Watcher(AsyncWebsocketConsumer):  # type: ignore[misc]
    """What both sockets share: who may, joining the group, bounded sending."""

    execution: int | None = None
    group: str

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Channels' own goes to a thread with each message, to close database connections; there are none here."""
        await getattr(self, get_handler_name(message))(message)

    async def connect(self) -> None:
        if not entry.same_origin(self.scope["headers"]) or not await entry.may_watch(self.scope, self.execution):
            await self.close()
            return
        self.checked_at = time.monotonic()
        # Joined before the first read, so that nothing falls between the two.
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()
        await self.begin()

    async def begin(self) -> None:
        """After the socket is open."""

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def still_allowed(self) -> bool:
        if time.monotonic() - self.checked_at < CHECK_EVERY:
            return True
        self.checked_at = time.monotonic()
        if await entry.may_watch(self.scope, self.execution):
            return True
        await self.close(GONE)
        return False

    async def tell(self, text: str) -> bool:
        """Send, or let go of a client that takes nothing."""
        try:
            async with asyncio.timeout(SEND_TIMEOUT):
                await self.send(text_data=text)
        except TimeoutError:
            await self.close(TOO_SLOW)
            return False
        return True


class ExecutionConsumer(Watcher):
    """One execution, from an event id on."""

    async def connect(self) -> None:
        self.execution = int(self.scope["url_route"]["kwargs"]["execution"])
        self.group = group_of(self.execution)
        self.last = _after(self.scope)
        self.status: str | None = None
        await super().connect()

    async def begin(self) -> None:
        await self.catch_up()

    async def moved(self, notice: dict[str, Any]) -> None:
        """The execution has written up to notice["last"]; notices that queued up behind a read do nothing."""
        if (notice["last"] > self.last or notice["status"] != self.status) and await self.still_allowed():
            await self.catch_up()
            self.status = notice["status"]

    async def catch_up(self) -> None:
        more = True
        while more:
            batch = await tail.read(self.execution or 0, self.last)
            if not await self.tell(batch.text):
                return
            self.last, more = batch.last, batch.more


class ListConsumer(Watcher):
    """All executions."""

    group = LIST_GROUP

    async def listed(self, notice: dict[str, Any]) -> None:
        if not await self.still_allowed():
            return
        named = [
            {"id": str(execution), "machine": machine, "status": status}
            for execution, machine, status in notice["executions"]
        ]
        await self.tell(orjson.dumps({"type": "changed", "executions": named, "more": notice["more"]}).decode())


def _after(scope: dict[str, Any]) -> int:
    """The last event id the client has; what is no such number counts as none."""
    text = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("after", ["0"])[0]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
