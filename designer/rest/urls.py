"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from designer.rest import checking, exchange, machines, versions

# machines/ and machines/NAME/ are in executions/rest/urls.py: the list shows runs, deletion ends them.
urlpatterns: list[URLPattern | URLResolver] = [
    path("machines/<str:name>/draft/", machines.DraftView.as_view(), name="rest-draft"),
    path("machines/<str:name>/revisions/", machines.RevisionList.as_view(), name="rest-revisions"),
    path("machines/<str:name>/revisions/<int:number>/", machines.RevisionView.as_view(), name="rest-revision"),
    path("machines/<str:name>/versions/", versions.Versions.as_view(), name="rest-versions"),
    path("machines/<str:name>/versions/<int:number>/", versions.OneVersion.as_view(), name="rest-version"),
    path("machines/<str:name>/aliases/", versions.Aliases.as_view(), name="rest-aliases"),
    path("machines/<str:name>/aliases/<str:alias>/", versions.OneAlias.as_view(), name="rest-alias"),
    path("machines/<str:name>/presence/", versions.Presence.as_view(), name="rest-presence"),
    path("machines/<str:name>/sample-input/", checking.SampleInput.as_view(), name="rest-sample-input"),
    path("check/", checking.Check.as_view(), name="rest-check"),
    path("drawing/", checking.Drawing.as_view(), name="rest-drawing"),
    path("drawing/svg/", checking.SvgDrawing.as_view(), name="rest-drawing-svg"),
    path("import/", exchange.Import.as_view(), name="rest-import"),
    path("export/", exchange.Export.as_view(), name="rest-export"),
    path("aws-fit/", exchange.AwsFit.as_view(), name="rest-aws-fit"),
    path("samples/", checking.SampleList.as_view(), name="rest-samples"),
    path("samples/<slug:slug>/", checking.SampleView.as_view(), name="rest-sample"),
]
