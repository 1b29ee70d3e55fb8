"""python -m tests.campaigns.chaos [--rounds N] [--seeds N] [--minutes N] [--first SEED] [--processes N]

First the simulation, then kill -9 rounds of the real server, each until its number or its half of the time is used
up.  Exit code 1 when anything went wrong; what went wrong is printed with its seed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.acceptance.killing import kill_rounds
from tests.support.server import ROOT

STORIES: Final = 2000  # simulated in one process
ROUNDS: Final = 20  # with one server


def main() -> int:
    options = _options()
    stories, bad = _simulate(options.seeds, options.first, options.processes, options.minutes * 30)
    print(f"simulation: {stories} stories, {bad} batches went wrong", flush=True)
    rounds, lost = _kill(options.rounds, options.first, options.minutes * 30)
    print(f"kill -9: {rounds} rounds, {lost} groups went wrong", flush=True)
    return 1 if bad or lost else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.chaos", description=__doc__)
    parser.add_argument("--rounds", type=int, default=1000, help="kill -9 rounds (1000)")
    parser.add_argument("--seeds", type=int, default=1_000_000, help="simulated stories (1000000)")
    parser.add_argument("--minutes", type=float, default=240, help="the longest time for both (240)")
    parser.add_argument("--first", type=int, default=1, help="the first seed (1)")
    parser.add_argument("--processes", type=int, default=2, help="simulations at a time (2)")
    return parser.parse_args()


def _simulate(seeds: int, first: int, processes: int, seconds: float) -> tuple[int, int]:
    """How many stories were told, in how many batches one went wrong."""
    until, told, bad = time.monotonic() + seconds, 0, 0
    batches = _batches(seeds, first)
    running: list[tuple[int, subprocess.Popen[str]]] = []
    while True:
        while len(running) < processes and time.monotonic() < until and (batch := next(batches, None)):
            running.append((batch[1], _stories(*batch)))
        if not running:
            return told, bad
        count, process = running.pop(0)
        printed, _ = process.communicate()
        told += count
        bad += process.returncode != 0
        print(printed.strip() if process.returncode else f"… {told} stories", flush=True)


def _batches(seeds: int, first: int) -> Iterator[tuple[int, int]]:
    for start in range(0, seeds, STORIES):
        yield first + start, min(STORIES, seeds - start)


def _stories(first: int, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.engine.simulation", "--first", str(first), "--seeds", str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def _kill(rounds: int, first: int, seconds: float) -> tuple[int, int]:
    """How many rounds there were, in how many groups of rounds something went wrong."""
    until, done, lost = time.monotonic() + seconds, 0, 0
    with tempfile.TemporaryDirectory(prefix="statewright-chaos-") as folder:
        while done < rounds and time.monotonic() < until:
            seed, count = first + done, min(ROUNDS, rounds - done)
            try:
                acknowledged = kill_rounds(Path(folder), count, seed)
                print(f"… {done + count} rounds; {acknowledged} executions with the seed {seed}", flush=True)
            except Exception:
                lost += 1
                print(f"seed {seed}:\n{traceback.format_exc()}", flush=True)
            done += count
    return done, lost


if __name__ == "__main__":
    sys.exit(main())
