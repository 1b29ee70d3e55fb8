"""REST: incidents, which are failures that have their signature in common."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from designer.models import User
from designer.people.names import display_name
from designer.rest.door import Door
from executions.incidents import board
from executions.incidents.models import Incident
from executions.rest.describe import person
from executions.rest.moments import iso


class BoardQuery(serializers.Serializer[Any]):
    machine = serializers.CharField(required=False, default="")
    q = serializers.CharField(required=False, default="", max_length=200)
    muted = serializers.BooleanField(required=False, default=False)
    open = serializers.BooleanField(required=False, default=True, help_text="Only those with open failures.")
    period = serializers.ChoiceField(tuple(board.PERIODS), required=False, default="day")


class IncidentRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    machine = serializers.CharField()
    state = serializers.CharField()
    error = serializers.CharField()
    cause = serializers.CharField(help_text="Without what varies: <n>, <uuid>, <time> … stand for it.")
    example = serializers.CharField(help_text="One cause as it was.")
    first_at = serializers.DateTimeField()
    last_at = serializers.DateTimeField()
    open = serializers.IntegerField(help_text="Executions that failed so and have not ended well since.")
    total = serializers.IntegerField()
    trend = serializers.ListField(child=serializers.IntegerField(), help_text="Failures by part of the period.")
    owner = serializers.CharField(allow_null=True)
    owner_name = serializers.CharField(allow_null=True)
    note = serializers.CharField()
    muted = serializers.BooleanField()


class Board(serializers.Serializer[Any]):
    incidents = IncidentRow(many=True)
    people = serializers.ListField(child=serializers.JSONField(), help_text="Who may own one: {username, name}.")


class IncidentChange(serializers.Serializer[Any]):
    owner = serializers.CharField(required=False, allow_null=True, allow_blank=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    muted = serializers.BooleanField(required=False)


class IncidentList(Door):
    @extend_schema(parameters=[BoardQuery], responses=Board, tags=["incidents"])
    def get(self, request: Request) -> Response:
        """The incidents, the one that happened last first."""
        query = BoardQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        rows = board.incidents(
            machine=asked["machine"], text=asked["q"], muted=asked["muted"], only_open=asked["open"])
        trends = board.trends(rows, asked["period"])
        people = [{"username": user.username, "name": display_name(user)}
                  for user in User.objects.filter(is_active=True).order_by("username")[:200]]
        return Response({"incidents": [_row(row, trends[row.pk]) for row in rows], "people": people})


class OneIncident(Door):
    @extend_schema(responses=IncidentRow, tags=["incidents"])
    def get(self, request: Request, incident: int) -> Response:
        """One incident."""
        return Response(_told(board.incident(incident)))

    @extend_schema(request=IncidentChange, responses=IncidentRow, tags=["incidents"])
    def patch(self, request: Request, incident: int) -> Response:
        """Say whose it is, note something, hide it."""
        body = IncidentChange(data=request.data)
        body.is_valid(raise_exception=True)
        return Response(_told(board.change(self.actor, incident, body.validated_data)))


def _told(row: Incident) -> dict[str, Any]:
    return _row(row, board.trends([row], "day")[row.pk])


def _row(row: Any, trend: list[int]) -> dict[str, Any]:
    return {
        "id": row.pk, "machine": row.machine.name, "state": row.state, "error": row.error, "cause": row.cause,
        "example": row.example, "first_at": iso(row.first_at), "last_at": iso(row.last_at), "open": row.open_count,
        "total": row.all_count, "trend": trend, "owner": row.owner.username if row.owner else None,
        "owner_name": person(row.owner), "note": row.note, "muted": row.muted,
    }
