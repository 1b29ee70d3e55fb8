"""The chain on PostgreSQL beside SQLite: `python -m tests.bench.postgres [ROUNDS]`.

The two servers run at the same time and are driven in turn, so that what else the machine does meets both.
"""

from __future__ import annotations

import statistics
import sys
from typing import Final

import psycopg

from tests.bench.peers import DRIVER, measured
from tests.support.postgresql import database
from tests.support.server import Server

ROUNDS: Final = 5
RATE: Final = "transitions_per_s"
OPEN: Final = {"STATEWRIGHT_VERIFY_SIGNATURES": "off"}


def main(rounds: int) -> int:
    if not DRIVER.exists():
        print(f"The load driver is not at {DRIVER}.")
        return 1
    with database() as url, Server(OPEN) as sqlite, Server(OPEN | {"DATABASE_URL": url}) as postgresql:
        rates: dict[str, list[float]] = {"SQLite": [], "PostgreSQL": []}
        for _ in range(rounds):
            for name, server in (("SQLite", sqlite), ("PostgreSQL", postgresql)):
                rates[name].append(measured(server.url, server.pid, "chain", ["--repeat", "1"], ours=True)[RATE])
        with psycopg.connect(url) as connection:
            version, durable = connection.info.server_version, connection.execute("SHOW synchronous_commit").fetchone()
    for name, found in rates.items():
        print(f"{name:12} {statistics.median(found):12,.0f} transitions/s   "
              f"({', '.join(f'{rate:,.0f}' for rate in found)})")
    ratio = statistics.median(p / s for s, p in zip(rates["SQLite"], rates["PostgreSQL"], strict=True))
    print(f"PostgreSQL {version // 10000} (synchronous_commit {durable[0] if durable else '?'}) / SQLite: {ratio:.0%}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
