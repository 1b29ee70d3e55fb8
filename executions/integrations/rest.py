"""REST: what tasks can call, and the form of what they send."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from designer.errors import ActionError
from designer.rest.door import Door
from executions.integrations.forms import form_of, resources


class ResourceQuery(serializers.Serializer[Any]):
    search = serializers.CharField(default="", allow_blank=True, max_length=200, help_text="Words of the ARN.")


class ResourceList(serializers.Serializer[Any]):
    resources = serializers.ListField(child=serializers.CharField(), help_text="ARNs, at most 100.")


class FormQuery(serializers.Serializer[Any]):
    resource = serializers.CharField(max_length=400, help_text="The Resource of a Task.")


class FormField(serializers.Serializer[Any]):
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=["text", "integer", "number", "boolean", "choice", "time", "json"])
    required = serializers.BooleanField()  # type: ignore[assignment]
    options = serializers.ListField(child=serializers.CharField())
    documentation = serializers.CharField(help_text="The first sentence of AWS's own.")
    example = serializers.JSONField(allow_null=True, help_text="Of the kind json: data to begin with.")


class FormAnswer(serializers.Serializer[Any]):
    resource = serializers.CharField()
    fields = FormField(many=True)  # type: ignore[assignment]


class Resources(Door):
    @extend_schema(parameters=[ResourceQuery], responses=ResourceList, tags=["integrations"])
    def get(self, request: Request) -> Response:
        """Integrations by words of their ARN: the optimized ones, then all actions of AWS's SDK."""
        query = ResourceQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        return Response({"resources": resources(query.validated_data["search"])})


class ParameterForm(Door):
    @extend_schema(parameters=[FormQuery], responses=FormAnswer, tags=["integrations"])
    def get(self, request: Request) -> Response:
        """The fields of what a Task with this Resource sends."""
        query = FormQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        form = form_of(query.validated_data["resource"])
        if form is None:
            raise ActionError("ResourceDoesNotExist", "There is no integration with parameters of its own at "
                              f"'{query.validated_data['resource']}'. GET integrations/ lists them.")
        return Response(asdict(form))
