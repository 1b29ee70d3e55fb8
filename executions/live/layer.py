"""The channel layer of one process, made for many sockets.

Channels' own in-memory layer copies each message for each receiver and looks through every group and
every channel at each send and each receive: with n sockets in a group one notice costs n² looks.  Here a
message is shared (nobody may change it) and what has expired is looked for at most once a minute.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from channels.exceptions import ChannelFull
from channels.layers import InMemoryChannelLayer

CLEAN_EVERY = 60.0  # seconds


class LocalChannelLayer(InMemoryChannelLayer):  # type: ignore[misc]
    """An InMemoryChannelLayer whose cost per message does not grow with the number of sockets."""

    _cleaned_at = 0.0

    async def send(self, channel: str, message: dict[str, Any]) -> None:
        """Put a message on a channel; ChannelFull when its reader does not keep up."""
        self.require_valid_channel_name(channel)
        self._put(channel, message)

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        """Put a message on every channel of a group; a full one is passed over."""
        self.require_valid_group_name(group)
        self._clean_expired()
        for channel in list(self.groups.get(group, ())):
            try:
                self._put(channel, message)
            except ChannelFull:
                continue

    def watched(self, group: str) -> bool:
        """Whether anybody listens to a group."""
        return group in self.groups

    def _put(self, channel: str, message: dict[str, Any]) -> None:
        queue = self.channels.get(channel)
        if queue is None:
            queue = self.channels.setdefault(channel, asyncio.Queue(maxsize=self.get_capacity(channel)))
        try:
            queue.put_nowait((time.time() + self.expiry, message))
        except asyncio.QueueFull:
            raise ChannelFull(channel) from None

    def _clean_expired(self) -> None:
        now = time.monotonic()
        if now - self._cleaned_at >= CLEAN_EVERY:
            self._cleaned_at = now
            super()._clean_expired()
