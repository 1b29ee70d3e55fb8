"""REST: answering a task through its callback address, which needs no key, and asking for such an address."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from designer.asl.jsontext import dumps
from designer.people.actors import actor_of
from executions.actions import callback_url, gateway


class TokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(max_length=2048, help_text="The task token, $$.Task.Token")


class CallbackUrlSerializer(serializers.Serializer[Any]):
    url = serializers.CharField(help_text="POST to it completes the task, POST to it + failure/ fails it")


class CallbackUrls(APIView):
    @extend_schema(tags=["callbacks"], summary="The callback address of a task token", request=TokenSerializer,
                   responses=CallbackUrlSerializer)
    def post(self, request: Request) -> Response:
        given = TokenSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return Response({"url": callback_url.make_callback_url(
            actor_of(request.user), given.validated_data["token"])})


class _Open(APIView):
    """No session and no key: the address itself is the right."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class Callback(_Open):
    @extend_schema(tags=["callbacks"], auth=[], summary="Complete a task; the body, any JSON, becomes its result",
                   request=serializers.JSONField, responses={204: None})
    def post(self, request: Request, signed: str) -> Response:
        body = request.data if request.META.get("CONTENT_LENGTH") not in ("", "0", None) else {}
        gateway.from_thread(callback_url.succeed(signed, dumps(body)))
        return Response(status=204)


class CallbackFailure(_Open):
    @extend_schema(tags=["callbacks"], auth=[], summary="Fail a task", request=serializers.JSONField,
                   responses={204: None}, description='The body may be {"error": …, "cause": …}.')
    def post(self, request: Request, signed: str) -> Response:
        body = request.data if request.META.get("CONTENT_LENGTH") not in ("", "0", None) else {}
        gateway.from_thread(callback_url.fail(signed, body))
        return Response(status=204)
