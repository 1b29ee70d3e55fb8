"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from executions.integrations.functions import rest, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("functions/", views.functions, name="functions"),
    path("functions/<str:name>/", views.function, name="function"),
    path("functions/<str:name>/delete/", views.delete_function, name="delete-function"),
    path("functions/<str:name>/test/", views.test_function, name="test-function"),
    path("api/v1/functions/", rest.Functions.as_view(), name="rest-functions"),
    path("api/v1/functions/<str:name>/", rest.OneFunction.as_view(), name="rest-function"),
    path("api/v1/functions/<str:name>/invoke/", rest.Invoke.as_view(), name="rest-invoke"),
    path("api/v1/functions/<str:name>/invocations/", rest.Invocations.as_view(), name="rest-invocations"),
    path("api/v1/functions/<str:name>/tail/", rest.Tail.as_view(), name="rest-tail"),
]
