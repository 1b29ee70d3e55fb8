"""The workers: how many there are, who gets one, and when they end.

    acquire:  an idle worker of the same function, code and configuration, else a new one; when all
              places are taken, the call waits its turn.
    release:  the worker goes to the next call of its kind, unless somebody of another has waited long.
    room:     for a kind that has no worker, or has waited long, an idle worker of another kind goes.

To start a worker costs as much as some hundred calls.  So each may stay for TENURE_SECONDS before it makes room:
with more kinds of calls than places, the server would else do nothing but start workers.  Everything here runs in
the engine's loop.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from executions.integrations.functions import catalog, code, requirements
from executions.integrations.functions.catalog import FunctionSpec
from executions.integrations.functions.endpoint import Endpoint
from executions.integrations.functions.outcome import Outcome, not_started
from executions.integrations.functions.process import remove_leftovers
from executions.integrations.functions.sandbox import Call, Sandbox, WorkerGoneError
from executions.models import Function
from executions.store import in_thread

IDLE_SECONDS: Final = 300.0
LOOK_SECONDS: Final = 0.1
PATIENCE_SECONDS: Final = 1.0  # then a call that waits for a worker of its own kind wants another's place
TENURE_SECONDS: Final = 1.0
CLOSE_SECONDS: Final = 5.0
LIMIT: Final = max(32, 8 * (os.cpu_count() or 1))  # 14 MB each while idle


@dataclass(eq=False, slots=True)
class _Waiting:
    """A call without a place.  The future gives a worker to use again, or None: make one."""

    key: str
    place: asyncio.Future[Sandbox | None]
    since: float = field(default_factory=time.monotonic)


class Pool:
    """`limit` worker processes at once; a worker that nobody used for `idle_seconds` ends."""

    def __init__(self, limit: int = LIMIT, idle_seconds: float = IDLE_SECONDS) -> None:
        self.limit = limit
        self.idle_seconds = idle_seconds
        self._endpoint = Endpoint()
        self._ready: asyncio.Future[None] | None = None
        self._idle: dict[str, list[Sandbox]] = {}
        self._alive: set[Sandbox] = set()
        self._places = 0  # taken: workers that live, and those being made
        self._waiting: deque[_Waiting] = deque()
        self._tending: asyncio.Task[None] | None = None
        self._closing = False
        self._all_ended: asyncio.Future[None] | None = None

    @property
    def workers(self) -> list[Sandbox]:
        return list(self._alive)

    async def invoke(self, spec: FunctionSpec, call: Call) -> Outcome:
        """Call a function; always gives an Outcome.  Cancelling ends the worker that is at it.

        One that is saved anew in this moment is called as it is then.
        """
        await self._open()
        while True:
            try:
                sandbox = await self._acquire(spec)
            except (Function.DoesNotExist, OSError) as error:
                saved = await _saved_meanwhile(spec) if isinstance(error, Function.DoesNotExist) else None
                if saved is not None:
                    spec = saved
                    continue
                failure = not_started(f"The code of the function '{spec.name}' could not be made ready: {error}")
                return Outcome(error=failure.error, cause=failure.cause)
            try:
                return await sandbox.run(call)
            except WorkerGoneError:
                continue
            finally:
                self._release(sandbox)

    async def _open(self) -> None:
        if self._ready is None:
            self._ready = asyncio.ensure_future(self._begin())
        await asyncio.shield(self._ready)

    async def _begin(self) -> None:
        try:
            await self._endpoint.open()
            await in_thread(code.sweep)
            await asyncio.to_thread(remove_leftovers)
        except BaseException:
            self._ready = None  # the next call tries again
            raise
        self._tending = asyncio.create_task(self._tend())

    async def _acquire(self, spec: FunctionSpec) -> Sandbox:
        sandbox = self._take_idle(spec.key)
        if sandbox is not None:
            return sandbox
        self._end_outdated(spec)
        if self._places < self.limit:
            self._places += 1
            return await self._make(spec)
        return await self._wait(spec.key) or await self._make(spec)

    def _take_idle(self, key: str) -> Sandbox | None:
        """The worker used last: the others may then grow old and end."""
        idle = self._idle.get(key)
        while idle:
            sandbox = idle.pop()
            if sandbox.reusable:
                return sandbox
        return None

    async def _wait(self, key: str) -> Sandbox | None:
        waiting = _Waiting(key, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._make_room()
        try:
            return await waiting.place
        except asyncio.CancelledError:
            if not waiting.place.cancelled() and waiting.place.done():
                self._give_back(waiting.place.result())
            elif waiting in self._waiting:
                self._waiting.remove(waiting)
            raise

    async def _make(self, spec: FunctionSpec) -> Sandbox:
        """A new worker in the place that was taken for it."""
        try:
            path = await code.ready(spec.id, spec.sha256)
            packages = await requirements.ready(path)
            sandbox = Sandbox(spec, path, self._endpoint, self._ended, packages)
        except BaseException:
            self._give_back(None)
            raise
        self._alive.add(sandbox)
        return sandbox

    def _release(self, sandbox: Sandbox) -> None:
        if sandbox.dead:
            return  # its place is free when its process has ended
        waiting = self._next_of(sandbox.spec.key)
        if self._closing or (waiting is not None and self._yields(sandbox, waiting)):
            sandbox.kill()
        elif waiting is not None:
            self._waiting.remove(waiting)
            waiting.place.set_result(sandbox)
        else:
            self._idle.setdefault(sandbox.spec.key, []).append(sandbox)
            self._make_room()

    def _next_of(self, key: str) -> _Waiting | None:
        return next((each for each in self._waiting if each.key == key and not each.place.done()), None)

    def _yields(self, sandbox: Sandbox, waiting: _Waiting) -> bool:
        """Whether a worker ends though there is a call for it: somebody of another kind has waited longer, too long."""
        if not self._is_due(sandbox):
            return False
        first = next(self._in_need(), waiting)
        return first.key != waiting.key and first.since < waiting.since

    def _is_due(self, sandbox: Sandbox) -> bool:
        return time.monotonic() - sandbox.made_at > TENURE_SECONDS

    def _in_need(self) -> Iterator[_Waiting]:
        """Those who would wait in vain for a worker of their kind, or have done so for long; in their order."""
        kinds = {sandbox.spec.key for sandbox in self._alive}
        late = time.monotonic() - PATIENCE_SECONDS
        return (each for each in self._waiting
                if not each.place.done() and (each.since < late or each.key not in kinds))

    def _first(self) -> _Waiting | None:
        """Who has waited longest, not counting those who gave up and are about to leave the queue."""
        while self._waiting and self._waiting[0].place.done():
            self._waiting.popleft()
        return self._waiting[0] if self._waiting else None

    def _give_back(self, sandbox: Sandbox | None) -> None:
        """A place, with or without its worker, is not needed after all."""
        if sandbox is not None:
            self._release(sandbox)
        elif (first := next(self._in_need(), None) or self._first()) is not None:
            self._waiting.remove(first)
            first.place.set_result(None)
        else:
            self._places -= 1

    def _ended(self, sandbox: Sandbox) -> None:
        self._alive.discard(sandbox)
        idle = self._idle.get(sandbox.spec.key)
        if idle is not None:
            if sandbox in idle:
                idle.remove(sandbox)
            if not idle:
                del self._idle[sandbox.spec.key]
        self._give_back(None)
        if not self._alive and self._all_ended is not None and not self._all_ended.done():
            self._all_ended.set_result(None)

    def _make_room(self) -> None:
        """End the worker that has been idle longest, for somebody in need; its place is free when it has ended."""
        needed = {each.key for each in self._in_need()}
        idle = [sandbox for key, group in self._idle.items() for sandbox in group
                if key not in needed and self._is_due(sandbox)]
        if needed and idle:
            self._end(min(idle, key=lambda sandbox: sandbox.idle_since))

    def _end_outdated(self, spec: FunctionSpec) -> None:
        """Idle workers with the code or configuration that this function had before."""
        for key in [key for key, group in self._idle.items() if group and key != spec.key
                    and (group[0].spec.id, group[0].spec.version) == (spec.id, spec.version)]:
            for sandbox in list(self._idle[key]):
                self._end(sandbox)

    def _end(self, sandbox: Sandbox) -> None:
        self._idle[sandbox.spec.key].remove(sandbox)
        sandbox.kill()

    async def _tend(self) -> None:
        """Look at the memory of those at work, and end those that nobody uses."""
        while True:
            await asyncio.sleep(LOOK_SECONDS if self._alive else 1)
            now = time.monotonic()
            for sandbox in list(self._alive):
                if sandbox.busy:
                    sandbox.check_memory()
            self._make_room()
            for group in list(self._idle.values()):
                for sandbox in [each for each in group if now - each.idle_since > self.idle_seconds]:
                    self._end(sandbox)

    async def close(self) -> None:
        """End all workers and wait until they are gone.  Calls under way are cancelled, not failed."""
        self._closing = True
        if self._tending is not None:
            self._tending.cancel()
        for waiting in self._waiting:
            waiting.place.cancel()
        for sandbox in list(self._alive):
            sandbox.abandon()
        if self._alive:
            self._all_ended = asyncio.get_running_loop().create_future()
            await asyncio.wait([self._all_ended], timeout=CLOSE_SECONDS)
        self._endpoint.close()


async def _saved_meanwhile(spec: FunctionSpec) -> FunctionSpec | None:
    """The function as it stands now; None when it was deleted, or is what it was."""
    catalog.forget(spec.name)
    saved = await catalog.find(spec.name, spec.qualifier)
    return None if saved is None or saved.sha256 == spec.sha256 else saved
