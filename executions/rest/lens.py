"""REST: what the data lens sees in a definition, for the editor as somebody types and for scripts."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from designer.arns import machine_arn
from designer.asl.jsontext import loads
from designer.asl.source import read
from designer.asl.yaml_source import read_yaml
from designer.errors import ActionError
from designer.lens import describing
from designer.lens.flow import Seen
from designer.lens.lens import look
from designer.lens.shapes import Shape, exactly
from designer.models import StateMachine
from designer.rest.door import Door
from designer.rest.serializers import DefinitionField, ProblemAnswer
from designer.settings import CONFIG
from executions.lens.knowledge import of_machine, subject


class ToLook(serializers.Serializer[Any]):
    """`input` is a sample input as JSON text (without one, what past executions got); `state` the JSON pointer of the
    state to tell the data of; `machine` the name of the machine whose learned shapes count."""

    definition = DefinitionField()
    input = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, default=None, trim_whitespace=False)
    state = serializers.CharField(required=False, allow_null=True, default=None, trim_whitespace=False)
    machine = serializers.CharField(required=False, allow_null=True, default=None, trim_whitespace=False)


class SeenState(serializers.Serializer[Any]):
    """The data at one state.

    Each member is a tree {kinds, unknown, example, known, texts, items, fields, open}; a field has `sure` (always,
    unsure, sometimes) and `missing` [times, of].  `ghost`: the sample does not come to this state.  `origin` says where
    the result is known from.
    """

    pointer = serializers.CharField()
    ghost = serializers.BooleanField()
    origin = serializers.CharField(help_text="executions, sample, service model, integration or empty")
    subject = serializers.CharField(help_text="Whose result the state's result is; empty where it has none.")
    before = serializers.DictField()
    after = serializers.DictField()
    stages = serializers.DictField(help_text="input, arguments and result, where the state has them")
    variables = serializers.DictField()


class Looked(serializers.Serializer[Any]):
    problems = ProblemAnswer(many=True)
    ghosts = serializers.ListField(child=serializers.CharField(), help_text="States the sample does not come to.")
    state = SeenState(allow_null=True)


class LensView(Door):
    @extend_schema(request=ToLook, responses=Looked)
    def post(self, request: Request) -> Response:
        """Problems of a definition with the data it gets, and the data before and after one state."""
        body = ToLook(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        text = asked["definition"]
        source = read(text) if text.lstrip("\ufeff \t\r\n").startswith(("{", "[")) else read_yaml(text)
        results, usual = of_machine(_machine(asked["machine"]))
        given = _sample(asked["input"])
        found = look(source.data, usual if given is None else given, results, source=source)
        seen = found.states.get(asked["state"] or "")
        return Response({
            "problems": [problem.as_dict() for problem in found.problems],
            "ghosts": [pointer for pointer, state in found.states.items() if state.is_ghost],
            "state": None if seen is None else _state(asked["state"], seen),
        })


def _machine(name: str | None) -> StateMachine | None:
    """The machine, None for one that was not saved yet."""
    arn = machine_arn(CONFIG.account, CONFIG.region, name or "")
    return StateMachine.objects.filter(arn=arn, status="ACTIVE").first() if name else None


def _sample(text: str | None) -> Shape | None:
    if not text or not text.strip():
        return None
    try:
        return exactly(loads(text))
    except ValueError as broken:
        raise ActionError("InvalidExecutionInput", f"The sample input is not JSON: {broken}") from None


def _state(pointer: str, seen: Seen) -> dict[str, Any]:
    visit = seen.visit
    return {
        "pointer": pointer, "ghost": seen.is_ghost, "origin": visit.origin,
        "subject": "" if visit.call is None else subject(visit.call),
        "before": describing.tree(seen.before),
        "after": describing.tree(seen.after), "variables": describing.variables(visit.variables),
        "stages": {name: describing.tree(shape) for name, shape in visit.told.items()},
    }
