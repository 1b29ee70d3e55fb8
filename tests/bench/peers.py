"""moto beside our server, and the shared load driver against either."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tests.support.server import ROOT

DRIVER: Final = ROOT.parent / "shared" / "bench" / "sfn_bench.py"
MOTO: Final = ROOT / ".venv-bench" / "bin" / "moto_server"
MINUTES: Final = 4  # for one workload
START_SECONDS: Final = 60
# What moto is known to do otherwise (shared/bench/README.md); it is measured all the same.
DEVIATIONS: Final = ("reverseOrder", "pageSize", "previousEventId", "earlyWake", "lateVisible")


@contextlib.contextmanager
def moto() -> Iterator[tuple[str, int]]:
    """A moto server that really runs state machines, which it does only when told to: its URL and process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([str(MOTO), "-H", "127.0.0.1", "-p", str(port)],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        _configure(url, time.monotonic() + START_SECONDS)
        yield url, process.pid
    finally:
        process.terminate()
        process.wait(10)


def _configure(url: str, until: float) -> None:
    body = json.dumps({"stepfunctions": {"execute_state_machine": True}}).encode()
    request = urllib.request.Request(f"{url}/moto-api/config", body, {"Content-Type": "application/json"})
    while True:
        try:
            urllib.request.urlopen(request, timeout=10).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


def moto_version() -> str:
    """As it is installed in the environment of its own."""
    program = "import importlib.metadata as m; print(m.version('moto'))"
    return subprocess.run([MOTO.parent / "python", "-c", program], capture_output=True, text=True).stdout.strip()


def measured(url: str, pid: int, workload: str, options: list[str], *, ours: bool) -> dict[str, Any]:
    """The medians that the driver reports; {} and a line about it when the workload gave a wrong answer."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.jsonl"
        command = [sys.executable, str(DRIVER), "--endpoint", url, "--driver", "raw", "--server-pid", str(pid),
                   "--timeout", "120", "--json", str(out), *options, workload]
        if not ours:
            command += [word for name in DEVIATIONS for word in ("--allow", name)]
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(command, check=False, timeout=MINUTES * 60, stdout=subprocess.DEVNULL)
        rows = [json.loads(line) for line in out.read_text().splitlines()] if out.exists() else []
    if not rows or rows[0]["status"] != "ok":
        why = rows[0]["errors"] if rows else f"not done after {MINUTES} minutes"
        print(f"{workload} against {'us' if ours else 'moto'}: {why}")
        return {}
    return dict(rows[0]["median"])
