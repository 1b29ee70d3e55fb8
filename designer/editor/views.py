"""Pages: state machines, the gallery of ways to begin, and the editor.  What they show comes over REST."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from designer.models import StateMachine
from designer.people.access import requires
from designer.people.actors import actor_of
from designer.permissions import Actor, Permission
from designer.rest import describe
from designer.rest.door import machine_named
from designer.rest.machines import own_draft
from designer.settings import CONFIG


@requires(Permission.VIEW)
def machines(request: HttpRequest) -> HttpResponse:
    """The list; without any machine it shows the ways to begin."""
    return render(request, "machines.html", {"page": _page(actor_of(request.user))})


@requires(Permission.DESIGN)
def new_machine(request: HttpRequest) -> HttpResponse:
    """The gallery: blank, a file or pasted text, a sample."""
    return render(request, "machine_new.html", {"page": _page(actor_of(request.user))})


@requires(Permission.DESIGN)
def new_editor(request: HttpRequest) -> HttpResponse:
    """The editor with a machine that is not saved yet; the gallery leaves its text in the browser's session."""
    return _editor(request, {"machine": None})


@requires(Permission.VIEW)
def editor(request: HttpRequest, name: str) -> HttpResponse:
    """The editor of a machine; refusals as the REST API gives them."""
    machine = machine_named(name)
    return _editor(request, {"machine": describe.machine(machine, own_draft(request.user.pk or 0, machine))})


def _editor(request: HttpRequest, data: dict[str, Any]) -> HttpResponse:
    page = {**_page(actor_of(request.user)), **data, "place": {"region": CONFIG.region, "account": CONFIG.account}}
    name = data["machine"]["name"] if data["machine"] else ""
    return render(request, "machine_editor.html", {"page": page, "name": name, "address": f"/machines/{quote(name)}/"})


def _page(actor: Actor) -> dict[str, Any]:
    may = {"design": Permission.DESIGN in actor.permissions, "operate": Permission.OPERATE in actor.permissions}
    return {"may": may, "any": StateMachine.objects.filter(status="ACTIVE").exists()}
