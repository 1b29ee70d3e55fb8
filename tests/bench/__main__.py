"""`make bench`: what we measure.

    python -m tests.bench [WORKLOAD …]     default: chain single choice map parallel waiters history start

First the language and the interpreter alone, then the shared load driver (../shared/bench) against a server
of ours and, where `make bench` has installed it, against moto in the same minutes, as a ratio.  Everything
runs on this machine's loopback, bounded, and ends by itself.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench import interpreter, language
from tests.support.server import ROOT, Server

DRIVER = ROOT.parent / "shared" / "bench" / "sfn_bench.py"
MOTO = ROOT / ".venv-bench" / "bin" / "moto_server"
WORKLOADS = ["chain", "single", "choice", "map", "parallel", "waiters", "history", "start"]
MOTO_LACKS = {"waiters", "history"}  # it waits in real threads and writes no such histories; measured elsewhere
MINUTES = 10


def main(workloads: list[str]) -> int:
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.2f}")
    print(f"one fsync takes {sync_ms():.2f} ms\n\nThe language")
    language.main()
    print("\nThe interpreter alone")
    interpreter.main()
    if not DRIVER.exists():
        print(f"\nThe load driver is not at {DRIVER}; the server was not measured.")
        return 1
    with Server({"STATEWRIGHT_VERIFY_SIGNATURES": "off"}) as server:
        ours = measured(server.url, server.pid, workloads)
    theirs: dict[str, Any] = {}
    if MOTO.exists():
        with moto() as (url, pid):
            theirs = measured(url, pid, [name for name in workloads if name not in MOTO_LACKS], "boto3", 1)
    report(ours, theirs)
    return 0


def measured(url: str, pid: int, workloads: list[str], driver: str = "raw", repeat: int = 3) -> dict[str, Any]:
    """Workload → what the driver reports, medians of `repeat`; a workload that gave a wrong answer is left out."""
    with tempfile.NamedTemporaryFile("r", suffix=".jsonl") as out:
        command = [sys.executable, str(DRIVER), "--endpoint", url, "--driver", driver, "--server-pid", str(pid),
                   "--repeat", str(repeat), "--timeout", "60", "--json", out.name, *workloads]
        subprocess.run(command, check=False, timeout=MINUTES * 60, stdout=subprocess.DEVNULL)
        rows = [json.loads(line) for line in out if line.strip()]
    return {row["workload"]: row for row in rows}


@contextlib.contextmanager
def moto() -> Iterator[tuple[str, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([str(MOTO), "-H", "127.0.0.1", "-p", str(port)],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(10)


def report(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    """Each figure of ours beside moto's."""
    print("\nThe server" + ("" if theirs else " (moto is not installed in .venv-bench: no ratios)"))
    for workload, row in ours.items():
        for name, value in figures(row).items():
            peer = figures(theirs.get(workload, {})).get(name)
            ratio = f"{value / peer:10.1f} ×" if peer else ""
            print(f"{workload:10} {name:34} {value:14,.2f} {peer if peer is not None else '':>14} {ratio}")


def figures(row: dict[str, Any]) -> dict[str, float]:
    """The rates, latencies and costs of a driver's row; its sizes and its own load are left out."""
    wanted = ("_per_s", "_ms", "_us", "_kb", "_mb")
    return {name: value for name, value in row.get("median", {}).items()
            if name.endswith(wanted) and isinstance(value, (int, float))}


def sync_ms() -> float:
    """The time of one small write that is forced to disk, the median of 50."""
    figures_ms = []
    with tempfile.NamedTemporaryFile(dir=Path.cwd()) as file:
        for _ in range(50):
            begun = time.perf_counter()
            file.write(b"x" * 512)
            file.flush()
            os.fsync(file.fileno())
            figures_ms.append((time.perf_counter() - begun) * 1e3)
    return sorted(figures_ms)[25]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:] or WORKLOADS))
