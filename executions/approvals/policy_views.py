"""Pages of the policy tables: the list, one as a form of rows, and who would approve something."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import Group
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from designer.errors import ActionError
from designer.people.access import requires
from designer.people.actors import actor_of
from designer.permissions import Permission
from executions.approvals import policies
from executions.approvals.models import Policy, PolicyVersion
from executions.approvals.policy_form import body_of, changed, fields_used, read_sample, shown
from executions.approvals.rights import able


@requires(Permission.VIEW)
@require_safe
@never_cache
def policy_list(request: HttpRequest) -> HttpResponse:
    rows = [(policy, policy.versions.order_by("-number").first()) for policy in Policy.objects.order_by("name")]
    return render(request, "policies.html", {"policies": rows})


@requires(Permission.VIEW)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: HttpRequest, name: str) -> HttpResponse:
    """One policy ("new" under new-policy); ?version= an older one, read only.  GET with sample.FIELD tries it out."""
    version = _version(name, request.GET.get("version", ""))
    newest = policies.current(name)
    body: dict[str, Any] = version.body if version else {"rows": [{"when": [], "levels": [{}]}]}
    context: dict[str, Any] = {"name": name, "version": version, "base": version.number if version else 0}
    if request.method == "POST":
        body = body_of(request.POST)
        do = request.POST.get("do", "save")
        if do != "save":
            body = changed(body, do)
        else:
            try:
                base = int(request.POST.get("base", "0") or 0)
                saved = policies.save_policy(
                    actor_of(request.user), name or request.POST.get("name", ""), body,
                    request.POST.get("comment", ""), base=base)
                messages.success(request, _("Saved as version %(number)s.") % {"number": saved.number})
                return redirect("policy", saved.policy.name)
            except ActionError as error:
                context["errors"] = error.members.get("problems") or [error.message]
        context |= {"typed_name": request.POST.get("name", ""), "comment": request.POST.get("comment", ""),
                    "base": request.POST.get("base", "0")}
    context |= _rest_of(request, name, body, newest, version)
    return render(request, "policy.html", context, status=422 if context.get("errors") else 200)


@requires(Permission.ADMINISTER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_policy(request: HttpRequest) -> HttpResponse:
    return policy(request, "")


def _rest_of(
    request: HttpRequest, name: str, body: dict[str, Any], newest: PolicyVersion | None, version: PolicyVersion | None,
) -> dict[str, Any]:
    old = bool(version and newest and version.number != newest.number)
    fields = fields_used(body)
    sample = read_sample(request.GET, fields)
    return {
        "rows": shown(body), "old": old,
        "fields": [(field, request.GET.get(f"sample.{field}", "")) for field in fields],
        "may_change": Permission.ADMINISTER in actor_of(request.user).permissions and not old,
        "tried": _tried(body, sample) if any(key.startswith("sample.") for key in request.GET) else None,
        "versions": PolicyVersion.objects.filter(policy__name=name).select_related("created_by").order_by(
            "-number")[:50],
        "people": able((), ()).order_by("username")[:500], "groups": Group.objects.order_by("name"),
        "kinds": policies.KINDS,
    }


def _tried(body: dict[str, Any], sample: dict[str, Any]) -> dict[str, Any]:
    """The row that fits, and who would be asked, level by level."""
    chosen = policies.choose(body, sample)
    levels = [{"level": level, "people": able(level.users, level.groups).order_by("username")[:20]}
              for level in chosen.levels]
    return {"row": chosen.row, "step_up": chosen.step_up, "levels": levels}


def _version(name: str, wanted: str) -> PolicyVersion | None:
    """The version to show; None only for a new policy."""
    if not name:
        return None
    found = PolicyVersion.objects.filter(policy__name=name).select_related("created_by")
    version = (found.filter(number=int(wanted)) if wanted.isdecimal() and len(wanted) < 9 else found).order_by(
        "-number").first()
    if version is None:
        raise Http404
    return version
