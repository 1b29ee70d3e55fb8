"""The parent's side of the helper process: deadline, kill, start anew.

No engine of JSONata can be bounded from inside (an expression may run for ever in a regular expression
or in the parser), so whatever does not run in place runs in a process that can be ended.  This is the
one place of the language that touches the operating system.
"""

from __future__ import annotations

import atexit
import os
import select
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Final

from designer.asl.jsontext import dump_bytes, loads

DEADLINE_MS: Final = 1_000  # for one expression (asl-language.md §4.4)
START_MS: Final = 30_000
_SCRIPT: Final = str(Path(__file__).with_name("helper.py"))
_TIMEOUT: Final = {"limit": "Expression evaluation timeout"}
_ENDED: Final = {"limit": "Expression evaluation memory limit exceeded"}


class _Late(Exception):  # noqa: N818 - private
    """The helper did not answer in time."""


class Helper:
    """One helper process, started when it is first needed.  Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def evaluate(self, text: str, names: dict[str, Any], seed: int, now: int) -> dict[str, Any]:
        """The helper's answer (helper.py); a limit when it took too long or died."""
        request = dump_bytes({"text": text, "names": names, "seed": seed, "now": now})
        with self._lock:
            process = self._running()
            try:
                self._send(process, request)
                return self._receive(process, DEADLINE_MS)
            except _Late:
                self._end()
                return dict(_TIMEOUT)
            except (OSError, EOFError, ValueError):
                self._end()
                return dict(_ENDED)

    def close(self) -> None:
        with self._lock:
            self._end()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._owner != os.getpid():
            self._process = None  # a fork inherited it; it belongs to the parent
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(  # noqa: S603 - our own script
                [sys.executable, "-s", _SCRIPT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={}, bufsize=0,
                start_new_session=True)
            self._owner = os.getpid()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    os.set_blocking(pipe.fileno(), False)
            self._receive(self._process, START_MS)
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.wait()

    @staticmethod
    def _send(process: subprocess.Popen[bytes], request: bytes) -> None:
        if process.stdin is None:
            raise EOFError
        target = process.stdin.fileno()
        data = memoryview(len(request).to_bytes(4, "big") + request)
        while data:
            _wait(target, select.POLLOUT, DEADLINE_MS)
            data = data[os.write(target, data):]

    @staticmethod
    def _receive(process: subprocess.Popen[bytes], limit_ms: int) -> dict[str, Any]:
        if process.stdout is None:
            raise EOFError
        source = process.stdout.fileno()
        length = int.from_bytes(_read(source, 4, limit_ms), "big")
        found: dict[str, Any] = loads(_read(source, length, limit_ms))
        return found


def _wait(descriptor: int, event: int, limit_ms: int) -> None:
    poll = select.poll()
    poll.register(descriptor, event)
    if not poll.poll(limit_ms):
        raise _Late


def _read(source: int, count: int, limit_ms: int) -> bytes:
    found = bytearray()
    while len(found) < count:
        _wait(source, select.POLLIN, limit_ms)
        piece = os.read(source, min(count - len(found), 1 << 20))
        if not piece:
            raise EOFError
        found += piece
    return bytes(found)


HELPER: Final = Helper()
atexit.register(HELPER.close)
