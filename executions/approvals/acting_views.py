"""What people do with an approval besides deciding: claim, delegate, ask, attach …; many at once; files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from designer.errors import ActionError
from designer.people.access import requires
from designer.people.actors import actor_of
from designer.permissions import Actor, Permission
from designer.rest.refusals import in_words
from executions.approvals import queries, talk
from executions.approvals.attachments import attach
from executions.approvals.bulk import decide_many
from executions.approvals.models import Attachment
from executions.approvals.rights import has_right
from executions.models import Approval

Verb = Callable[[Actor, str, dict[str, str]], Any]

VERBS: Final[dict[str, Verb]] = {
    "claim": lambda actor, id, _given: talk.claim(actor, id),
    "release": lambda actor, id, _given: talk.release(actor, id),
    "delegate": lambda actor, id, given: talk.delegate(actor, id, given.get("to", ""), given.get("text", "")),
    "ask": lambda actor, id, given: talk.ask(actor, id, given.get("text", "")),
    "answer": lambda actor, id, given: talk.answer(actor, id, given.get("text", "")),
    "comment": lambda actor, id, given: talk.comment(actor, id, given.get("text", "")),
    "withdraw": lambda actor, id, given: talk.withdraw(actor, id, given.get("text", "")),
}


@login_required
@require_POST
def act(request: HttpRequest, public_id: str) -> HttpResponse:
    """POST `do` (one of VERBS, or "attach" with files) and what it needs; back to the request with what came of it."""
    actor = actor_of(request.user)
    found = queries.find(actor, public_id)
    do = request.POST.get("do", "")
    try:
        if request.FILES:
            attach_all(actor, found, request)
        if do in VERBS:
            VERBS[do](actor, public_id, {name: str(value) for name, value in request.POST.items()})
        elif do != "attach":
            raise ActionError("InvalidAction", _("There is no such action."))
        elif not request.FILES:
            raise ActionError("InvalidFile", _("Choose a file first."))
        messages.success(request, said(do))
    except ActionError as error:
        messages.error(request, in_words(error))
    may_still = queries.visible(actor).filter(pk=found.pk).exists()
    return redirect("approval", public_id) if may_still else redirect("approvals")


def attach_all(actor: Actor, found: Approval, request: HttpRequest) -> None:
    """Keep the files under `file`, from the requester and from those who may decide, while it is open."""
    if not queries.is_open(found) or not (found.requester_id == actor.user_id or has_right(actor, found)):
        raise ActionError("AccessDeniedException", _("Only the requester and those who decide attach files."))
    for upload in request.FILES.getlist("file"):
        attach(actor, found, upload)


def said(do: str) -> str:
    return {
        "claim": _("You have taken it on."), "release": _("It was given back."), "delegate": _("It was handed on."),
        "ask": _("Your question was sent."), "answer": _("Your answer was sent."),
        "comment": _("Your comment was added."),
        "withdraw": _("The request was withdrawn."), "attach": _("The file was attached."),
    }[do]


@login_required
@require_safe
@never_cache
def attachment(request: HttpRequest, public_id: str, file_id: str) -> HttpResponseBase:
    """The file, always as a download that no browser runs."""
    found = queries.find(actor_of(request.user), public_id)
    file = Attachment.objects.filter(approval=found, public_id=file_id).first()
    if file is None:
        raise Http404
    response = HttpResponse(bytes(file.content), content_type=file.kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@requires(Permission.APPROVE)
@require_POST
def many(request: HttpRequest) -> HttpResponse:
    """POST `id` (several), `decision`, `comment`: each is decided by itself; what could not be is said."""
    done, refused = decide_many(
        actor_of(request.user), request.POST.getlist("id"), request.POST.get("decision", ""),
        request.POST.get("comment", ""))
    if done:
        messages.success(request, ngettext(
            "%(count)s request was decided.", "%(count)s requests were decided.", len(done)) % {"count": len(done)})
    for title, error in refused[:5]:
        messages.error(request, f"{title}: {in_words(error)}" if title else in_words(error))
    if not done and not refused:
        messages.error(request, _("Choose requests first."))
    return redirect("approvals")
