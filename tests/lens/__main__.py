"""python -m tests.lens [--seeds N] [--first SEED]: random machines against the lens; exit code 1 when it is wrong."""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections import Counter

from tests.lens.members import faults


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.lens", description=__doc__)
    parser.add_argument("--seeds", type=int, default=10_000, help="how many machines (10000)")
    parser.add_argument("--first", type=int, default=0, help="the first seed (0)")
    options = parser.parse_args()
    begun, bad, counts = time.perf_counter(), 0, Counter[str]()
    for seed in range(options.first, options.first + options.seeds):
        try:
            wrong, status = faults(seed)
        except Exception:
            wrong, status = [traceback.format_exc(limit=-4)], "broken"
        counts[status or "refused"] += 1
        if wrong:
            bad += 1
            print(f"seed {seed}: {wrong[0][:600]}", flush=True)
    seconds = time.perf_counter() - begun
    print(f"{options.seeds} machines in {seconds:.1f} s, {bad} went wrong; "
          + ", ".join(f"{name} {count}" for name, count in sorted(counts.items())))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
