"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from executions.rest import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("executions/", views.ExecutionList.as_view(), name="rest-executions"),
    path("executions/<int:execution>/", views.ExecutionView.as_view(), name="rest-execution"),
    path("executions/<int:execution>/events/", views.EventList.as_view(), name="rest-events"),
    path("executions/<int:execution>/events/<int:event>/", views.EventView.as_view(), name="rest-event"),
    path("executions/<int:execution>/states/<str:name>/", views.StateView.as_view(), name="rest-state"),
    path("machines/<str:name>/inputs/", views.InputList.as_view(), name="rest-inputs"),
]
