"""python -m tests.campaigns.soak [--executions N] [--minutes N] [--kills N] [--window N]

Starts executions of all samples on the real server, so that about `window` run at any time, and decides their
approvals.  In the first half of the campaign the server is killed `kills` times; in the second half its memory is
watched.  When the number or the time is reached everything may end, and the database is read: every invariant,
every acknowledged execution.  Exit code 1 when anything is wrong or the memory has grown by 5 % or more.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sqlite3
import statistics
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final

from designer.samples.load import LANGUAGES, samples
from tests.acceptance.mixture import BROKEN
from tests.campaigns.invariants import violations
from tests.support import rest
from tests.support.server import Server

ACCOUNT, REGION = "000000000000", "us-east-1"
GROWTH: Final = 1.05
KEPT_IN_MEMORY: Final = re.compile(r"states:::(glue|athena|sagemaker|aws-sdk:s3:getObject)")
PATIENCE: Final = 120.0  # seconds in which something must come to its end, as long as anything runs at the end
WARM: Final = 0.3  # of the second half, after which the memory is what it usually is


@dataclass
class Soak:
    server: Server
    executions: int
    seconds: float
    window: int
    inputs: list[tuple[str, str]]  # ARN of a machine, input
    later: list[tuple[str, str]]  # the same, for what a kill would take the ground from
    acknowledged: dict[str, str] = field(default_factory=dict)  # ARN of an execution → of its machine
    began: float = field(default_factory=time.monotonic)
    ended: threading.Event = field(default_factory=threading.Event)
    failures: list[str] = field(default_factory=list)

    @property
    def progress(self) -> float:
        """From 0 to 1, by number or by time, whichever is further."""
        return max(len(self.acknowledged) / self.executions, (time.monotonic() - self.began) / self.seconds)

    def start_executions(self, seed: int) -> None:
        dice, client = random.Random(seed), self.server.client()
        while self.progress < 1 and not self.ended.is_set():
            if self.running() >= self.window:
                time.sleep(0.05)
                continue
            for _ in range(20):
                machine, given = dice.choice(self.inputs if self.progress < 0.5 else self.inputs + self.later)
                try:
                    answer = client.start_execution(stateMachineArn=machine, input=given)
                    self.acknowledged[answer["executionArn"]] = machine
                except BROKEN:
                    time.sleep(0.1)
                except client.exceptions.ClientError as error:
                    self.failures.append(f"a start was refused: {error}")

    def decide_approvals(self, key: str) -> None:
        """As the person whose key it is: nobody decides what they asked for, and some levels want two."""
        while not self.ended.wait(0.1):
            try:
                for row in rest.call(self.server.url, "GET", "approvals/?limit=50", key=key):
                    self._decide(row["id"], key)
            except BROKEN:
                time.sleep(0.2)

    def _decide(self, approval: str, key: str) -> None:
        try:
            form = rest.call(self.server.url, "GET", f"approvals/{approval}/", key=key)["form"]
            answer = {"decision": "APPROVED", "form": _filled(form)}
            rest.call(self.server.url, "POST", f"approvals/{approval}/decide/", answer, key=key)
        except rest.Refused as refused:
            if refused.status not in (403, 404, 409):  # somebody else was faster
                self.failures.append(f"a decision was refused: {refused}")

    def running(self) -> int:
        """As the database has it."""
        with closing(sqlite3.connect(self.database, timeout=60)) as opened:
            row = opened.execute("SELECT count(*) FROM executions_execution WHERE status = 'RUNNING'").fetchone()
        return int(row[0])

    @property
    def database(self) -> Any:
        return self.server.folder / "data" / "statewright.sqlite3"

    def memory(self) -> float:
        """The server's resident memory in MiB."""
        with open(f"/proc/{self.server.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


def _filled(form: dict[str, Any]) -> dict[str, Any]:
    """Something for everything that a form requires."""
    made = {"string": "because", "integer": 1, "number": 1, "boolean": True}
    members = form.get("properties", {})
    return {name: members[name].get("enum", [made.get(members[name].get("type"), "because")])[0]
            for name in form.get("required", [])}


def _inputs() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Of all samples; those last whose jobs and files the emulator keeps in memory, and loses with the server."""
    steady: list[tuple[str, str]] = []
    later: list[tuple[str, str]] = []
    for language in LANGUAGES:
        for sample in samples(language, ACCOUNT, REGION):
            arn = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{sample.name}"
            (later if KEPT_IN_MEMORY.search(json.dumps(sample.definition)) else steady).append(
                (arn, json.dumps(sample.input)))
    return steady, later


def _people(server: Server) -> list[str]:
    """Keys of two approvers and of an administrator who starts nothing."""
    keys = []
    for name, group in (("ann", "approver"), ("bob", "approver"), ("cho", "administrator")):
        made = rest.call(server.url, "POST", "people/", {
            "username": name, "name": "", "email": "", "groups": [group], "password": "a phrase for the soak 7"})
        keys.append(rest.key_of(server.url, made["id"]))
    return keys


def main() -> int:
    options = _options()
    with Server() as server:
        keys = _people(server)
        soak = Soak(server, options.executions, options.minutes * 60, options.window, *_inputs())
        threads = [threading.Thread(target=soak.start_executions, args=(seed,), daemon=True) for seed in range(2)]
        threads += [threading.Thread(target=soak.decide_approvals, args=(key,), daemon=True) for key in keys]
        for thread in threads:
            thread.start()
        try:
            _kill(soak, options.kills)
            grown = _watch(soak)
            _wait_for_the_end(soak)
        finally:
            soak.ended.set()
            for thread in threads:
                thread.join(60)
        return _judge(soak, grown)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.soak", description=__doc__)
    parser.add_argument("--executions", type=int, default=100_000, help="how many to start (100000)")
    parser.add_argument("--minutes", type=float, default=60, help="the longest time for it (60)")
    parser.add_argument("--kills", type=int, default=20, help="kill -9 in the first half (20)")
    parser.add_argument("--window", type=int, default=400, help="how many run at any time (400)")
    return parser.parse_args()


def _kill(soak: Soak, kills: int) -> None:
    for number in range(1, kills + 1):
        while soak.progress < 0.5 * number / (kills + 1):
            time.sleep(0.1)
        soak.server.kill()
        soak.server.start()
        print(f"… {len(soak.acknowledged)} started, killed {number} times", flush=True)
    while soak.progress < 0.5:
        time.sleep(0.1)


def _watch(soak: Soak) -> float:
    """By how much the memory of the server has grown, 1 for not at all, while executions come and go."""
    warm = 0.5 + 0.5 * WARM
    early: list[float] = []
    late: list[float] = []
    while (progress := soak.progress) < 1:
        time.sleep(0.2)
        if progress >= warm:
            (early if progress < warm + 0.1 else late).append(soak.memory())
    first, last = statistics.median(early or late or [1.0]), statistics.median(late[-50:] or early or [1.0])
    print(f"memory: {first:.1f} MiB, at the end {last:.1f} MiB", flush=True)
    return last / first


def _wait_for_the_end(soak: Soak) -> None:
    least, until = soak.running(), time.monotonic() + PATIENCE
    while least and time.monotonic() < until:
        time.sleep(0.5)
        if (running := soak.running()) < least:
            least, until = running, time.monotonic() + PATIENCE


def _judge(soak: Soak, grown: float) -> int:
    wrong = [*soak.failures, *violations(soak.database)]
    with closing(sqlite3.connect(soak.database)) as opened:
        kept = dict(opened.execute("SELECT arn, status FROM executions_execution"))
    wrong += [f"lost: {arn}" for arn in soak.acknowledged if arn not in kept]
    wrong += [f"{kept[arn]}: {arn}" for arn in soak.acknowledged if kept.get(arn, "SUCCEEDED") != "SUCCEEDED"]
    if "Traceback" in soak.server.log():
        wrong.append("a traceback in the server's log")
    if grown >= GROWTH:
        wrong.append(f"the memory has grown by {100 * (grown - 1):.1f} %")
    print("\n".join(wrong[:50]))
    counts = ", ".join(f"{status} {count}" for status, count in sorted(Counter(kept.values()).items()))
    print(f"{len(soak.acknowledged)} executions acknowledged in {(time.monotonic() - soak.began) / 60:.1f} minutes; "
          f"{counts}; {len(wrong)} things wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
