"""REST: state machines read from what somebody brings, and written for other places."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from designer.asl.yaml_source import read_either
from designer.diagrams.layout import LayoutError
from designer.errors import ActionError
from designer.exchange.aws_fit import cost, findings
from designer.exchange.templates_in import TemplateError, filled_in, machines_in
from designer.exchange.templates_out import as_html, as_sam, as_terraform, as_yaml
from designer.rest.door import Door

LARGEST: Final = 2_000_000  # characters
FORMATS: Final = {"yaml": "application/yaml", "sam": "application/yaml", "terraform": "text/plain", "html": "text/html"}


class Brought(serializers.Serializer[Any]):
    """`values` fill in placeholders, by what stands between `${` and `}`."""

    text = serializers.CharField(trim_whitespace=False, max_length=LARGEST)
    name = serializers.CharField(required=False, allow_blank=True, default="")
    values = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False, default=dict)


class FoundMachine(serializers.Serializer[Any]):
    name = serializers.CharField()
    kind = serializers.CharField()
    definition = serializers.CharField()
    placeholders = serializers.DictField(help_text="What stands in ${…}, and what the template gives for it.")


class Wanted(serializers.Serializer[Any]):
    definition = serializers.CharField(trim_whitespace=False, max_length=LARGEST)
    name = serializers.CharField(required=False, allow_blank=True, default="")
    kind = serializers.ChoiceField(choices=["STANDARD", "EXPRESS"], default="STANDARD")
    format = serializers.ChoiceField(choices=sorted(FORMATS))
    theme = serializers.ChoiceField(choices=["light", "dark"], default="light")


class Import(Door):
    @extend_schema(request=Brought, responses=FoundMachine(many=True))
    def post(self, request: Request) -> Response:
        """The machines in a text: ASL as JSON or YAML, a SAM or CloudFormation template, a Terraform file."""
        body = Brought(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        try:
            found = machines_in(asked["text"], asked["name"])
        except TemplateError as refused:
            raise ActionError("NothingToImport", str(refused)) from None
        return Response([{"name": one.name, "kind": one.kind, "placeholders": one.placeholders,
                          "definition": filled_in(one.definition, asked["values"])} for one in found])


class Export(Door):
    @extend_schema(request=Wanted, responses={(200, "text/plain"): str})
    def post(self, request: Request) -> HttpResponse:
        """A definition as YAML, as a SAM template, as a Terraform file, or as an HTML page of its own."""
        body = Wanted(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        data = read_either(asked["definition"]).data
        if not isinstance(data, dict):
            raise ActionError("InvalidDefinition", "The definition is no JSON object; mend it first, then export it.")
        return HttpResponse(_written(data, asked), content_type=f"{FORMATS[asked['format']]}; charset=utf-8")


def _written(data: dict[str, Any], asked: dict[str, Any]) -> str:
    name, kind = asked["name"] or "state-machine", asked["kind"]
    if asked["format"] == "html":
        try:
            return as_html(data, name, asked["theme"])
        except LayoutError as error:
            raise ActionError("LayoutUnavailable", str(error)) from None
    writers = {"yaml": lambda: as_yaml(data), "sam": lambda: as_sam(data, name, kind),
               "terraform": lambda: as_terraform(data, name, kind)}
    return writers[asked["format"]]()


class ToFit(serializers.Serializer[Any]):
    definition = serializers.CharField(trim_whitespace=False, max_length=LARGEST)
    kind = serializers.ChoiceField(choices=["STANDARD", "EXPRESS"], default="STANDARD")


class FitFinding(serializers.Serializer[Any]):
    code = serializers.CharField()
    pointer = serializers.CharField()
    state = serializers.CharField()
    blocks = serializers.BooleanField(help_text="AWS would refuse it or fail there")
    subject = serializers.CharField()


class FitCost(serializers.Serializer[Any]):
    least = serializers.IntegerField(help_text="State transitions of the shortest way")
    most = serializers.IntegerField(help_text="of the longest one without a repetition")
    per_item = serializers.IntegerField(help_text="and for each further item of its Maps")
    least_dollars = serializers.FloatField()
    most_dollars = serializers.FloatField()
    loops = serializers.BooleanField(help_text="Some way leads back, so there is no most")


class FitAnswer(serializers.Serializer[Any]):
    findings = FitFinding(many=True)
    cost = FitCost()


class AwsFit(Door):
    @extend_schema(request=ToFit, responses=FitAnswer)
    def post(self, request: Request) -> Response:
        """What would not work on AWS as it is, and the estimated cost of an execution there."""
        body = ToFit(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        data = read_either(asked["definition"]).data
        if not isinstance(data, dict):
            raise ActionError("InvalidDefinition", "The definition is no JSON object; mend it first.")
        return Response({"findings": [asdict(one) for one in findings(data, asked["kind"])],
                         "cost": asdict(cost(data, asked["kind"]))})
