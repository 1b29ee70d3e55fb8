"""The page behind a link of a mail: GET only shows, whoever or whatever opens it; POST decides once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from designer.errors import ActionError
from designer.models import User
from designer.people.actors import actor_of
from designer.people.preferences import language_of, time_zones
from designer.rest.errors import status_of
from executions.approvals import queries, showing
from executions.approvals.fields import every
from executions.approvals.levels import APPROVED
from executions.approvals.links import Link, check_usable, decide_by_link, read_link


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Shown in the language of whom it was sent to, without the navigation of somebody signed in."""
    reader = request.user if isinstance(request.user, User) else None
    try:
        found = read_link(token, reader)
    except ActionError as error:
        return _private(render(request, "approval_link.html", {"refusal": error.message}, status=status_of(error)))
    zone = found.person.timezone if found.person.timezone in time_zones() else timezone.get_current_timezone_name()
    with translation.override(language_of(found.person) or translation.get_language()), timezone.override(zone):
        return _private(_decide(request, found) if request.method == "POST" else _show(request, found))


def _show(request: HttpRequest, found: Link, more: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    actor = actor_of(found.person)
    refusal = ""
    try:
        check_usable(found)
    except ActionError as error:
        refusal = error.message
    step_up = bool(found.approval.rules.get("step_up"))
    shown = queries.everything().get(pk=found.approval.pk)
    context = {
        **showing.context(actor, shown), "refusal": refusal, "person": found.person,
        "step_up": step_up, "hide": step_up or bool(refusal), **(more or {})}
    if refusal or found.row.level != found.approval.level:
        context["may_decide"] = False
    return render(request, "approval_link.html", context, status=status)


def _decide(request: HttpRequest, found: Link) -> HttpResponse:
    actor = actor_of(found.person)
    try:
        check_usable(found)
        typed = showing.read_form(request, actor, found.approval)
        decision = request.POST.get("decision", "")
        wrong = [field for field in every(typed["fields"]) if field.error]
        if decision == APPROVED and wrong:
            return _show(request, found, {**typed, "invalid": True, "errors": []}, 422)
        data = typed["data"] if decision == APPROVED or not wrong else {}
        decide_by_link(found, decision, typed["comment"], data)
    except ActionError as error:
        if error.code == "InvalidForm":
            return _show(request, found, {**typed, **showing.marked(typed, error), "invalid": True}, 422)
        return _show(request, found, {"refusal": error.message, "too_late": True}, status_of(error))
    said = _("Approved: %(title)s") if decision == APPROVED else _("Rejected: %(title)s")
    messages.success(request, said % {"title": found.approval.title})
    return redirect("approval-link", request.resolver_match.kwargs["token"] if request.resolver_match else "")


def _private(response: HttpResponse) -> HttpResponse:
    """The address is a secret: no other site hears of it."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


