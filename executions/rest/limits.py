"""REST: operational limits, and how long a machine's executions are kept."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from designer.errors import ActionError
from designer.permissions import Permission, require
from designer.rest.door import Door, machine_named
from executions.actions import gateway
from executions.actions.limits import Limits, change_limits, load_limits
from executions.actions.set_retention import set_retention
from executions.models import Retention


class Limit(serializers.Serializer[Any]):
    name = serializers.CharField()
    value = serializers.IntegerField()
    default = serializers.IntegerField()
    unit = serializers.CharField()
    meaning = serializers.CharField()


class LimitList(serializers.Serializer[Any]):
    limits = Limit(many=True)


class EngineFigures(serializers.Serializer[Any]):
    running = serializers.IntegerField(help_text="Executions that run.")
    stuck = serializers.IntegerField(help_text="Those of them that can neither go on nor be ended; see the log.")
    throttled_starts = serializers.IntegerField(help_text="Starts that were refused with ThrottlingException.")
    throttled_executions = serializers.IntegerField(
        help_text="How often an execution had to wait for a state transition (AWS's ExecutionThrottled).")


class RetentionBody(serializers.Serializer[Any]):
    days = serializers.IntegerField(
        allow_null=True, help_text="0: for ever; null: as the limit retention_days says.")
    effective = serializers.IntegerField(read_only=True, help_text="What holds now; 0: for ever.")


class LimitsView(Door):
    @extend_schema(responses=LimitList, tags=["limits"])
    def get(self, request: Request) -> Response:
        """All operational limits (administrators)."""
        require(self.actor, Permission.ADMINISTER)
        return Response(_told(load_limits()))

    @extend_schema(request={"application/json": {"type": "object", "additionalProperties": {
        "type": "integer", "nullable": True}}}, responses=LimitList, tags=["limits"])
    def patch(self, request: Request) -> Response:
        """Set limits: {name: number}; null sets the default again.  They hold at once (administrators)."""
        return Response(_told(change_limits(self.actor, _object(request.data))))


class EngineView(Door):
    @extend_schema(responses=EngineFigures, tags=["limits"])
    def get(self, request: Request) -> Response:
        """What the engine does now, and how often limits have held something back since the server's start."""
        require(self.actor, Permission.VIEW)
        return Response(asdict(gateway.engine().figures()))


class RetentionView(Door):
    @extend_schema(responses=RetentionBody, tags=["limits"])
    def get(self, request: Request, name: str) -> Response:
        """How long the ended executions of a machine are kept, in days."""
        row = Retention.objects.filter(machine=machine_named(name)).first()
        days = None if row is None else row.days
        return Response({"days": days, "effective": load_limits().retention_days if days is None else days})

    @extend_schema(request=RetentionBody, responses=RetentionBody, tags=["limits"])
    def put(self, request: Request, name: str) -> Response:
        """Say how long the ended executions of a machine are kept, in days."""
        set_retention(self.actor, machine_named(name), _object(request.data).get("days"))
        return self.get(request, name)


def _told(limits: Limits) -> dict[str, Any]:
    return {"limits": [
        {"name": item.name, "value": getattr(limits, item.name), "default": item.default, **item.metadata}
        for item in fields(Limits)]}


def _object(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise ActionError("ValidationException", "The body must be a JSON object.")
    return dict(data)
