"""Addresses of what all integrations have in common."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from executions.integrations import rest

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/integrations/", rest.Resources.as_view(), name="rest-integrations"),
    path("api/v1/integrations/form/", rest.ParameterForm.as_view(), name="rest-integration-form"),
]
