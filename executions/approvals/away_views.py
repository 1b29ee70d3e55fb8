"""The page "While I am away": who decides in one's place, from when until when."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from designer.errors import ActionError
from designer.people.access import requires
from designer.people.actors import actor_of
from designer.permissions import Permission
from designer.rest.refusals import in_words
from executions.approvals.digests import digest_of, set_digest
from executions.approvals.rights import able, represented_by
from executions.approvals.substitutes import end_substitute, name_substitute, substitutes_of


@requires(Permission.APPROVE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def away(request: HttpRequest) -> HttpResponse:
    """POST `do` name (substitute, begins, ends: local times), end (id) or digest (hour)."""
    actor = actor_of(request.user)
    if request.method == "POST":
        try:
            if request.POST.get("do") == "digest":
                hour = request.POST.get("hour", "")
                set_digest(actor, int(hour) if hour.isdecimal() and len(hour) < 3 else None)
                messages.success(request, _("Saved."))
            elif request.POST.get("do") == "end":
                end_substitute(actor, int(request.POST.get("id", "0") or 0))
                messages.success(request, _("From now on you decide yourself."))
            else:
                begins, ends = _moment(request.POST.get("begins", "")), _moment(request.POST.get("ends", ""))
                name_substitute(actor, actor.user_id, request.POST.get("substitute", ""), begins, ends)
                messages.success(request, _("Your substitute was named."))
            return redirect("away")
        except ActionError as error:
            messages.error(request, in_words(error))
    context = {
        "substitutes": substitutes_of(actor.user_id), "represented": represented_by(actor.user_id),
        "people": able((), (), without=actor.user_id).order_by("username")[:500], "typed": request.POST,
        "now": timezone.localtime(), "digest": digest_of(actor.user_id), "hours": range(24)}
    return render(request, "approvals_away.html", context)


def _moment(text: str) -> datetime:
    try:
        return timezone.make_aware(datetime.fromisoformat(text))
    except ValueError:
        raise ActionError("InvalidSubstitute", _("Say from when and until when.")) from None
