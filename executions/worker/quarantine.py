"""The commit that ends an execution which cannot go on."""

from __future__ import annotations

import logging

from executions.engine.quarantine import quarantine
from executions.worker.encode import encode
from executions.worker.slot import Flight, Slot

log = logging.getLogger(__name__)


def last_flight(slot: Slot, reason: str, now: int) -> Flight | None:
    """The step that ends it as FAILED, ready to commit; None when not even that can be made (`now` in ms)."""
    try:
        step = quarantine(slot.machine, slot.run, now, reason)
        changes = step.changes
        return Flight(slot, step, changes, [], encode(slot, step, changes, [], now))
    except Exception:
        log.exception("The execution %s cannot even be ended.", slot.run.arn)
        return None
