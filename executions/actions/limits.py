"""Operational limits: how much this installation takes on at once, and how long it keeps things.

Everything reads `limits()`, which asks nothing of the database: it is read once at the start (`load_limits`) and again
when an administrator changes something here.  docs/reference/limits.md lists them; tests/test_docs.py holds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from django.db import transaction

from designer.asl.errors import MAX_PAYLOAD_BYTES
from designer.errors import ActionError
from designer.permissions import Actor, Permission, require
from executions.models import OperationalLimit

LARGEST: Final = 10**12


def _limit(value: int, unit: str, meaning: str) -> Any:
    return field(default=value, metadata={"unit": unit, "meaning": meaning})


@dataclass(frozen=True, slots=True)
class Limits:
    """Each a whole number, 0 or more."""

    open_executions: int = _limit(
        1_000_000, "executions", "How many may run at once; 0: no limit. More starts: ExecutionLimitExceeded.")
    start_rate: int = _limit(
        0, "a second", "Starts of Standard executions; 0: no limit. More: ThrottlingException.")
    start_burst: int = _limit(
        0, "starts", "How many of them may come at once; 0: as many as start_rate.")
    express_start_rate: int = _limit(
        0, "a second", "Starts of asynchronous Express executions; 0: no limit. More: ThrottlingException.")
    express_start_burst: int = _limit(
        0, "starts", "How many of them may come at once; 0: as many as express_start_rate.")
    transition_rate: int = _limit(
        0, "a second", "State transitions of all Standard executions; 0: no limit. More wait for their turn.")
    transition_burst: int = _limit(
        0, "transitions", "How many of them may come at once; 0: as many as transition_rate.")
    retention_days: int = _limit(
        90, "days", "How long an ended Standard execution is kept, where its machine says nothing else; 0: for ever.")
    express_history_hours: int = _limit(
        72, "hours", "How long an ended Express execution is kept; 0: synchronous ones are not kept at all.")
    express_history_executions: int = _limit(
        100_000, "executions", "How many ended Express executions are kept at most, the newest; 0: no limit.")
    offload_bytes: int = _limit(
        0, "bytes", "Up to this size, payloads over 256 KiB are kept aside instead of being refused, such as 10485760; "
        "0: none, as in AWS.")

    @property
    def largest_payload(self) -> int:
        """In bytes."""
        return max(MAX_PAYLOAD_BYTES, self.offload_bytes)


_current = Limits()


def limits() -> Limits:
    """The limits that hold now; another object as soon as something has changed."""
    return _current


def load_limits() -> Limits:
    """Read them; names that this version does not know are left alone."""
    global _current
    known = {item.name for item in fields(Limits)}
    changed = {row.name: row.value for row in OperationalLimit.objects.all() if row.name in known}
    _current = Limits(**changed)
    return _current


def change_limits(actor: Actor, changes: Mapping[str, Any]) -> Limits:
    """Set limits by name (None: back to the default); all or none.  AccessDeniedException, ValidationException."""
    require(actor, Permission.ADMINISTER)
    for name, value in changes.items():
        _check(name, value)
    with transaction.atomic():
        for name, value in changes.items():
            if value is None:
                OperationalLimit.objects.filter(pk=name).delete()
            else:
                OperationalLimit.objects.update_or_create(pk=name, defaults={"value": value})
    return load_limits()


def _check(name: str, value: Any) -> None:
    names = [item.name for item in fields(Limits)]
    if name not in names:
        raise ActionError("ValidationException", f"There is no limit '{name}'; there are {', '.join(names)}.")
    if value is None:
        return
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST:
        message = f"The limit '{name}' must be a whole number from 0 to {LARGEST}, or null for its default."
        raise ActionError("ValidationException", message)
