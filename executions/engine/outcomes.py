"""What evaluating a state can come to: Done, Fail, Die, Fork – or an Ask (run.py), when it has to wait."""

from __future__ import annotations

from typing import Any

from designer.asl.errors import TIMEOUT


class Done:
    """The state is finished: its output, where to go (None = the block ends here), variables to assign."""

    __slots__ = ("assigned", "next", "output")

    def __init__(self, output: Any, next: str | None, assigned: dict[str, Any] | None = None) -> None:
        self.output = output
        self.next = next
        self.assigned = assigned


class Fail:
    """An error that Retry and Catch may handle, here or further up.

    `shown` is the Error Output a catcher sees; `noted`: a task's …Failed event tells it already;
    `heartbeat`: a missed heartbeat, which matches States.HeartbeatTimeout as well as its own name.
    """

    __slots__ = ("cause", "error", "heartbeat", "noted", "shown")

    def __init__(self, error: str | None, cause: str | None, *, noted: bool = False, heartbeat: bool = False) -> None:
        self.error = error
        self.cause = cause
        self.noted = noted
        self.heartbeat = heartbeat
        # A time-out's event has no cause, its Error Output has an empty one (asl-language.md §19).
        shown_cause = "" if cause is None and error == TIMEOUT else cause
        self.shown: dict[str, Any] = {"Error": error, "Cause": shown_cause}


class Die:
    """An error that nothing may catch (States.Runtime): it ends the execution."""

    __slots__ = ("cause", "error")

    def __init__(self, error: str, cause: str | None) -> None:
        self.error = error
        self.cause = cause


class Fork:
    """Children begin; the state goes on when all have ended.

    `work`: what Map iterations are made from (None for Parallel); `count` how many children there will
    be, at most `limit` at once.
    """

    __slots__ = ("count", "limit", "work")

    def __init__(self, count: int, limit: int, work: Any = None) -> None:
        self.count = count
        self.limit = limit
        self.work = work
