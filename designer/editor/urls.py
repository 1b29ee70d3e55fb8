"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from designer.editor import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("machines/", views.machines, name="machines"),
    path("new-machine/", views.new_machine, name="new-machine"),
    path("new-machine/editor/", views.new_editor, name="new-editor"),
    path("machines/<str:name>/", views.editor, name="machine"),
]
