"""Compiled definitions by revision; a revision never changes, so nothing here grows stale."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Final

from designer.asl.compiler import compile_definition
from designer.asl.jsontext import loads
from designer.asl.model import Machine
from designer.errors import ActionError
from designer.models import Revision
from executions.store import in_thread

KEPT: Final = 500


class Machines:
    """The `KEPT` machines used last; what a running execution holds stays alive with it."""

    def __init__(self) -> None:
        self._machines: OrderedDict[int, Machine] = OrderedDict()
        self._loading: dict[int, asyncio.Task[Machine]] = {}

    def cached(self, revision_id: int) -> Machine | None:
        machine = self._machines.get(revision_id)
        if machine is not None:
            self._machines.move_to_end(revision_id)
        return machine

    async def get(self, revision_id: int) -> Machine:
        """The machine of a revision; DefinitionError when its definition does not compile (any more)."""
        machine = self.cached(revision_id)
        if machine is not None:
            return machine
        loading = self._loading.get(revision_id)
        if loading is None:
            loading = asyncio.ensure_future(in_thread(load_machine, revision_id))
            self._loading[revision_id] = loading
            loading.add_done_callback(lambda done: self._loaded(revision_id, done))
        return await asyncio.shield(loading)

    def _loaded(self, revision_id: int, done: asyncio.Task[Machine]) -> None:
        self._loading.pop(revision_id, None)
        if done.cancelled() or done.exception() is not None:
            return
        self._machines[revision_id] = done.result()
        while len(self._machines) > KEPT:
            self._machines.popitem(last=False)


def load_machine(revision_id: int) -> Machine:
    """Read and compile; blocking."""
    definition = Revision.objects.values_list("definition", flat=True).filter(pk=revision_id).first()
    if definition is None:  # its machine has been deleted this very moment
        raise ActionError("StateMachineDoesNotExist", "The state machine was deleted.")
    return compile_definition(loads(definition))
