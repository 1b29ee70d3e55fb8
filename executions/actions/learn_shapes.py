"""Learn what inputs and results of a machine look like; pin it, forget it, or say it by a sample."""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction

from designer.asl.jsontext import dumps, loads
from designer.errors import ActionError
from designer.lens.tally import Tally, count, tally
from designer.machines import now
from designer.models import StateMachine
from designer.permissions import Actor, Permission, require
from executions.lens.learning import MAX_EVENTS, tallies
from executions.lens.models import LearnedShape
from executions.models import Execution
from executions.store import history

MOST: Final = 200  # executions that are looked at, the newest
INPUT: Final = "input"
EXECUTIONS: Final = "executions"
SAMPLE: Final = "sample"
MAX_SUBJECT: Final = 300


def learn_shapes(actor: Actor, machine: StateMachine, most: int = MOST) -> None:
    """Count anew what the newest ended executions told.  What is pinned or was said by a sample stays as it is."""
    require(actor, Permission.DESIGN)
    with transaction.atomic():
        rows = {row.subject: row for row in LearnedShape.objects.select_for_update().filter(machine=machine)}
        for subject, (counted, newest) in _counted(machine, most, rows).items():
            row = rows.get(subject)
            if row is None:
                row = LearnedShape(machine=machine, subject=subject[:MAX_SUBJECT])
            elif row.pinned or row.origin == SAMPLE or row.since >= newest:
                continue
            row.tally, row.times, row.learned_at, row.origin = dumps(counted), counted["n"], now(), EXECUTIONS
            row.save()


def _counted(machine: StateMachine, most: int, rows: dict[str, LearnedShape]) -> dict[str, tuple[Tally, int]]:
    """Tallies by subject, each with the start of the newest execution that told of it."""
    found: dict[str, tuple[Tally, int]] = {}
    executions = Execution.objects.filter(machine=machine).exclude(status="RUNNING").order_by("-started_at")
    for row in executions.only("id", "input", "started_at")[:most]:
        told = tallies([history.events(row.pk, limit=MAX_EVENTS, whole=True)])
        told[INPUT] = _tally_of(row.input)
        for subject, counted in told.items():
            known = rows.get(subject)
            if known is not None and row.started_at <= known.since:
                continue
            before, newest = found.get(subject, ({"n": 0}, row.started_at))
            found[subject] = (_added(before, counted), max(newest, row.started_at))
    return found


def _tally_of(text: str) -> Tally:
    try:
        return tally([loads(text)])
    except ValueError:
        return {"n": 0}


def _added(one: Tally, other: Tally) -> Tally:
    """Two tallies as one."""
    both = dict(one)
    for name, part in other.items():
        if name not in both:
            both[name] = part
        elif isinstance(part, bool) or name == "example":
            both[name] = both[name]
        elif isinstance(part, dict):
            both[name] = _added(both[name], part)
        elif isinstance(part, list):
            both[name] = sorted({*both[name], *part})
        else:
            both[name] += part
    return both


def pin_shape(actor: Actor, machine: StateMachine, subject: str, pinned: bool) -> None:
    """A pinned shape stays as it is.  ShapeDoesNotExist."""
    require(actor, Permission.DESIGN)
    if not LearnedShape.objects.filter(machine=machine, subject=subject, times__gt=0).update(pinned=pinned):
        raise ActionError("ShapeDoesNotExist", f"Nothing is known here of '{subject}'.")


def forget_shape(actor: Actor, machine: StateMachine, subject: str) -> None:
    """What is known of it is gone; only executions that start from now on tell of it again.  ShapeDoesNotExist."""
    require(actor, Permission.DESIGN)
    since = round(now().timestamp() * 1000)
    found = LearnedShape.objects.filter(machine=machine, subject=subject, times__gt=0).update(
        tally=dumps({"n": 0}), times=0, pinned=False, origin=EXECUTIONS, since=since)
    if not found:
        raise ActionError("ShapeDoesNotExist", f"Nothing is known here of '{subject}'.")


def sample_shape(actor: Actor, machine: StateMachine, subject: str, value: Any) -> None:
    """A sample says what it looks like, and is pinned.  ValidationException for a subject that is none."""
    require(actor, Permission.DESIGN)
    if not subject or len(subject) > MAX_SUBJECT or not (subject == INPUT or ":" in subject):
        raise ActionError("ValidationException", "'subject' must be one that the lens names, such as function:NAME, "
                                                 f"activity:NAME, state:NAME or {INPUT}.")
    counted: Tally = {"n": 0}
    count(counted, value)
    LearnedShape.objects.update_or_create(machine=machine, subject=subject, defaults={
        "tally": dumps(counted), "times": 1, "pinned": True, "origin": SAMPLE, "learned_at": now()})
