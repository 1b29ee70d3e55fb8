"""The last part of what a worker wrote to its standard output and error."""

from __future__ import annotations

import os
from collections import deque

LIMIT = 64 * 1024  # bytes kept of one call
CHUNK = 64 * 1024  # a Linux pipe's capacity: one read empties it
DRAIN_READS = 16  # a child that goes on writing must not hold the loop


class LogTail:
    """Reads the pipe as it fills and keeps the last LIMIT bytes of the current call."""

    def __init__(self, pipe: int) -> None:
        self.pipe = pipe
        self._chunks: deque[bytes] = deque()
        self._kept = 0
        self._dropped = 0
        self.ended = False  # the other end is closed, by the worker and all its children

    def read(self) -> bool:
        """Take one chunk; False when there is nothing (or nothing more) to read."""
        try:
            chunk = os.read(self.pipe, CHUNK)
        except BlockingIOError:
            return False
        self.ended = not chunk
        if chunk:
            self._keep(chunk)
        return bool(chunk)

    def _keep(self, chunk: bytes) -> None:
        self._chunks.append(chunk)
        self._kept += len(chunk)
        while len(self._chunks) > 1 and self._kept - len(self._chunks[0]) >= LIMIT:
            gone = self._chunks.popleft()
            self._kept -= len(gone)
            self._dropped += len(gone)

    def drain(self) -> None:
        """Take what the call wrote before it answered; it is in the pipe already, since the runtime flushes."""
        for _ in range(DRAIN_READS):
            if not self.read():
                return

    def peek(self) -> str:
        """What the call under way has written so far; it stays."""
        data = b"".join(self._chunks)[-LIMIT:]
        return data.decode("utf-8", "replace").replace("\x00", "�")

    def take(self) -> str:
        """The text of the call that has just ended; the next call starts with nothing."""
        data = b"".join(self._chunks)
        surplus = max(0, len(data) - LIMIT)
        dropped = self._dropped + surplus
        self._chunks.clear()
        self._kept = self._dropped = 0
        text = data[surplus:].decode("utf-8", "replace").replace("\x00", "�")
        text = text.replace("\r\n", "\n").replace("\r", "\n")  # awslambdaric joins a traceback's lines with \r
        return f"[{dropped} bytes left out]\n{text}" if dropped else text
