"""REST: functions."""

from __future__ import annotations

import base64
from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from designer.errors import ActionError
from designer.people.actors import actor_of
from designer.permissions import Actor
from executions.integrations.functions import actions, requirements
from executions.integrations.functions.concurrency import reserved_of
from executions.integrations.functions.forms import shown_environment
from executions.integrations.functions.tailing import running_logs
from executions.models import Function, Invocation

RECENT: Final = 50


class FunctionSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    description = serializers.CharField()
    runtime = serializers.CharField()
    handler = serializers.CharField()
    timeout = serializers.IntegerField(help_text="Seconds")
    memory = serializers.IntegerField(help_text="MiB")
    environment = serializers.SerializerMethodField(help_text="Values only for those who may change them")
    concurrency = serializers.SerializerMethodField(help_text="Calls at once; null: no limit of its own")
    sha256 = serializers.CharField()
    createdAt = serializers.DateTimeField(source="created_at")  # noqa: N815
    updatedAt = serializers.DateTimeField(source="updated_at")  # noqa: N815
    updatedBy = serializers.SerializerMethodField()  # noqa: N815

    def get_environment(self, function: Function) -> dict[str, str]:
        return shown_environment(self.context["actor"], function)

    def get_concurrency(self, function: Function) -> int | None:
        return reserved_of(function)

    def get_updatedBy(self, function: Function) -> str | None:  # noqa: N802
        return function.updated_by.get_username() if function.updated_by else None


class WholeFunctionSerializer(FunctionSerializer):
    source = serializers.CharField(help_text='index.py; "" when the code was uploaded as a zip')  # type: ignore[assignment]


class PackagesSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=["none", "waiting", "installing", "ready", "failed"])
    log = serializers.CharField(help_text="pip's last words while it works and when it has failed")


class RunningSerializer(serializers.Serializer[Any]):
    requestId = serializers.CharField(source="request_id")  # noqa: N815
    log = serializers.CharField(help_text="What it has written so far")


class TailSerializer(serializers.Serializer[Any]):
    running = RunningSerializer(many=True)
    ended = serializers.ListField(help_text="Calls that have ended since `after`, the newest first")
    packages = PackagesSerializer()


class SavedFunctionSerializer(serializers.Serializer[Any]):
    """`source` (one file, index.py) or `zipFile` (base64); a change without either keeps the code."""

    source = serializers.CharField(required=False, trim_whitespace=False, allow_blank=True)  # type: ignore[assignment]
    zipFile = serializers.CharField(required=False)  # noqa: N815
    handler = serializers.CharField(default="index.handler")
    timeout = serializers.IntegerField(default=30)
    memory = serializers.IntegerField(default=256)
    environment = serializers.DictField(
        child=serializers.CharField(allow_blank=True, trim_whitespace=False), default=dict)
    description = serializers.CharField(default="", allow_blank=True)
    runtime = serializers.CharField(default="python3.11")
    requirements = serializers.CharField(
        required=False, allow_blank=True, help_text="Lines of name==version, for `source`; left out: as they were")
    concurrency = serializers.IntegerField(
        default=None, allow_null=True, help_text="Calls at once; null: no limit of its own")


class EventSerializer(serializers.Serializer[Any]):
    event = serializers.JSONField(default=dict)


class ResultSerializer(serializers.Serializer[Any]):
    requestId = serializers.CharField(source="request_id")  # noqa: N815
    payload = serializers.CharField(allow_null=True, help_text="The answer as JSON text; null when the call failed")
    error = serializers.CharField(allow_null=True)
    cause = serializers.CharField(allow_null=True)
    log = serializers.CharField()
    durationMs = serializers.FloatField(source="duration_ms")  # noqa: N815
    cold = serializers.BooleanField()


class InvocationSerializer(serializers.Serializer[Any]):
    requestId = serializers.CharField(source="request_id")  # noqa: N815
    execution = serializers.SerializerMethodField()
    startedAt = serializers.IntegerField(source="started_at", help_text="ms since the epoch")  # noqa: N815
    durationMs = serializers.FloatField(source="duration_ms")  # noqa: N815
    cold = serializers.BooleanField()
    error = serializers.CharField()
    log = serializers.CharField()

    def get_execution(self, invocation: Invocation) -> str | None:
        return str(invocation.execution_id) if invocation.execution_id else None


class Functions(APIView):
    @extend_schema(tags=["functions"], summary="All functions", responses=FunctionSerializer(many=True))
    def get(self, request: Request) -> Response:
        actor = _actor(request)
        return Response(FunctionSerializer(actions.list_functions(actor), many=True, context={"actor": actor}).data)


class OneFunction(APIView):
    @extend_schema(tags=["functions"], summary="One function with its code", responses=WholeFunctionSerializer)
    def get(self, request: Request, name: str) -> Response:
        actor = _actor(request)
        return _whole(actor, actions.find_function(actor, name))

    @extend_schema(tags=["functions"], summary="Create or change a function", request=SavedFunctionSerializer,
                   responses=WholeFunctionSerializer)
    def put(self, request: Request, name: str) -> Response:
        given = SavedFunctionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        row = actions.save_function(
            _actor(request), name, source=data.get("source"), zip_file=_zip(data.get("zipFile")),
            handler=data["handler"], timeout=data["timeout"], memory=data["memory"],
            environment=data["environment"], description=data["description"], runtime_name=data["runtime"],
            requirements_text=data.get("requirements"), concurrency=data["concurrency"])
        return _whole(_actor(request), row)

    @extend_schema(tags=["functions"], summary="Delete a function and its logs", responses={204: None})
    def delete(self, request: Request, name: str) -> Response:
        actions.delete_function(_actor(request), name)
        return Response(status=204)


class Invoke(APIView):
    @extend_schema(tags=["functions"], summary="Call a function once, outside any execution",
                   request=EventSerializer, responses=ResultSerializer)
    def post(self, request: Request, name: str) -> Response:
        given = EventSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        result = actions.invoke_function(_actor(request), name, given.validated_data["event"])
        return Response(ResultSerializer(result).data)


class Invocations(APIView):
    @extend_schema(tags=["functions"], summary=f"The last {RECENT} calls with their logs",
                   responses=InvocationSerializer(many=True))
    def get(self, request: Request, name: str) -> Response:
        row = actions.find_function(_actor(request), name)
        recent = Invocation.objects.filter(function=row).order_by("-started_at")[:RECENT]
        return Response(InvocationSerializer(recent, many=True).data)


class Tail(APIView):
    @extend_schema(tags=["functions"], summary="What a function logs, as it happens", responses=TailSerializer,
                   parameters=[OpenApiParameter("after", int, description="ms since the epoch")])
    def get(self, request: Request, name: str) -> Response:
        row = actions.find_function(_actor(request), name)
        after = request.query_params.get("after", "0")
        ended = Invocation.objects.filter(function=row, started_at__gt=int(after[:15]) if after.isdecimal() else 0)
        return Response({
            "running": RunningSerializer(running_logs(row.pk), many=True).data,
            "ended": InvocationSerializer(ended.order_by("-started_at")[:RECENT], many=True).data,
            "packages": PackagesSerializer(requirements.progress(bytes(row.code))).data})


def _actor(request: Request) -> Actor:
    return actor_of(request.user)


def _whole(actor: Actor, function: Function) -> Response:
    return Response(WholeFunctionSerializer(function, context={"actor": actor}).data)


def _zip(text: str | None) -> bytes | None:
    if text is None:
        return None
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:  # binascii.Error is one
        message = "zipFile is not base64."
        raise ActionError("InvalidParameterValueException", message, field="zipFile") from None
