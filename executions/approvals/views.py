"""Pages of the inbox: GET only shows, POST decides once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from designer.errors import ActionError
from designer.people.actors import actor_of
from designer.permissions import Actor, Permission, require
from designer.rest.errors import status_of
from designer.texts import search_words
from executions.approvals import queries, showing
from executions.approvals.decide import decide
from executions.approvals.fields import every
from executions.approvals.levels import APPROVED
from executions.approvals.reading import figure
from executions.approvals.seen import note_seen
from executions.models import Approval

PAGE: Final = 50
TABS: Final = (
    ("mine", gettext_lazy("For me")),
    ("groups", gettext_lazy("My groups")),
    ("anybody", gettext_lazy("For anybody")),
    ("soon", gettext_lazy("Due soon")),
    ("requested", gettext_lazy("Asked by me")),
    ("decided", gettext_lazy("Decided by me")),
    ("all", gettext_lazy("All")),
)


@dataclass(slots=True)
class Tab:
    name: str
    label: str
    count: int | None


@login_required
@require_safe
@never_cache
def inbox(request: HttpRequest) -> HttpResponse:
    """Waiting for me, my groups, anybody; decided by me.  ?tab=, ?q=, ?page=, ?open=public id shown beside the list."""
    actor = actor_of(request.user)
    tabs = _tabs(actor)
    chosen = request.GET.get("tab", "")
    if chosen not in {tab.name for tab in tabs}:
        chosen = next((tab.name for tab in tabs if tab.count), tabs[0].name)
    wanted = request.GET.get("q", "").strip()
    # No further than MOST_COUNTED: whoever looks for an older one searches.
    keys = queries.ordered_keys(queries.search(list_of(actor, chosen), search_words(wanted)))
    page = Paginator(keys, PAGE).get_page(request.GET.get("page"))
    listed = queries.of_keys(list(page.object_list))
    rows = [(each, figure(each.data)) for each in listed]
    context: dict[str, Any] = {
        "tabs": tabs, "tab": chosen, "q": wanted, "page": page, "rows": rows,
        "waiting_now": sum(tab.count or 0 for tab in tabs if tab.name in ("mine", "groups", "anybody")),
        "bulk": chosen not in ("decided", "requested", "all") and any(each.bulk for each, _figure in rows)}
    shown = _beside(listed, request.GET.get("open", ""))
    if shown is not None:
        if request.GET.get("open"):
            note_seen(actor, shown)
        context |= showing.context(actor, shown, beside=True)
    return render(request, "approvals.html", context)


@login_required
@never_cache
def approval(request: HttpRequest, public_id: str) -> HttpResponse:
    """One approval: GET shows it, POST with `decision` decides it."""
    actor = actor_of(request.user)
    found = queries.find(actor, public_id)
    if request.method != "POST":
        note_seen(actor, found)
        return render(request, "approval.html", showing.context(actor, found))
    typed = showing.read_form(request, actor, found)
    data = typed["data"]
    decision = request.POST.get("decision", "")
    wrong = [field for field in every(typed["fields"]) if field.error]
    if decision == APPROVED and wrong:
        return _again(request, actor, found, typed, [])
    try:
        decide(actor, public_id, decision, typed["comment"], data if decision == APPROVED or not wrong else {})
    except ActionError as error:
        return _refused(request, actor, found, typed, error)
    said = _("Approved: %(title)s") if decision == APPROVED else _("Rejected: %(title)s")
    messages.success(request, said % {"title": found.title})
    return redirect("approvals") if request.POST.get("from") == "inbox" else redirect("approval", public_id)


def list_of(actor: Actor, tab: str) -> QuerySet[Approval]:
    """The approvals of a tab, newest first."""
    if tab == "groups":
        return queries.by_group(actor)
    if tab == "anybody":
        return queries.for_anybody(actor)
    if tab == "soon":
        return queries.due_soon(actor)
    if tab == "requested":
        return queries.requested(actor)
    if tab == "all":
        require(actor, Permission.ADMINISTER)
        return queries.everything()
    return queries.decided(actor) if tab == "decided" else queries.named(actor)


def _tabs(actor: Actor) -> list[Tab]:
    counts = queries.counts(actor)
    numbers = {"mine": counts.named, "groups": counts.groups, "anybody": counts.anybody, "soon": counts.soon,
               "requested": counts.requested}
    shown = [Tab(name, str(label), numbers.get(name)) for name, label in TABS]
    if Permission.APPROVE not in actor.permissions:  # whoever asks for something sees what became of it
        return [tab for tab in shown if tab.name == "requested"]
    return [tab for tab in shown if tab.name != "all" or Permission.ADMINISTER in actor.permissions]


def _beside(page: Any, public_id: str) -> Approval | None:
    """The approval to show beside the list: the one asked for, else the first."""
    shown = list(page)
    return next((each for each in shown if each.public_id == public_id), shown[0] if shown else None)


def _again(
    request: HttpRequest, actor: Actor, found: Approval, typed: dict[str, Any], errors: list[str], status: int = 422,
) -> HttpResponse:
    """The form again, with what was typed and what is wrong with it."""
    context = {**showing.context(actor, found), **typed, "errors": errors, "invalid": True}
    return render(request, "approval.html", context, status=status)


def _refused(
    request: HttpRequest, actor: Actor, found: Approval, typed: dict[str, Any], error: ActionError,
) -> HttpResponse:
    if error.code == "InvalidForm":
        marked = showing.marked(typed, error)
        return _again(request, actor, found, {**typed, **marked}, marked["errors"])
    if error.code in ("ApprovalAlreadyDecided", "ApprovalClosed"):
        late = queries.find(actor, found.public_id)
        return render(request, "approval.html", {**showing.context(actor, late), "too_late": True}, status=409)
    return _again(request, actor, found, typed, [error.message], status=status_of(error))
