"""REST: what was learned of a machine's input and results, and what people say of it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from designer.asl.jsontext import loads
from designer.errors import ActionError
from designer.lens import describing
from designer.lens.tally import shape_of
from designer.models import StateMachine
from designer.rest.door import Door, machine_named
from executions.actions.learn_shapes import forget_shape, learn_shapes, pin_shape, sample_shape
from executions.lens.models import LearnedShape


class ShapeRow(serializers.Serializer[Any]):
    """`shape` is a tree as the lens tells it; fields say in how many of the values they were missing."""

    subject = serializers.CharField(help_text="function:NAME, activity:NAME, http:METHOD URL, state:NAME or input")
    origin = serializers.CharField(help_text="executions or sample")
    times = serializers.IntegerField(help_text="How many values it was learned from.")
    pinned = serializers.BooleanField()
    learnedAt = serializers.DateTimeField()  # noqa: N815
    shape = serializers.DictField()


class ShapeList(serializers.Serializer[Any]):
    shapes = ShapeRow(many=True)


class ShapeChange(serializers.Serializer[Any]):
    """`do`: learn (from the newest executions), or with a `subject` pin, unpin, forget or sample (with `value`)."""

    do = serializers.ChoiceField(choices=["learn", "pin", "unpin", "forget", "sample"])
    subject = serializers.CharField(required=False, default="", allow_blank=True, trim_whitespace=False)
    value = serializers.CharField(required=False, default="", allow_blank=True, help_text="A sample as JSON text.")


class ShapesView(Door):
    @extend_schema(responses=ShapeList, tags=["lens"])
    def get(self, request: Request, name: str) -> Response:
        """What was learned of this machine's input and of the results of its tasks."""
        return Response(_told(machine_named(name)))

    @extend_schema(request=ShapeChange, responses=ShapeList, tags=["lens"])
    def post(self, request: Request, name: str) -> Response:
        """Learn from the newest executions; pin, forget or say by a sample what a result looks like (designers)."""
        machine = machine_named(name)
        body = ShapeChange(data=request.data)
        body.is_valid(raise_exception=True)
        do, subject = body.validated_data["do"], body.validated_data["subject"]
        if do == "learn":
            learn_shapes(self.actor, machine)
        elif do == "sample":
            sample_shape(self.actor, machine, subject, _value(body.validated_data["value"]))
        elif do == "forget":
            forget_shape(self.actor, machine, subject)
        else:
            pin_shape(self.actor, machine, subject, pinned=do == "pin")
        return Response(_told(machine))


def _value(text: str) -> Any:
    try:
        return loads(text)
    except ValueError as broken:
        raise ActionError("ValidationException", f"The sample is not JSON: {broken}") from None


def _told(machine: StateMachine) -> dict[str, Any]:
    rows = LearnedShape.objects.filter(machine=machine, times__gt=0).order_by("subject")
    return {"shapes": [{
        "subject": row.subject, "origin": row.origin, "times": row.times, "pinned": row.pinned,
        "learnedAt": row.learned_at, "shape": describing.tree(shape_of(loads(row.tally))),
    } for row in rows]}
