"""python -m tests.engine.simulation [--seeds N] [--first SEED]: many stories; exit code 1 when one goes wrong."""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections import Counter

from tests.engine.simulation.world import World


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.engine.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="how many stories (1000)")
    parser.add_argument("--first", type=int, default=0, help="the first seed (0)")
    options = parser.parse_args()
    begun, bad, counts = time.perf_counter(), 0, Counter[str]()
    for seed in range(options.first, options.first + options.seeds):
        try:
            world = World(seed).live()
        except Exception:
            bad += 1
            print(f"seed {seed}:\n{traceback.format_exc(limit=-4)}", flush=True)
            continue
        counts["events"] += len(world.store.events())
        counts["commits"] += len(world.store.batches)
        counts["crashes"] += world.crashes
        counts[world.worker.run.header.status] += 1
    seconds = time.perf_counter() - begun
    print(f"{options.seeds} stories in {seconds:.1f} s, {bad} went wrong; "
          + ", ".join(f"{name} {count}" for name, count in sorted(counts.items())))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
