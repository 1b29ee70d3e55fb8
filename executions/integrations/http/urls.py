"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from executions.integrations.http import rest

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/connections/", rest.Connections.as_view(), name="rest-connections"),
    path("api/v1/connections/<str:name>/", rest.OneConnection.as_view(), name="rest-connection"),
]
