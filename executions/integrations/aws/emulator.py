"""The built-in AWS emulator: moto in a process of its own on the loopback interface.

Started by the first call of an AWS service, so that whoever calls none pays nothing for it; has what
the samples need (seeds.py); forgets everything when it ends, and ends with this process.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import select
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any, Final

import botocore.session
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError

from designer.settings import CONFIG
from executions.integrations.aws.seeds import SEEDS

log = logging.getLogger(__name__)

PROCESS: Final = Path(__file__).with_name("emulator_process.py")
START_SECONDS: Final = 60.0
KEYS: Final = {"aws_access_key_id": "emulator", "aws_secret_access_key": "emulator"}


class Emulator:
    """One process, started when its address is asked for, and again when it has died."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._endpoint = ""

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None and self.running else None

    def endpoint(self) -> str:
        """Its address; blocks for a second or two when it has to start.  EndpointConnectionError if it cannot."""
        with self._lock:
            if not self.running:
                self._start()
            return self._endpoint

    def close(self) -> None:
        with self._lock:
            self._put_away()

    def _put_away(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

    def _start(self) -> None:
        self._put_away()  # one that has died
        environment = {"PATH": os.defpath, "MOTO_ACCOUNT_ID": CONFIG.account, "AWS_DEFAULT_REGION": CONFIG.region,
                       "MOTO_S3_CUSTOM_ENDPOINTS": "", "TMPDIR": tempfile.gettempdir()}
        process = subprocess.Popen(  # noqa: S603  our own file
            [sys.executable, "-I", "-B", str(PROCESS)], env=environment, cwd=tempfile.gettempdir(),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=None, start_new_session=True)
        assert process.stdout is not None  # noqa: S101  asked for above
        self._process = process
        ready, _, _ = select.select([process.stdout], [], [], START_SECONDS)
        line = process.stdout.readline() if ready else b""
        if not line.strip().isdigit():  # what it wrote to standard error is in the log
            self._put_away()
            raise EndpointConnectionError(endpoint_url="of the built-in AWS emulator")
        self._endpoint = f"http://127.0.0.1:{int(line)}"
        log.info("The built-in AWS emulator is at %s", self._endpoint)
        self._seed()

    def _seed(self) -> None:
        session: Any = botocore.session.Session()
        for service, method, arguments in SEEDS:
            client = session.create_client(service, region_name=CONFIG.region, endpoint_url=self._endpoint, **KEYS)
            try:
                getattr(client, method)(**arguments)
            except (ClientError, BotoCoreError):
                log.exception("The emulator did not take %s.%s", service, method)


EMULATOR: Final = Emulator()


@atexit.register
def _end() -> None:
    with contextlib.suppress(OSError):
        EMULATOR.close()
