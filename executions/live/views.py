"""The pages: executions, and one execution.  What they show comes from the REST API and the websockets."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from designer.models import StateMachine
from designer.people.actors import actor_of
from designer.permissions import Permission, require
from executions.rest.describe import whole
from executions.rest.lookup import execution_of


@login_required
def executions(request: HttpRequest) -> HttpResponse:
    """The list; its filters are in the query, so that it can be linked to."""
    actor = actor_of(request.user)
    require(actor, Permission.VIEW)
    machines = list(StateMachine.objects.order_by("name").values_list("name", flat=True))
    may = {"operate": Permission.OPERATE in actor.permissions}
    return render(request, "executions.html", {"machines": machines, "may_here": may})


@login_required
def incidents(request: HttpRequest) -> HttpResponse:
    """Failures over all machines, by what they have in common."""
    actor = actor_of(request.user)
    require(actor, Permission.VIEW)
    machines = list(StateMachine.objects.order_by("name").values_list("name", flat=True))
    may = {"operate": Permission.OPERATE in actor.permissions}
    return render(request, "incidents.html", {"machines": machines, "may_here": may})


@login_required
def compare(request: HttpRequest) -> HttpResponse:
    """Two executions side by side, which the query names."""
    require(actor_of(request.user), Permission.VIEW)
    return render(request, "compare.html")


@login_required
def execution(request: HttpRequest, execution: int) -> HttpResponse:
    """One execution, with everything but its history, which the page reads as it goes."""
    actor = actor_of(request.user)
    require(actor, Permission.VIEW)
    row = execution_of(execution)
    return render(request, "execution.html", {"execution": row, "whole": whole(row, actor)})
