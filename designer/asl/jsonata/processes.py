"""The parent's side of the helper processes: deadline, kill, start anew, quarantine.

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

from designer.asl.jsonata.messages import MEMORY, TIMEOUT
from designer.asl.jsonata.quarantine import Quarantine
from designer.asl.jsontext import dump_bytes, loads

DEADLINE_MS: Final = 1_000  # for one expression (asl-language.md §4.4)
START_MS: Final = 30_000
WARM: Final = 2
MOST: Final = 4  # processes
COSTLY_S: Final = 0.25  # a limit that was met later than this counts, too
_SCRIPT: Final = str(Path(__file__).with_name("helper.py"))
_TIMEOUT: Final = {"limit": TIMEOUT}
_ENDED: Final = {"limit": MEMORY}


class _Late(Exception):  # noqa: N818 - private
    """The helper did not answer in time."""


class ElsewhereError(Exception):
    """An expression needs a helper, and this thread must never wait for one: evaluate it in another thread."""


class Helper:
    """One helper process.  Used by one thread at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self.is_ready = False

    def ask(self, request: bytes, limit_ms: int) -> dict[str, Any]:
        """The answer (helper.py), a limit when it took too long or the process died; then it is started anew."""
        found = _TIMEOUT
        try:
            process = self._ready()
            self._send(process, request)
            return self._receive(process, limit_ms)
        except _Late:
            self.end()
        except (OSError, EOFError, ValueError):
            self.end()
            found = _ENDED
        except BaseException:  # interrupted: an answer is still to come, and would be taken for the next one's
            self.end()
            raise
        self.start()
        return dict(found)

    def start(self) -> None:
        """Start the process if it does not run, and do not wait until it is ready."""
        if self._process is not None and self._owner != os.getpid():
            self._process = None  # a fork inherited it; it belongs to the parent
        if self._process is not None and self._process.poll() is None:
            return
        self.end()
        self._process = subprocess.Popen(  # noqa: S603 - our own script
            [sys.executable, "-s", _SCRIPT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={}, bufsize=0,
            start_new_session=True)
        self._owner, self.is_ready = os.getpid(), False
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                os.set_blocking(pipe.fileno(), False)

    def _ready(self) -> subprocess.Popen[bytes]:
        self.start()
        if self._process is None:
            raise EOFError
        if not self.is_ready:
            self._receive(self._process, START_MS)
            self.is_ready = True
        return self._process

    def end(self) -> None:
        process, self._process = self._process, None
        self.is_ready = False
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.wait()

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

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


class Helpers:
    """A few processes, so that one that is busy or starts anew holds up no other thread.  Safe between threads."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everything, as in a process that was forked."""
        self._free = threading.Condition()
        self._idle: list[Helper] = []
        self._count = 0
        self._never: set[int] = set()
        self.quarantine = Quarantine(DEADLINE_MS)

    def never_in(self, thread: int, never: bool = True) -> None:
        """Whether `evaluate` raises ElsewhereError in this thread (its ident) instead of waiting there."""
        (self._never.add if never else self._never.discard)(thread)

    def evaluate(self, text: str, names: dict[str, Any], seed: int, now: int) -> dict[str, Any]:
        """The helper's answer (helper.py); a limit when it took too long, often did, or died.

        Raises ElsewhereError in a thread that must not wait.
        """
        if threading.get_ident() in self._never:
            raise ElsewhereError(text)
        with self._free:
            refusal = self.quarantine.refusal(text, _clock())
            if refusal is not None:
                return dict(refusal)
            limit_ms = self.quarantine.deadline(text, _clock())
        request = dump_bytes({"text": text, "names": names, "seed": seed, "now": now})
        helper = self._take()
        begun = _clock()
        found: dict[str, Any] = {}
        try:
            found = helper.ask(request, limit_ms)
        finally:
            self._give(helper, text, found, _clock() - begun)
        return found

    def warm(self, count: int = WARM) -> None:
        """Start processes now, without waiting for them, so that the first expression finds one."""
        with self._free:
            while self._count < min(count, MOST):
                self._count += 1
                self._idle.append(Helper())
            for helper in self._idle:
                helper.start()

    def close(self) -> None:
        """End all processes that are not at work."""
        with self._free:
            for helper in self._idle:
                helper.end()
            self._count -= len(self._idle)
            self._idle.clear()

    def pids(self) -> list[int]:
        """Processes that wait for work, the next one to be used last."""
        with self._free:
            return [helper.pid for helper in self._idle if helper.pid is not None]

    def _take(self) -> Helper:
        with self._free:
            while not self._idle:
                if self._count < MOST:
                    self._count += 1
                    return Helper()
                self._free.wait()
            return self._idle.pop()

    def _give(self, helper: Helper, text: str, found: dict[str, Any], seconds: float) -> None:
        """One that had to be started anew goes to the back, where it has time to get ready."""
        with self._free:
            if "limit" in found and (not helper.is_ready or seconds >= COSTLY_S):
                self.quarantine.failed(text, _clock(), round(seconds * 1000), found)
            elif found:
                self.quarantine.succeeded(text)
            self._idle.insert(len(self._idle) if helper.is_ready else 0, helper)
            self._free.notify()


def _clock() -> float:
    """Seconds since some start; the language has no clock but this one, for processes alone."""
    return os.times().elapsed


HELPERS: Final = Helpers()
atexit.register(HELPERS.close)
os.register_at_fork(after_in_child=HELPERS.reset)
