"""REST: connections of HTTP tasks.  Secrets go in and never come out."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from designer.people.actors import actor_of
from executions.integrations.http import connections
from executions.integrations.http.models import Connection
from executions.integrations.http.trying import try_connection


class ConnectionSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    arn = serializers.CharField()
    kind = serializers.CharField()
    description = serializers.CharField()
    settings = serializers.DictField(help_text="What is not secret")
    createdAt = serializers.DateTimeField(source="created_at")  # noqa: N815
    updatedAt = serializers.DateTimeField(source="updated_at")  # noqa: N815


class SavedConnectionSerializer(serializers.Serializer[Any]):
    """`settings` as the kind has them; a secret that is left out keeps its value."""

    kind = serializers.ChoiceField(choices=list(connections.KINDS))
    settings = serializers.DictField()
    description = serializers.CharField(default="", allow_blank=True, max_length=512)


class Connections(APIView):
    @extend_schema(tags=["connections"], summary="All connections", responses=ConnectionSerializer(many=True))
    def get(self, request: Request) -> Response:
        rows: list[Connection] = list(connections.list_connections(actor_of(request.user)))
        return Response(ConnectionSerializer(rows, many=True).data)


class OneConnection(APIView):
    @extend_schema(tags=["connections"], summary="One connection", responses=ConnectionSerializer)
    def get(self, request: Request, name: str) -> Response:
        return Response(ConnectionSerializer(connections.find_connection(actor_of(request.user), name)).data)

    @extend_schema(tags=["connections"], summary="Make or change a connection", request=SavedConnectionSerializer,
                   responses=ConnectionSerializer)
    def put(self, request: Request, name: str) -> Response:
        given = SavedConnectionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        row = connections.save_connection(actor_of(request.user), name, **given.validated_data)
        return Response(ConnectionSerializer(row).data)

    @extend_schema(tags=["connections"], summary="Delete a connection", responses={204: None})
    def delete(self, request: Request, name: str) -> Response:
        connections.delete_connection(actor_of(request.user), name)
        return Response(status=204)


class TrialSerializer(serializers.Serializer[Any]):
    good = serializers.BooleanField(help_text="Whether it was answered with a status from 200 to 299")
    status = serializers.IntegerField(allow_null=True)
    text = serializers.CharField(help_text="The beginning of the answer without the secrets, or why there is none")


class TriedEndpointSerializer(serializers.Serializer[Any]):
    endpoint = serializers.CharField(
        max_length=2048, default="", allow_blank=True, help_text="Asked with GET; a webhook needs none")


class TestConnection(APIView):
    @extend_schema(tags=["connections"], summary="Send a request with a connection",
                   request=TriedEndpointSerializer, responses=TrialSerializer)
    def post(self, request: Request, name: str) -> Response:
        given = TriedEndpointSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        trial = try_connection(actor_of(request.user), name, given.validated_data["endpoint"])
        return Response(TrialSerializer(trial).data)
