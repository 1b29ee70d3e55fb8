"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from executions.integrations.http import rest, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("connections/", views.connection_list, name="connections"),
    path("new-connection/", views.new_connection, name="new-connection"),
    path("connections/<str:name>/", views.connection, name="connection"),
    path("connections/<str:name>/delete/", views.delete_connection, name="delete-connection"),
    path("connections/<str:name>/test/", views.test_connection, name="test-connection"),
    path("api/v1/connections/", rest.Connections.as_view(), name="rest-connections"),
    path("api/v1/connections/<str:name>/", rest.OneConnection.as_view(), name="rest-connection"),
    path("api/v1/connections/<str:name>/test/", rest.TestConnection.as_view(), name="rest-test-connection"),
]
