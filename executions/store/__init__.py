"""THE STORE: the one transaction, and reading back what it wrote.

    new_id()                      id of a new execution
    commit(writes)                many executions' steps in one transaction
    events(execution_id, …)       history as AWS answers it
    last_event(execution_id)      id of the newest event
    open_executions(), load_run() running executions as their last commit left them
    in_thread(function, …)        await a function that reads the database
"""

from __future__ import annotations

from executions.store.commit import commit
from executions.store.history import events, last_event
from executions.store.ids import made_at, new_id
from executions.store.load import Loaded, load_run, open_executions, token_state
from executions.store.threads import close_threads, in_thread
from executions.store.writes import Taken, Write

__all__ = [
    "Loaded", "Taken", "Write", "close_threads", "commit", "events", "in_thread", "last_event", "load_run", "made_at",
    "new_id", "open_executions", "token_state",
]
