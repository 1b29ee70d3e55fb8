"""REST for the editor: problems and drawing of a text, exports, samples."""

from __future__ import annotations

import json
import logging
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.asl.checker import check
from designer.asl.yaml_source import read_either
from designer.diagrams.drawing import draw
from designer.diagrams.layout import LayoutError
from designer.diagrams.svg import svg
from designer.errors import ActionError
from designer.rest import serializers
from designer.rest.door import Door
from designer.samples.load import LANGUAGES, Sample, samples
from designer.settings import CONFIG

log = logging.getLogger(__name__)


class Check(Door):
    @extend_schema(request=serializers.ToCheck, responses=serializers.CheckAnswer)
    def post(self, request: Request) -> Response:
        """Problems and drawing of a definition text in one answer."""
        body = serializers.ToCheck(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        source = read_either(asked["definition"])
        problems = [problem.as_dict() for problem in check(source, kind=asked["kind"])]
        drawing = None if source.data is None else _drawing(source.data, asked["folded"])
        return Response({"problems": problems, "drawing": drawing})


def _drawing(definition: Any, folded: list[str]) -> dict[str, Any]:
    """The drawing; LayoutUnavailable (400) when there is no layout engine."""
    try:
        return draw(definition, folded)
    except LayoutError as error:
        log.exception("No drawing")
        raise ActionError("LayoutUnavailable", str(error)) from None


class Drawing(Door):
    @extend_schema(request=serializers.ToDraw, responses={200: dict})
    def post(self, request: Request) -> Response:
        """The drawing of a definition, as data."""
        asked = _to_draw(request)
        return Response(_drawing(_parsed(asked["definition"]), asked["folded"]))


class SvgDrawing(Door):
    @extend_schema(request=serializers.ToDraw, responses={(200, "image/svg+xml"): str})
    def post(self, request: Request) -> HttpResponse:
        """The drawing of a definition as a self-contained SVG file."""
        asked = _to_draw(request)
        try:
            text = svg(_parsed(asked["definition"]), theme=asked["theme"], folded=asked["folded"])
        except LayoutError as error:
            raise ActionError("LayoutUnavailable", str(error)) from None
        return HttpResponse(text, content_type="image/svg+xml; charset=utf-8")


def _to_draw(request: Request) -> dict[str, Any]:
    body = serializers.ToDraw(data=request.data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def _parsed(definition: str) -> Any:
    source = read_either(definition)
    if source.data is None and not source.problems:
        raise ActionError("InvalidDefinition", "The definition is null; it must be a JSON object.")
    if source.data is None:
        problem = source.problems[0]
        raise ActionError("InvalidDefinition", f"{problem.message} (line {problem.line}, column {problem.column})")
    return source.data


class SampleList(Door):
    @extend_schema(responses=serializers.SampleAnswer(many=True))
    def get(self, request: Request) -> Response:
        """The gallery in the reader's language."""
        return Response([{
            "slug": sample.slug, "name": sample.name, "title": sample.title, "description": sample.description,
            "states": len(sample.definition["States"]), "drawing": _drawing(sample.definition, []),
        } for sample in _samples()])


class SampleView(Door):
    @extend_schema(responses=serializers.SampleDetail)
    def get(self, request: Request, slug: str) -> Response:
        """One sample with its definition and a sample input."""
        sample = next((sample for sample in _samples() if sample.slug == slug), None)
        if sample is None:
            raise ActionError("SampleDoesNotExist", f"There is no sample '{slug}'.")
        return Response({
            "slug": sample.slug, "name": sample.name, "title": sample.title, "description": sample.description,
            "definition": json.dumps(sample.definition, indent=2, ensure_ascii=False), "input": sample.input,
        })


class SampleInput(Door):
    @extend_schema(responses=serializers.SampleInput)
    def get(self, request: Request, name: str) -> Response:
        """The sample input of a machine that was loaded as a sample; null for any other."""
        known = (sample for language in LANGUAGES for sample in samples(language, CONFIG.account, CONFIG.region))
        return Response({"input": next((sample.input for sample in known if sample.name == name), None)})


def _samples() -> list[Sample]:
    language = "ja" if (get_language() or "").startswith("ja") else "en"
    return samples(language, CONFIG.account, CONFIG.region)
