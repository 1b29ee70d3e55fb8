"""What is known of a task's result: what executions told, then what its integration describes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from django.db import DatabaseError
from django.db.models import Q

from designer.asl.jsontext import loads
from designer.lens.knowledge import LearningError, first
from designer.lens.shapes import UNKNOWN, Field, Shape
from designer.lens.tally import Tally, shape_of
from designer.lens.visits import Call, Known, Results
from designer.models import StateMachine
from executions.integrations import result_shapes
from executions.lens.learning import MAX_EVENTS, tallies
from executions.lens.models import LearnedShape
from executions.lens.subjects import known_fields, subject_of
from executions.models import Execution
from executions.store import history

LEARNED: Final = "executions"
MAX_SHARED: Final = 500


def described(call: Call) -> Known:
    """What its integration says of it."""
    return result_shapes.known(call)


def subject(call: Call) -> str:
    given = known_fields(call.arguments, "FunctionName", "ApiEndpoint", "Method")
    return subject_of(call.resource, given, call.pointer.rsplit("/", 1)[-1].replace("~1", "/").replace("~0", "~"))


def from_tallies(found: Mapping[str, tuple[Tally, str]]) -> Results:
    """What was counted, by subject, with its origin; a function's answer also within the envelope of lambda:invoke."""
    shapes = {name: (shape_of(counted), origin) for name, (counted, origin) in found.items()}

    def results(call: Call) -> Known:
        shape, origin = shapes.get(subject(call), (None, ""))
        if shape is None:
            return Known()
        if call.resource.kind == "service" and call.resource.service == "lambda":
            return Known(_in_envelope(shape, described(call).shape), origin)
        return Known(shape, origin)

    return results


def _in_envelope(payload: Shape, envelope: Shape) -> Shape:
    known = envelope.object
    if known is None:
        return envelope
    return Shape(object=replace(known, fields={**known.fields, "Payload": Field(payload)}))


def learn(arns: Sequence[str]) -> Results:
    """What the executions of these ARNs told.  Raises LearningError."""
    histories = []
    for arn in arns:
        try:
            row = Execution.objects.filter(arn=arn).only("id").first()
        except DatabaseError as error:
            raise LearningError(f"The database of this installation cannot be read ({error}). Start the server once, "
                                "or name its data directory as the server does.") from None
        if row is None:
            raise LearningError(f"There is no execution {arn} here.")
        histories.append(history.events(row.pk, limit=MAX_EVENTS, whole=True))
    return from_tallies({name: (counted, LEARNED) for name, counted in tallies(histories).items()})


# ---- of one machine ------------------------------------------------------------------------------


def of_machine(machine: StateMachine | None) -> tuple[Results, Shape]:
    """What is known of the results in a machine, and of its input; of functions and the like also by other machines."""
    if machine is None:
        return described, UNKNOWN
    own = {row.subject: row for row in LearnedShape.objects.filter(machine=machine, times__gt=0)}
    shared = LearnedShape.objects.filter(times__gt=0).exclude(machine=machine).filter(
        Q(subject__startswith="function:") | Q(subject__startswith="activity:") | Q(subject__startswith="http:"))
    rows = {row.subject: row for row in shared.order_by("learned_at")[:MAX_SHARED]} | own
    given = rows.pop("input", None)
    found = from_tallies({name: (loads(row.tally), row.origin) for name, row in rows.items()})
    return lambda call: first(call, [found, described]), UNKNOWN if given is None else shape_of(loads(given.tally))
