"""`make bench`: the shared load driver against a server of ours, on this machine's loopback only.

    python -m tests.bench [WORKLOAD …]     default: chain single choice map parallel waiters history start

Prints the driver's figures with versions and load.  Every run is bounded and ends by itself.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

from tests.support.server import Server

DRIVER = Path(__file__).resolve().parents[3] / "shared" / "bench" / "sfn_bench.py"
WORKLOADS = ["chain", "single", "choice", "map", "parallel", "waiters", "history", "start"]


def main(workloads: list[str]) -> int:
    if not DRIVER.exists():
        print(f"The load driver is not at {DRIVER}; nothing was measured.")
        return 1
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.2f}")
    with Server() as server:
        command = [sys.executable, str(DRIVER), "--endpoint", server.url, "--driver", "raw",
                   "--server-pid", str(server.pid), "--repeat", "3", *workloads]
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:] or WORKLOADS))
