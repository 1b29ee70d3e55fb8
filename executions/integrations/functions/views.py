"""Pages of functions: the list, and one function with its code, test and recent calls."""

from __future__ import annotations

import json
from typing import Any, Final

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from designer.asl.jsontext import loads
from designer.errors import ActionError
from designer.people.access import requires
from designer.people.actors import actor_of
from designer.permissions import Permission, require
from designer.rest.errors import status_of
from designer.texts import storable
from executions.integrations.functions import actions, requirements
from executions.integrations.functions.forms import (
    NEW_SOURCE,
    FunctionForm,
    environment_of,
    environment_rows,
    shown_environment,
)
from executions.models import Function, Invocation

RECENT: Final = 30
UNKNOWN: Final = "ResourceNotFoundException"


@requires(Permission.VIEW)
def functions(request: HttpRequest) -> HttpResponse:
    """All functions; ?q= searches, ?create=NAME goes to the editor of a new one."""
    name = request.GET.get("create", "").strip()
    if name:
        if actions.NAME.fullmatch(name):
            return redirect("function", name)
        messages.error(request, _("“%(name)s” is no name for a function: 1 to 64 letters, digits, - and _.") % {
            "name": name})
    wanted = storable(request.GET.get("q", "").strip())
    found = actions.list_functions(actor_of(request.user))
    total = found.count()
    if wanted:
        found = found.filter(Q(name__icontains=wanted) | Q(description__icontains=wanted))
    context = {"functions": found, "q": wanted, "total": total}
    return render(request, "functions.html", context)


@requires(Permission.VIEW)
def function(request: HttpRequest, name: str) -> HttpResponse:
    """The editor; a name that is free is a new function.  POST saves."""
    row = _find(request, name)
    if request.method == "POST":
        return _save(request, name, row)
    form = FunctionForm.of(row) if row else FunctionForm(initial={"source": NEW_SOURCE})
    return _page(request, name, row, form, shown_environment(actor_of(request.user), row) if row else {})


@requires(Permission.DESIGN)
def delete_function(request: HttpRequest, name: str) -> HttpResponse:
    """GET asks, POST deletes."""
    row = actions.find_function(actor_of(request.user), name)
    if request.method != "POST":
        return render(request, "function_delete.html", {"function": row})
    actions.delete_function(actor_of(request.user), name)
    messages.success(request, _("Deleted: %(name)s") % {"name": name})
    return redirect("functions")


@requires(Permission.OPERATE)
@require_POST
def test_function(request: HttpRequest, name: str) -> HttpResponse:
    """Call the saved function with the event that was typed, and show what came back."""
    row = actions.find_function(actor_of(request.user), name)
    typed = request.POST.get("event", "")
    context: dict[str, Any] = {"event": typed}
    try:
        context["result"] = actions.invoke_function(actor_of(request.user), name, loads(typed or "{}"))
    except json.JSONDecodeError as error:
        context["event_error"] = _("This is no JSON: line %(line)d, column %(column)d.") % {
            "line": error.lineno, "column": error.colno}
    except ValueError:  # nested too deeply, or numbers without end
        context["event_error"] = _("This is no JSON.")
    except ActionError as error:
        context["event_error"] = error.message
    environment = shown_environment(actor_of(request.user), row)
    return _page(request, name, row, FunctionForm.of(row), environment, context)


def _find(request: HttpRequest, name: str) -> Function | None:
    """The function; None when the name is free and this person may create one."""
    actor = actor_of(request.user)
    try:
        return actions.find_function(actor, name)
    except ActionError as error:
        creates = Permission.DESIGN in actor.permissions and actions.NAME.fullmatch(name)
        if error.code == UNKNOWN and creates:
            return None
        raise


def _save(request: HttpRequest, name: str, row: Function | None) -> HttpResponse:
    require(actor_of(request.user), Permission.DESIGN)
    form = FunctionForm(request.POST, request.FILES)
    environment = environment_of(request.POST)
    if not form.is_valid():
        return _page(request, name, row, form, environment, status=422)
    try:
        actions.save_function(actor_of(request.user), name, environment=environment, **form.configuration())
    except ActionError as error:
        if status_of(error) != 400:
            raise
        field = error.members.get("field", "source" if "line" in error.members else None)
        form.add_error(field if field in form.fields else None, error.message)
        return _page(request, name, row, form, environment, status=422)
    messages.success(request, _("Saved: %(name)s") % {"name": name})
    return redirect("function", name)


def _page(
    request: HttpRequest, name: str, row: Function | None, form: FunctionForm, environment: dict[str, str],
    more: dict[str, Any] | None = None, status: int = 200,
) -> HttpResponse:
    actor = actor_of(request.user)
    recent = Invocation.objects.filter(function=row).order_by("-started_at") if row else Invocation.objects.none()
    context = {
        "name": name, "function": row, "form": form, "environment": environment_rows(environment),
        "invocations": recent.select_related("execution")[:RECENT], "event": "{}",
        "may_save": Permission.DESIGN in actor.permissions, "may_test": Permission.OPERATE in actor.permissions,
        "uploaded": bool(row and not row.source),
        "packages": requirements.progress(bytes(row.code)) if row else None, **(more or {}),
    }
    return render(request, "function.html", context, status=status)
