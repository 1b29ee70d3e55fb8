"""Pages anybody may use: language and theme."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

from designer.models import User
from designer.people.preferences import THEME_COOKIE, THEMES, YEAR


def back(request: HttpRequest, default: str = "/") -> HttpResponseRedirect:
    """To the page named by the form's `next`, if it is one of ours."""
    target = request.POST.get("next", "")
    hosts = {request.get_host()}
    ours = url_has_allowed_host_and_scheme(target, allowed_hosts=hosts, require_https=request.is_secure())
    return HttpResponseRedirect(target if ours else default)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme in a cookie; "" is the system's."""
    response = back(request)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(THEME_COOKIE, chosen, max_age=YEAR, samesite="Lax")
    else:
        response.delete_cookie(THEME_COOKIE)
    return response


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language with the person, and in Django's cookie for the time before the sign-in."""
    response = back(request)
    chosen = request.POST.get("language", "")
    if check_for_language(chosen) and chosen in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR, samesite="Lax")
        if isinstance(request.user, User):
            request.user.language = chosen
            request.user.save(update_fields=["language"])
    return response
