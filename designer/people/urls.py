"""Addresses of this room."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView

from designer.people import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", LoginView.as_view(template_name="login.html"), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("theme/", views.theme, name="theme"),
    path("language/", views.language, name="language"),
    path("account/", RedirectView.as_view(url="/"), name="account"),
    path("api/v1/docs/", RedirectView.as_view(url="/"), name="api-docs"),
]
