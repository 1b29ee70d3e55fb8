"""What a start finds: running executions, open effects, and what lies in the durable inbox."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from executions.engine.effects import Effect
from executions.engine.resume import resume
from executions.store import Loaded, in_thread, open_executions
from executions.store.load import executions_with_signals
from executions.worker.machines import Machines
from executions.worker.slot import Slot

log = logging.getLogger(__name__)


async def load_slots(machines: Machines) -> list[Slot]:
    """All running executions; one whose definition does not compile any more stays as it is, and is logged."""
    slots: list[Slot] = []
    for loaded in await in_thread(_load_all):
        try:
            machine = await machines.get(loaded.revision_id)
        except Exception:  # a definition of another version, or none: the others go on
            log.exception("The definition of %s does not compile; it cannot go on.", loaded.run.arn)
        else:
            slots.append(Slot(loaded.run, machine, loaded.machine_id))
    if slots:
        log.info("Going on with %d executions.", len(slots))
    return slots


def _load_all() -> list[Loaded]:
    return list(open_executions())


def effects_of(slot: Slot) -> Sequence[Effect]:
    """What has to be asked of the world again; nothing for an execution that cannot be resumed."""
    try:
        return resume(slot.machine, slot.run)
    except Exception as error:
        log.exception("The execution %s cannot go on.", slot.run.arn)
        slot.failure = f"{type(error).__name__}: {error}"
        return []


async def waiting_inboxes() -> list[int]:
    return await in_thread(executions_with_signals)

