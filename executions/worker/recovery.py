"""What a start finds: running executions, open effects, and what lies in the durable inbox."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

from designer.asl.model import Block, Machine
from executions.engine.effects import Effect
from executions.engine.resume import resume
from executions.store import Loaded, in_thread, open_executions
from executions.store.load import executions_with_signals
from executions.worker.machines import Machines
from executions.worker.slot import Slot

log = logging.getLogger(__name__)

NOTHING: Final = Machine(Block((), "", {}), {})  # in place of a definition that does not compile


async def load_slots(machines: Machines) -> list[Slot]:
    """All running executions.

    One whose definition does not compile (any more) stays as it is, in quarantine, until it is stopped or a version
    that compiles it is started: a faulty upgrade must not end everything that runs.
    """
    slots: list[Slot] = []
    for loaded in await in_thread(_load_all):
        try:
            machine = await machines.get(loaded.revision_id)
        except Exception as error:  # a definition of another version, or none: the others go on
            log.exception("The definition of %s does not compile; it cannot go on.", loaded.run.arn)
            slots.append(Slot(loaded.run, NOTHING, loaded.machine_id, failure=f"{type(error).__name__}: {error}"))
        else:
            slots.append(Slot(loaded.run, machine, loaded.machine_id))
    if slots:
        log.info("Going on with %d executions.", len(slots))
    return slots


def _load_all() -> list[Loaded]:
    return list(open_executions())


def effects_of(slot: Slot) -> Sequence[Effect]:
    """What has to be asked of the world again."""
    return resume(slot.machine, slot.run)


async def waiting_inboxes() -> list[int]:
    return await in_thread(executions_with_signals)

