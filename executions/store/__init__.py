"""THE STORE: the one transaction, and reading back what it wrote.

    new_id()                      id of a new execution
    commit(batch)                 many executions' steps in one transaction
    events(execution_id, …)       history as AWS answers it
    last_event(execution_id)      id of the newest event
"""

from __future__ import annotations

from executions.store.history import events, last_event
from executions.store.ids import made_at, new_id

__all__ = ["events", "last_event", "made_at", "new_id"]
