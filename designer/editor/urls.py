"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from designer.editor import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("machines/", views.machines, name="machines"),
    path("machines/new/", views.new_machine, name="new-machine"),
    path("machines/new/editor/", views.new_editor, name="new-editor"),
    path("machines/<str:name>/", views.editor, name="machine"),
]
