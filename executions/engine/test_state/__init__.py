"""TESTING ONE STATE: the engine's own code on a machine of a single state, with a look at each stage (api.md §8).

    trial = Trial(machine, "StateName", run, mock=…)
    step = trial.advance(trial.machine, run, signals, now)    # as the engine's advance
    trial.found                                               # what it came to, once a Finish was asked for

recording.py wraps the state's expressions so that what each of them gives is written down; trial.py ends the run
as soon as the state is left, has failed or would be tried again.
"""

from __future__ import annotations

from executions.engine.test_state.recording import Book
from executions.engine.test_state.trial import CAUGHT, FAILED, RETRIABLE, SUCCEEDED, Found, Mock, Trial

__all__ = ["CAUGHT", "FAILED", "RETRIABLE", "SUCCEEDED", "Book", "Found", "Mock", "Trial"]
