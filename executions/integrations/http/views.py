"""Pages of connections: the list, one with its settings and a trial, and its removal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from designer.errors import ActionError
from designer.people.access import requires
from designer.people.actors import actor_of
from designer.permissions import Permission, require
from designer.rest.errors import status_of
from executions.integrations.http import connections
from executions.integrations.http.forms import KIND_WORDS, ConnectionForm
from executions.integrations.http.models import Connection
from executions.integrations.http.trying import try_connection


@requires(Permission.VIEW)
@require_safe
def connection_list(request: HttpRequest) -> HttpResponse:
    rows = connections.list_connections(actor_of(request.user))
    return render(request, "connections.html", {"connections": [(row, KIND_WORDS[row.kind]) for row in rows]})


@requires(Permission.DESIGN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_connection(request: HttpRequest) -> HttpResponse:
    """?kind= chooses the form.  A name that is taken is refused: changing is another page."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in connections.KINDS else "API_KEY"
    if request.method != "POST":
        return _page(request, None, ConnectionForm(kind=kind))
    form = ConnectionForm(request.POST, kind=kind)
    if form.is_valid() and connections.is_there(form.cleaned_data["name"]):
        form.add_error("name", _("There is a connection of this name already."))
    return _saved(request, None, form)


@requires(Permission.VIEW)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def connection(request: HttpRequest, name: str) -> HttpResponse:
    """One connection; POST saves."""
    if request.method == "POST":
        require(actor_of(request.user), Permission.DESIGN)
    row = connections.find_connection(actor_of(request.user), name)
    if request.method != "POST":
        return _page(request, row, ConnectionForm.of(row))
    return _saved(request, row, ConnectionForm(request.POST, kind=row.kind, row=row))


@requires(Permission.DESIGN)
@require_http_methods(["GET", "HEAD", "POST"])
def delete_connection(request: HttpRequest, name: str) -> HttpResponse:
    """GET asks, POST deletes."""
    row = connections.find_connection(actor_of(request.user), name)
    if request.method != "POST":
        return render(request, "connection_delete.html", {"connection": row})
    connections.delete_connection(actor_of(request.user), name)
    messages.success(request, _("Deleted: %(name)s") % {"name": name})
    return redirect("connections")


@requires(Permission.DESIGN)
@require_POST
def test_connection(request: HttpRequest, name: str) -> HttpResponse:
    """Send a request with the connection as it is saved, and show what came back."""
    row = connections.find_connection(actor_of(request.user), name)
    endpoint = request.POST.get("endpoint", "")
    trial = try_connection(actor_of(request.user), name, endpoint)
    return _page(request, row, ConnectionForm.of(row), {"trial": trial, "endpoint": endpoint})


def _saved(request: HttpRequest, row: Connection | None, form: ConnectionForm) -> HttpResponse:
    if not form.is_valid():
        return _page(request, row, form, status=422)
    name = row.name if row else form.cleaned_data["name"]
    try:
        saved = connections.save_connection(
            actor_of(request.user), name, kind=form.kind, settings=form.settings(),
            description=form.cleaned_data["description"])
    except ActionError as error:
        if status_of(error) not in (400, 409):
            raise
        form.add_error(None, error.message)
        return _page(request, row, form, status=422)
    messages.success(request, _("Saved: %(name)s") % {"name": saved.name})
    return redirect("connection", saved.name)


def _page(request: HttpRequest, row: Connection | None, form: ConnectionForm, more: dict[str, Any] | None = None,
          status: int = 200) -> HttpResponse:
    may_save = Permission.DESIGN in actor_of(request.user).permissions
    context = {"connection": row, "form": form, "may_save": may_save, "kind": form.kind,
               "kind_word": KIND_WORDS[form.kind], "kinds": KIND_WORDS.items(), **(more or {})}
    return render(request, "connection.html", context, status=status)
