"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from executions.live import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("executions/", views.executions, name="executions"),
    path("incidents/", views.incidents, name="incidents"),
    path("executions/compare/", views.compare, name="compare-executions"),
    path("executions/<int:execution>/", views.execution, name="execution"),
]
