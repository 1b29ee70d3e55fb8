"""The real server, as a subprocess with a data folder of its own.

    with Server() as server:
        client = server.client()
        server.kill()        # kill -9
        server.restart()     # on the same data
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self

import boto3
from botocore.config import Config

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery staple"
ACCESS_KEY_ID = "AKIASTATEWRIGHTTESTS"
SECRET_ACCESS_KEY = "secret-of-the-tests"
START_SECONDS = 60.0

_running: set[Server] = set()


class Server:
    """`environment` adds to or overrides the settings; `seconds` is how long the start may take.

    `make_database` makes each new server a database, by its URL; None: SQLite in its data folder.
    """

    make_database: ClassVar[Callable[[], AbstractContextManager[str]] | None] = None

    def __init__(self, environment: dict[str, str] | None = None, seconds: float = START_SECONDS) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="statewright-server-"))
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.seconds = seconds
        self.environment = _settings(self.folder / "data", self.port)
        self._database = contextlib.ExitStack()
        if Server.make_database is not None:
            self.environment["DATABASE_URL"] = self._database.enter_context(Server.make_database())
        self.environment |= environment or {}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if error is not None:
            sys.stderr.write(f"\n--- log of the server ---\n{self.log()[-8000:]}\n")
        self.close()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start and wait until it is ready."""
        assert self._process is None, "it runs already"
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"], cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True)
        _running.add(self)
        self._wait_until_ready()

    def kill(self) -> None:
        """kill -9: the server alone; what it started has to notice by itself."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end in order (SIGTERM) and wait."""
        self._end(signal.SIGTERM)

    def restart(self) -> None:
        """Start again on the same data and port, ending it in order first if it still runs."""
        if self._process is not None:
            self.stop()
        self.start()

    def close(self) -> None:
        """End everything and remove the data."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
        _running.discard(self)
        self._database.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def client(self, service: str = "stepfunctions", **options: Any) -> Any:
        """A boto3 client; it does not retry unless `options` has another `config`."""
        options.setdefault("config", Config(
            retries={"total_max_attempts": 1}, read_timeout=90, connect_timeout=10, max_pool_connections=50,
            inject_host_prefix=False))
        connect: Any = boto3.client
        return connect(
            service, endpoint_url=self.url, region_name="us-east-1", aws_access_key_id=ACCESS_KEY_ID,
            aws_secret_access_key=SECRET_ACCESS_KEY, **options)

    def log(self) -> str:
        """What it has written."""
        path = self.folder / "server.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def _end(self, number: signal.Signals) -> None:
        assert self._process is not None, "it does not run"
        self._process.send_signal(number)
        self._process.wait(30)
        self._process = None

    def _wait_until_ready(self) -> None:
        assert self._process is not None
        until = time.monotonic() + self.seconds
        while time.monotonic() < until:
            if self._process.poll() is not None:
                raise RuntimeError(f"The server ended with {self._process.returncode}:\n{self.log()[-8000:]}")
            if self._is_ready():
                return
            time.sleep(0.02)
        raise RuntimeError(f"The server was not ready within {self.seconds} s:\n{self.log()[-8000:]}")

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def _settings(data: Path, port: int) -> dict[str, str]:
    """A clean environment: nothing of the developer's settings, AWS profile or proxy."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "designer.settings",
        "STATEWRIGHT_AWS_EMULATOR": "on",  # starts with the first AWS task, so it costs nothing till then
        "STATEWRIGHT_DATA_DIR": str(data),
        "STATEWRIGHT_PORT": str(port),
        "STATEWRIGHT_ADMIN_PASSWORD": PASSWORD,
        "STATEWRIGHT_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "STATEWRIGHT_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def running_servers() -> set[Server]:
    """Those this process has started and not closed."""
    return set(_running)


@atexit.register
def _end_all() -> None:
    for server in list(_running):
        server.close()
