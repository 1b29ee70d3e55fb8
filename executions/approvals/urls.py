"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from executions.approvals import (
    acting_views,
    audit_views,
    away_views,
    link_views,
    policy_views,
    rest,
    views,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("approvals/", views.inbox, name="approvals"),
    path("approvals/away/", away_views.away, name="away"),
    path("approvals/many/", acting_views.many, name="approvals-many"),
    path("approvals/link/<str:token>/", link_views.link, name="approval-link"),
    path("approvals/<str:public_id>/", views.approval, name="approval"),
    path("approvals/<str:public_id>/do/", acting_views.act, name="approval-act"),
    path("approvals/<str:public_id>/files/<str:file_id>/", acting_views.attachment, name="approval-file"),
    path("approvals/<str:public_id>/proof.<str:form>", audit_views.proof, name="approval-proof"),
    path("policies/", policy_views.policy_list, name="policies"),
    path("new-policy/", policy_views.new_policy, name="new-policy"),
    path("policies/<path:name>/", policy_views.policy, name="policy"),
    path("audit/", audit_views.audit_log, name="audit"),
    path("audit/export.<str:form>", audit_views.audit_export, name="audit-export"),
    path("api/v1/approvals/", rest.Approvals.as_view(), name="rest-approvals"),
    path("api/v1/approvals/counts/", rest.Counts.as_view(), name="rest-approval-counts"),
    path("api/v1/approvals/<str:public_id>/", rest.OneApproval.as_view(), name="rest-approval"),
    path("api/v1/approvals/<str:public_id>/decide/", rest.Decision.as_view(), name="rest-decide"),
    path("api/v1/approvals/<str:public_id>/act/", rest.Act.as_view(), name="rest-approval-act"),
]
