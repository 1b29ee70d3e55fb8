"""What is promised: for each row of the table a figure, what it must reach at least, and what it aims at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple


class Peer(NamedTuple):
    """What bounds may depend on: moto's figure for the same workload (None: not measured), the time of one sync."""

    moto: float | None
    sync_ms: float


Bound = Callable[[Peer], float | None]


@dataclass(frozen=True, slots=True)
class Row:
    """`workload` names the run that gives `figure`; `higher` says that more is better."""

    title: str
    workload: str
    figure: str
    least: Bound
    aim: Bound
    higher: bool = True

    def reached(self, value: float, bound: float) -> bool:
        return value >= bound if self.higher else value <= bound


def fixed(value: float) -> Bound:
    return lambda peer: value


def times(factor: float) -> Bound:
    return lambda peer: None if peer.moto is None else peer.moto * factor


def _single(peer: Peer) -> float | None:
    return None if peer.moto is None else max(peer.moto / 3, 3 * peer.sync_ms + 3)


ROWS: Final = (
    Row("chain of 100 Pass, transitions/s", "chain", "transitions_per_s", times(20), times(60)),
    Row("server CPU per transition, µs", "chain", "server_cpu_us_per_transition", fixed(45), fixed(15), False),
    Row("single Pass, p50 ms", "single", "p50_ms", _single, fixed(3.4), False),
    Row("choice loop, transitions/s", "choice", "transitions_per_s", times(30), times(100)),
    Row("inline Map of 1,000, items/s", "map", "items_per_s", times(15), times(50)),
    Row("Parallel of 40, p50 ms", "parallel", "p50_ms", times(1 / 15), times(1 / 35), False),
    Row("10,000 waiting, KB each", "waiters", "rss_kb_per_waiter", fixed(4), fixed(2), False),
    Row("10,000 waiting, lateness p99 ms", "waiters", "late_p99_ms", fixed(50), fixed(10), False),
    Row("history read, events/s", "history", "events_per_s", times(50), fixed(100_000)),
    Row("activity tasks/s", "task", "tasks_per_s", fixed(500), fixed(1_000)),
    Row("warm function call, p50 ms", "functions", "warm_p50_ms", fixed(5), fixed(3), False),
    Row("function tasks/s", "functions", "calls_per_s", fixed(300), fixed(600)),
    Row("StartSyncExecution/s, 64 connections", "sync", "requests_per_s", fixed(700), fixed(1_500)),
    Row("StartExecution/s, 64 connections", "start", "requests_per_s", fixed(1_500), fixed(5_000)),
    Row("JSONata chain, transitions/s", "jsonata", "transitions_per_s", fixed(8_000), fixed(25_000)),
)
WORKLOADS: Final = tuple(dict.fromkeys(row.workload for row in ROWS))
HEAD: Final = f"{'':36} {'ours':>12} {'at least':>12} {'aim':>12} {'moto':>12} {'ratio':>9}"


def line(row: Row, value: float | None, peer: Peer) -> tuple[str, bool]:
    """The printed row, and whether what is promised at least holds as far as it can be told."""
    least, aim = row.least(peer), row.aim(peer)
    ratio = None
    if value and peer.moto:
        ratio = value / peer.moto if row.higher else peer.moto / value
    verdict, holds = _verdict(row, value, least, aim)
    ratio_text = f"{ratio:7.1f} ×" if ratio else ""
    return (f"{row.title:36} {_shown(value)} {_shown(least)} {_shown(aim)} {_shown(peer.moto)} {ratio_text:>9}  "
            f"{verdict}"), holds


def _verdict(row: Row, value: float | None, least: float | None, aim: float | None) -> tuple[str, bool]:
    if value is None:
        return "does not hold: no figure (see above)", False
    if least is None:
        return "no moto to compare with", True
    if not row.reached(value, least):
        return "does not hold", False
    return ("holds, aim reached" if aim is not None and row.reached(value, aim) else "holds"), True


def _shown(value: float | None) -> str:
    if value is None:
        return f"{'':>12}"
    return f"{value:12,.0f}" if value >= 100 else f"{value:12,.2f}"
