"""One worker process: started by a thread of its own, watched until it ends, killed with all it started."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

LAUNCHER: Final = Path(__file__).with_name("launcher.py")
PATH: Final = f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"
PROC: Final = Path("/proc")
TEMPORARY: Final = "statewright-function-"  # then the server's process id


class Process:
    """`on_exit(returncode)` is called in the loop, once; None means that it could not be started at all.

    Its standard output and error are one non-blocking pipe, `output`.  Its standard input is the lifeline
    (launcher.py): it closes with this process, and the worker's whole group dies.
    """

    def __init__(self, arguments: list[str], directory: Path, environment: Mapping[str, str], mark: str,
                 on_exit: Callable[[int | None], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._arguments, self._directory, self._environment = arguments, directory, dict(environment)
        self._mark = mark
        self._on_exit = on_exit
        self._killed = False
        self._process: subprocess.Popen[bytes] | None = None
        self.output, self._child_output = os.pipe()
        os.set_blocking(self.output, False)
        self.temporary = Path(tempfile.mkdtemp(prefix=f"{TEMPORARY}{os.getpid()}-"))
        self._environment["TMPDIR"] = str(self.temporary)
        threading.Thread(target=self._live, name="function worker", daemon=True).start()

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    def _live(self) -> None:
        """The thread: start, wait, tidy up.  Starting takes a millisecond or more, too long for the loop."""
        returncode: int | None = None
        try:
            self._process = self._start()
        except OSError:
            pass
        else:
            if self._killed:
                self._kill_group()
            returncode = self._process.wait()
            kill_marked(self._mark)
            if self._process.stdin is not None:
                self._process.stdin.close()
        finally:
            os.close(self._child_output)
            shutil.rmtree(self.temporary, ignore_errors=True)
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody wants to know
            self._loop.call_soon_threadsafe(self._on_exit, returncode)

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-I", "-B", str(LAUNCHER), *self._arguments]
        return subprocess.Popen(  # noqa: S603  the command is ours; the function's code runs inside
            command, cwd=self._directory, env=self._environment, stdin=subprocess.PIPE, stdout=self._child_output,
            stderr=self._child_output, start_new_session=True)

    def kill(self) -> None:
        """End the worker and its group, at any time and as often as one likes; `on_exit` follows."""
        self._killed = True
        self._kill_group()

    def _kill_group(self) -> None:
        process = self._process
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)


def remove_leftovers() -> None:
    """Remove the temporary folders of workers whose server was killed (a thread's work, at start)."""
    for path in Path(tempfile.gettempdir()).glob(f"{TEMPORARY}*-*"):
        server = path.name[len(TEMPORARY):].partition("-")[0]
        try:
            os.kill(int(server), 0)
        except ProcessLookupError:
            shutil.rmtree(path, ignore_errors=True)
        except (ValueError, OSError):
            continue  # not ours


def kill_marked(mark: str) -> None:
    """Kill what the worker left behind in sessions of its own: processes whose environment holds its token."""
    needle = mark.encode()
    for entry in PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if needle in (entry / "environ").read_bytes():
                os.kill(int(entry.name), signal.SIGKILL)


def resident_bytes(pid: int) -> int:
    """The memory that a process and its children hold, pages shared among them counted once; 0 where unknown."""
    return sum(_resident(each) for each in _family(pid))


def _family(pid: int) -> list[int]:
    found = [pid]
    for each in found:
        with contextlib.suppress(OSError, ValueError):
            found += map(int, (PROC / str(each) / "task" / str(each) / "children").read_text().split())
    return found


def _resident(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def roughly_resident_bytes(pid: int) -> int:
    """An upper bound of `resident_bytes` at a fraction of its price (a fork's shared pages count twice)."""
    pages = 0
    for each in _family(pid):
        with contextlib.suppress(OSError, IndexError, ValueError):
            pages += int((PROC / str(each) / "statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
