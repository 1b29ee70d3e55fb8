"""The addresses of the websockets; designer/asgi.py mounts them with the session's user in the scope."""

from __future__ import annotations

from django.urls import URLPattern, re_path

from executions.live.consumers import ExecutionConsumer, ListConsumer

websocket_urlpatterns: list[URLPattern] = [
    re_path(r"^ws/executions/(?P<execution>[0-9]{1,19})/$", ExecutionConsumer.as_asgi()),
    re_path(r"^ws/executions/$", ListConsumer.as_asgi()),
]
