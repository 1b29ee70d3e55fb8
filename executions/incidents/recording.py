"""Noting failures under their signatures; called by lists/indexing.py for executions that have ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction

from executions.incidents.models import Failure, Incident
from executions.incidents.signature import normalised, signature
from executions.models import Execution
from executions.store.history import events

FAILED: Final = ("FAILED", "TIMED_OUT")
LOOK_BACK: Final = 200  # events before the end among which the state that failed is looked for


def record(rows: Sequence[Execution]) -> None:
    """Note the failures among executions that have ended; those that ended well after all are closed."""
    mended = [row.pk for row in rows if row.status not in FAILED and row.redrive_count]
    if mended:
        Failure.objects.filter(execution__in=mended, open=True).update(open=False)
    for row in rows:
        if row.status in FAILED:
            _note(row)


def _note(row: Execution) -> None:
    at = row.stopped_at or 0
    known = Failure.objects.filter(execution=row).first()
    if known is not None and known.at == at:
        return
    state = failed_state(events(row.pk, reverse=True, limit=LOOK_BACK))
    error, cause = row.error or row.status, normalised(row.cause or "")
    with transaction.atomic():
        incident, _ = Incident.objects.get_or_create(
            signature=signature(row.machine_id, state, error, cause),
            defaults={"machine_id": row.machine_id, "state": state, "error": error[:256], "cause": cause,
                      "example": (row.cause or "")[:4000], "first_at": at, "last_at": at})
        changed = [name for name, moved in (("first_at", at < incident.first_at), ("last_at", at > incident.last_at))
                   if moved]
        if changed:
            incident.first_at, incident.last_at = min(at, incident.first_at), max(at, incident.last_at)
            incident.save(update_fields=changed)
        Failure.objects.update_or_create(execution=row, defaults={"incident": incident, "at": at, "open": True})


def failed_state(last: Sequence[dict[str, Any]]) -> str:
    """The state at which an execution failed, from its last events, newest first; "" when they do not tell.

    An event knows the one it follows; the first …StateEntered on that way is the state, unless it was left.
    """
    known = {event["id"]: event for event in last}
    end = next((event for event in last if event["type"].startswith("Execution")), None)
    event = end
    while event is not None:
        details = event.get("stateEnteredEventDetails")
        if details is not None:
            return str(details.get("name", ""))[:80]
        named = event.get("evaluationFailedEventDetails")
        if named is not None and named.get("state"):
            return str(named["state"])[:80]
        # A redriven state is not entered again: it is the one that the run ended with before.
        redriven = event["type"] == "ExecutionRedriven"
        before = known.get(event["id"] - 1 if redriven else event["previousEventId"])
        # A timed-out execution follows nothing: what was entered last was under way.
        event = before if before is not None else _entered_last(last) if event is end else None
    return ""


def _entered_last(last: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    return next((event for event in last if "stateEnteredEventDetails" in event), None)
