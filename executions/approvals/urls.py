"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from executions.approvals import link_views, rest, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("approvals/", views.inbox, name="approvals"),
    path("approvals/link/<str:token>/", link_views.link, name="approval-link"),
    path("approvals/<str:public_id>/", views.approval, name="approval"),
    path("api/v1/approvals/", rest.Approvals.as_view(), name="rest-approvals"),
    path("api/v1/approvals/counts/", rest.Counts.as_view(), name="rest-approval-counts"),
    path("api/v1/approvals/<str:public_id>/", rest.OneApproval.as_view(), name="rest-approval"),
    path("api/v1/approvals/<str:public_id>/decide/", rest.Decision.as_view(), name="rest-decide"),
]
