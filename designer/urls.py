"""All addresses: composition only; each room has its own urls.py."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import JavaScriptCatalog

from designer.people.account_views import home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("jsi18n/", JavaScriptCatalog.as_view(), name="javascript-catalog"),
    path("", include("designer.people.urls")),
    path("", include("designer.editor.urls")),
    path("", include("executions.live.urls")),
    path("", include("executions.approvals.urls")),
    path("", include("executions.integrations.urls")),
    path("", include("executions.integrations.functions.urls")),
    path("", include("executions.integrations.http.urls")),
    path("api/v1/", include("designer.rest.urls")),
    path("api/v1/", include("executions.rest.urls")),
]
