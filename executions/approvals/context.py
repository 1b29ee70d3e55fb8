"""The number beside "Approvals" in the navigation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from designer.people.actors import actor_of
from executions.approvals import queries


def waiting(request: HttpRequest) -> dict[str, Any]:
    """`waiting_approvals`: how many this person can decide now; counted only where a template shows it."""
    if not hasattr(request, "user"):
        return {}
    return {"waiting_approvals": SimpleLazyObject(lambda: queries.count_waiting(actor_of(request.user)))}
